import assert from "node:assert/strict";
import type { PoolSuite, SubmittedJob } from "./pool-suite.ts";

/** Chapter: how many jobs run at a time, and what they leave of the event loop. */
export function concurrencyChapter(suite: PoolSuite): void {
  suite.describe("concurrency", () => {
    suite.itWhere(
      "concurrent",
      true,
      "it runs one job at a time",
      "runs as many jobs at a time as it was made for, and no more",
      async () => {
        const pool = await suite.startPool({ concurrency: 2 });
        const jobs = Array.from({ length: 3 }, () => suite.submit(pool, { do: "wait" }));
        const [first, second, third] = jobs as [SubmittedJob, SubmittedJob, SubmittedJob];
        await suite.within(Promise.all([first.record.spoken, second.record.spoken]), "two jobs running together");
        assert.equal(pool.info().busy, 2);
        assert.equal(pool.info().queued, 1);
        assert.deepEqual(third.record.calls, []);
        pool.abort(first.id, "make room");
        await suite.within(third.record.spoken, "the third job");
      },
    );

    suite.itWhere(
      "concurrent",
      false,
      "it runs several jobs at a time",
      "runs one job at a time, in order, whatever it was made for",
      async () => {
        const pool = await suite.startPool({ concurrency: 4 });
        const first = suite.submit(pool, { do: "wait" });
        const second = suite.submit(pool, { do: "echo" });
        await suite.within(first.record.spoken, "the first job");
        assert.deepEqual(second.record.calls, []);
        pool.abort(first.id, "make room");
        await suite.within(second.record.outcome(), "the second job's outcome");
      },
    );

    suite.itWhere(
      "isolated",
      true,
      "jobs share the event loop, and childConcurrency is about children",
      "runs several jobs in one child",
      async () => {
        const pool = await suite.startPool({ concurrency: 1, childConcurrency: 3 });
        const jobs = Array.from({ length: 3 }, () => suite.submit(pool, { do: "wait" }));
        await suite.within(Promise.all(jobs.map(({ record }) => record.spoken)), "three jobs running together");
        for (const { id } of jobs) pool.abort(id, "enough");
        const children = new Set<unknown>();
        for (const { record } of jobs) children.add((await suite.within(record.outcome(), "the outcome")).header["child"]);
        assert.equal(children.size, 1);
      },
    );

    suite.itWhere(
      "isolated",
      true,
      "jobs share the event loop",
      "takes a short job that waits behind a long one to a child that is free",
      async () => {
        const pool = await suite.startPool({ concurrency: 2 });
        const warmUp = Array.from({ length: 400 }, () => suite.submit(pool, { do: "echo" }, { short: true }));
        await suite.within(Promise.all(warmUp.map(({ record }) => record.outcome())), "the short jobs");
        const long = suite.submit(pool, { do: "wait" }, { short: true });
        const behind = Array.from({ length: 100 }, () => suite.submit(pool, { do: "echo" }, { short: true }));
        await suite.within(Promise.all(behind.map(({ record }) => record.outcome())), "the jobs behind a long one");
        assert.equal(long.record.hasEnded, false);
        for (const { record } of behind) assert.deepEqual(record.calls, ["started", "outcome"]);
      },
    );

    suite.it("loses nothing while the parent's event loop is blocked", async () => {
      const pool = await suite.startPool({ concurrency: 2 });
      const jobs = Array.from({ length: 200 }, () => suite.submit(pool, { do: "talk", times: 5 }, { short: true, body: "x".repeat(2000) }));
      const first = jobs[0] as SubmittedJob;
      await suite.within(first.record.started, "the first start");
      const until = performance.now() + 200;
      while (performance.now() < until);
      await suite.within(Promise.all(jobs.map(({ record }) => record.outcome())), "all outcomes");
      for (const { record } of jobs) assert.equal(record.messages.length, 5);
    });

    suite.it("leaves the event loop its turns during a burst", async () => {
      const pool = await suite.startPool();
      const jobs = Array.from({ length: 60 }, () => suite.submit(pool, { do: "spin", ms: 2 }, { short: true }));
      await new Promise((resolve) => setImmediate(resolve));
      const ended = jobs.filter(({ record }) => record.hasEnded).length;
      assert.ok(ended < jobs.length, "expected the event loop to get a turn before all jobs of the burst had ended");
      await suite.within(Promise.all(jobs.map(({ record }) => record.outcome())), "all outcomes");
    });
  });
}
