import assert from "node:assert/strict";
import type { PoolSuite } from "./pool-suite.ts";

const BIG = 1024 * 1024;

/** Chapter: what goes in comes out, once, and in order. */
export function outcomesChapter(suite: PoolSuite): void {
  suite.describe("outcomes", () => {
    suite.it("gives a job's outcome, after it said that it started", async () => {
      const pool = await suite.startPool();
      const { record } = suite.submit(pool, { do: "echo", value: { nested: [1, "zwei", null] } }, { body: "content" });
      const outcome = await suite.within(record.outcome(), "the outcome");
      assert.deepEqual(outcome.header["value"], { nested: [1, "zwei", null] });
      assert.equal(outcome.body, "content");
      assert.deepEqual(record.calls, ["started", "outcome"]);
    });

    suite.it("tells where each job runs, with the pid of a process that the pool shows", async () => {
      const pool = await suite.startPool();
      const { record } = suite.submit(pool, { do: "echo" });
      await suite.within(record.outcome(), "the outcome");
      assert.deepEqual(record.pids, [...pool.info().processes]);
    });

    suite.it("keeps texts texts and bytes bytes, empty, with any character, and of 1 MiB", async () => {
      const pool = await suite.startPool();
      const everyByte = Uint8Array.from({ length: BIG }, (_, i) => (i * 31) & 0xff);
      const bodies = [
        "",
        "żółw 🐢 \u0000 \ud83d\udc22",
        "x".repeat(BIG),
        "ż".repeat(BIG),
        new Uint8Array(0),
        Uint8Array.of(0, 255, 10),
        everyByte,
      ];
      for (const body of bodies) {
        const { record } = suite.submit(pool, { do: "echo" }, { body });
        const outcome = await suite.within(record.outcome(), "the outcome");
        if (typeof body === "string") {
          assert.ok(outcome.body === body, `expected a text of ${body.length} to come back as it was, got ${typeof outcome.body}`);
        } else {
          assert.ok(outcome.body instanceof Uint8Array, `expected bytes, got ${typeof outcome.body}`);
          assert.ok(Buffer.compare(outcome.body, body) === 0, `expected the same ${body.length} bytes`);
        }
      }
    });

    suite.it("has an outcome for each of many jobs, exactly one", async () => {
      const pool = await suite.startPool({ concurrency: 2 });
      const jobs = Array.from({ length: 500 }, (_, i) =>
        suite.submit(pool, { do: i % 3 === 0 ? "echo-later" : "echo", value: i }, { body: `body ${i}`, short: i % 2 === 0 }),
      );
      const outcomes = await suite.within(Promise.all(jobs.map(({ record }) => record.outcome())), "all outcomes");
      for (const [i, outcome] of outcomes.entries()) {
        assert.equal(outcome.header["value"], i);
        assert.equal(outcome.body, `body ${i}`);
      }
      await suite.within(pool.stop(), "the stop");
      for (const { record } of jobs) assert.deepEqual(record.calls, ["started", "outcome"]);
      assert.equal(pool.info().busy + pool.info().queued, 0);
    });

    suite.it("gives a job's messages in order and before its outcome", async () => {
      const pool = await suite.startPool();
      const jobs = Array.from({ length: 20 }, () => suite.submit(pool, { do: "talk", times: 25 }, { short: true }));
      await suite.within(Promise.all(jobs.map(({ record }) => record.outcome())), "all outcomes");
      for (const { record } of jobs) {
        assert.deepEqual(
          record.messages,
          Array.from({ length: 25 }, (_, n) => ({ n })),
        );
        assert.deepEqual(record.calls, ["started", ...record.messages.map(() => "message"), "outcome"]);
      }
    });

    suite.it("tells a message while its job still runs", async () => {
      const pool = await suite.startPool();
      const { id, record } = suite.submit(pool, { do: "wait" });
      await suite.within(record.spoken, "the message");
      assert.equal(record.hasEnded, false);
      pool.abort(id, "enough");
      await suite.within(record.outcome(), "the outcome");
    });

    for (const later of [false, true]) {
      suite.it(`reports a work function that ${later ? "rejects" : "throws"} as the death of that job, and goes on`, async () => {
        const pool = await suite.startPool();
        const failing = suite.submit(pool, { do: "throw", text: "no such luck", later });
        const next = suite.submit(pool, { do: "echo" });
        const loss = await suite.within(failing.record.loss(), "the loss");
        assert.ok(loss.kind === "died", `expected died, got ${loss.kind}`);
        assert.match(loss.error ?? "", /no such luck/);
        assert.deepEqual(failing.record.calls, ["started", "lost"]);
        await suite.within(next.record.outcome(), "the next job's outcome");
      });
    }

    suite.it("refuses a second job with the id of one that has not ended", async () => {
      const pool = await suite.startPool();
      const first = suite.submit(pool, { do: "wait" });
      assert.throws(() => suite.submit(pool, { do: "echo" }, { id: first.id }), { code: "CELERIAC_POOL_DUPLICATE_JOB" });
      await suite.within(first.record.spoken, "the first job's message");
      pool.abort(first.id, "enough");
      await suite.within(first.record.outcome(), "the first job's outcome");
      await suite.within(
        suite.submit(pool, { do: "echo" }, { id: first.id }).record.outcome(),
        "the outcome of a job with the id of one that has ended",
      );
    });
  });
}
