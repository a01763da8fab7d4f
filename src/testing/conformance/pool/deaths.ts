import assert from "node:assert/strict";
import type { PoolLog } from "../../../pool/contract.ts";
import type { PoolSuite, SubmittedJob } from "./pool-suite.ts";

const REASON = "jobs run in the worker's own process, which would die too";

/** Chapter: children that die under their jobs. */
export function deathsChapter(suite: PoolSuite): void {
  const { itWhere, within } = suite;
  suite.describe("deaths of children", () => {
    itWhere("isolated", true, REASON, "blames the job whose exception nobody caught, with its text, and goes on", async () => {
      const pool = await suite.startPool();
      const { record } = suite.submit(pool, { do: "die", text: "the sky fell" });
      const next = suite.submit(pool, { do: "echo" });
      const loss = await within(record.loss(), "the loss");
      assert.ok(loss.kind === "died" && loss.started, `expected a death after the start, got ${JSON.stringify(loss)}`);
      assert.match(loss.error ?? "", /the sky fell/);
      assert.equal(loss.exitCode, 1);
      assert.equal(loss.pid, record.pids[0]);
      await within(next.record.outcome(), "the next job's outcome");
      assert.deepEqual(next.record.calls, ["started", "outcome"]);
    });

    itWhere("isolated", true, REASON, "reports a job that exits its child as a death, with the exit code", async () => {
      const pool = await suite.startPool();
      const { record } = suite.submit(pool, { do: "exit", code: 7 });
      const loss = await within(record.loss(), "the loss");
      assert.ok(loss.kind === "died", `expected died, got ${loss.kind}`);
      assert.equal(loss.exitCode, 7);
      assert.equal(loss.signal, null);
      await within(suite.submit(pool, { do: "echo" }).record.outcome(), "the next job's outcome");
    });

    itWhere("isolated", true, REASON, "neither loses nor blames a job that was sent ahead behind one that crashes", async () => {
      const pool = await suite.startPool({ concurrency: 2 });
      const warmUp = Array.from({ length: 300 }, () => suite.submit(pool, { do: "echo" }, { short: true }));
      await within(Promise.all(warmUp.map(({ record }) => record.outcome())), "the first jobs");
      const jobs = Array.from({ length: 200 }, (_, i) =>
        suite.submit(pool, i % 50 === 10 ? { do: "exit", code: 3 } : { do: "echo" }, { short: true }),
      );
      const ends = await within(Promise.all(jobs.map(({ record }) => record.end)), "all ends");
      const lost = ends.flatMap((end, i) => (end.kind === "lost" ? [i] : []));
      assert.deepEqual(lost, [10, 60, 110, 160]);
      for (const { record } of jobs) assert.deepEqual([record.calls[0], record.calls.length], ["started", 2]);
    });

    itWhere("isolated", true, REASON, "tells jobs that ran beside a terminated one that they are bystanders", async () => {
      const pool = await suite.startPool({ concurrency: 1, childConcurrency: 2 });
      const [guilty, bystander] = [suite.submit(pool, { do: "wait" }), suite.submit(pool, { do: "wait" })];
      await within(Promise.all([guilty.record.spoken, bystander.record.spoken]), "both jobs running");
      pool.terminate(guilty.id, "SIGKILL");
      assert.equal((await within(guilty.record.loss(), "the loss")).kind, "terminated");
      const loss = await within(bystander.record.loss(), "the bystander's loss");
      assert.ok(loss.kind === "died", `expected died, got ${loss.kind}`);
      assert.equal(loss.bystanderOf, guilty.id);
    });

    itWhere("isolated", true, REASON, "reports a rejection that nobody awaits, and lets its job and its child go on", async () => {
      const lines: PoolLog[] = [];
      const pool = await suite.startPool({ onLog: (line) => lines.push(line) });
      const first = await within(suite.submit(pool, { do: "reject-unawaited", text: "left behind" }).record.outcome(), "the outcome");
      const second = await within(suite.submit(pool, { do: "echo" }).record.outcome(), "the next outcome");
      assert.equal(second.header["child"], first.header["child"]);
      await suite.eventually(
        () => lines.some((line) => line.level === "error" && line.message.includes("left behind")),
        "the log line of the rejection",
      );
    });

    itWhere("isolated", true, REASON, "keeps its number of children through many deaths", async () => {
      const pool = await suite.startPool({ concurrency: 2 });
      const jobs = Array.from({ length: 12 }, () => suite.submit(pool, { do: "exit", code: 1 }));
      for (const { record } of jobs) assert.equal((await within(record.loss(), "the loss")).kind, "died");
      const after = Array.from({ length: 2 }, () => suite.submit(pool, { do: "wait" })) as [SubmittedJob, SubmittedJob];
      await within(Promise.all(after.map(({ record }) => record.spoken)), "two jobs running together");
    });
  });
}
