import assert from "node:assert/strict";
import type { PoolSuite } from "./pool-suite.ts";

/** Longer than any test takes. */
const FAR_MS = 600_000;

/** Chapter: asking a job to stop, and limits on its time. */
export function stoppingAJobChapter(suite: PoolSuite): void {
  suite.describe("stopping a job", () => {
    suite.it("aborts the signal of a running job with the reason", async () => {
      const pool = await suite.startPool();
      const { id, record } = suite.submit(pool, { do: "wait" });
      await suite.within(record.spoken, "the job's message");
      assert.equal(pool.abort(id, "revoked by a test"), true);
      const { header } = await suite.within(record.outcome(), "the outcome");
      assert.equal(header["name"], "AbortError");
      assert.equal(header["message"], "revoked by a test");
    });

    for (const short of [false, true]) {
      suite.it(
        `starts a job that was aborted while it waited ${short ? "behind a short one" : "in line"} with its signal aborted`,
        async () => {
          const pool = await suite.startPool();
          const first = suite.submit(pool, { do: "wait" }, { short });
          const second = suite.submit(pool, { do: "wait" }, { short });
          await suite.within(first.record.spoken, "the first job's message");
          assert.equal(pool.abort(second.id, "not needed any more"), true);
          pool.abort(first.id, "make room");
          const { header } = await suite.within(second.record.outcome(), "the outcome");
          assert.equal(header["message"], "not needed any more");
        },
      );
    }

    suite.it("says that it does not have a job that has ended, or never came", async () => {
      const pool = await suite.startPool();
      const { id, record } = suite.submit(pool, { do: "echo" });
      await suite.within(record.outcome(), "the outcome");
      assert.equal(pool.abort(id, "too late"), false);
      assert.equal(pool.abort("nobody", "who?"), false);
    });

    suite.it("gives up the newest of the jobs that wait, and goes on with the others", async () => {
      const pool = await suite.startPool();
      const running = suite.submit(pool, { do: "wait" });
      const [older, newer, newest] = [
        suite.submit(pool, { do: "echo" }),
        suite.submit(pool, { do: "echo" }),
        suite.submit(pool, { do: "echo" }),
      ];
      await suite.within(running.record.spoken, "the first job's message");
      assert.equal(pool.withdraw(2), 2);
      assert.deepEqual(await suite.within(newer.record.loss(), "the loss"), { kind: "not-started" });
      assert.deepEqual(await suite.within(newest.record.loss(), "the loss"), { kind: "not-started" });
      pool.abort(running.id, "make room");
      await suite.within(older.record.outcome(), "the outcome of the one that stayed");
      assert.equal(pool.withdraw(1), 0);
    });

    suite.it("aborts the signal with SoftTimeLimitExceeded at the soft time limit", async () => {
      const pool = await suite.startPool();
      const { record } = suite.submit(pool, { do: "wait" }, { softTimeLimitMs: 50 });
      const { header } = await suite.within(record.outcome(), "the outcome");
      assert.equal(header["name"], "SoftTimeLimitExceeded");
    });

    suite.it("leaves a job that ends before its soft time limit alone", async () => {
      const pool = await suite.startPool();
      const { record } = suite.submit(pool, { do: "echo" }, { softTimeLimitMs: FAR_MS });
      await suite.within(record.outcome(), "the outcome");
      assert.deepEqual(record.calls, ["started", "outcome"]);
    });

    suite.itWhere("kill", true, "it cannot kill", "kills a job that never yields at its hard time limit, and goes on", async () => {
      const pool = await suite.startPool();
      const { record } = suite.submit(pool, { do: "spin" }, { timeLimitMs: 100 });
      const next = suite.submit(pool, { do: "echo" }, { timeLimitMs: FAR_MS });
      const loss = await suite.within(record.loss(), "the loss");
      assert.deepEqual(loss, { kind: "time-limit", pid: record.pids[0], limitMs: 100 });
      assert.deepEqual(record.calls, ["started", "lost"]);
      await suite.within(next.record.outcome(), "the next job's outcome");
    });

    suite.itWhere("kill", true, "it cannot kill", "counts a hard time limit from the start of a job, not from its submission", async () => {
      const pool = await suite.startPool();
      suite.submit(pool, { do: "spin", ms: 400 }, { short: true });
      const { record } = suite.submit(pool, { do: "echo-later" }, { timeLimitMs: 300, short: true });
      await suite.within(record.outcome(), "the outcome of a job that waited longer than it may run");
    });

    suite.itWhere("kill", true, "it cannot kill", "terminates one job and leaves the others", async () => {
      const pool = await suite.startPool({ concurrency: 2 });
      const doomed = suite.submit(pool, { do: "spin" });
      const other = suite.submit(pool, { do: "wait" });
      await suite.within(Promise.all([doomed.record.started, other.record.spoken]), "both jobs running");
      assert.equal(pool.terminate(doomed.id, "SIGTERM"), true);
      const loss = await suite.within(doomed.record.loss(), "the loss");
      assert.deepEqual(loss, { kind: "terminated", pid: doomed.record.pids[0], signal: "SIGTERM" });
      assert.equal(other.record.hasEnded, false);
      pool.abort(other.id, "enough");
      await suite.within(other.record.outcome(), "the other job's outcome");
    });

    suite.itWhere("kill", true, "it cannot kill", "terminates nothing that has not started or is not there", async () => {
      const pool = await suite.startPool();
      const first = suite.submit(pool, { do: "wait" });
      const second = suite.submit(pool, { do: "echo" }, { short: true });
      await suite.within(first.record.spoken, "the first job's message");
      assert.equal(pool.terminate(second.id, "SIGKILL"), false);
      assert.equal(pool.terminate("nobody", "SIGKILL"), false);
      pool.abort(first.id, "make room");
      await suite.within(second.record.outcome(), "the second job's outcome");
    });

    suite.itWhere(
      "kill",
      false,
      "it can kill",
      "refuses hard time limits and terminate with a sentence that says what to use",
      async () => {
        const pool = await suite.startPool();
        const refusal = { code: "CELERIAC_POOL_UNSUPPORTED", message: /pool cannot .*; .*use/ };
        assert.throws(() => suite.submit(pool, { do: "echo" }, { timeLimitMs: 1000 }), refusal);
        const { id, record } = suite.submit(pool, { do: "wait" });
        await suite.within(record.spoken, "the job's message");
        assert.throws(() => pool.terminate(id, "SIGTERM"), refusal);
        pool.abort(id, "enough");
        await suite.within(record.outcome(), "the outcome");
      },
    );
  });
}
