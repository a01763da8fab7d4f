import assert from "node:assert/strict";
import type { ExecutionPool } from "../../../pool/contract.ts";
import type { PoolSuite } from "./pool-suite.ts";

const NO_CHILDREN = "it has no children";

/** Chapter: children that are replaced, added and taken away. */
export function childrenChapter(suite: PoolSuite): void {
  const { itWhere, within } = suite;
  const childOf = async (pool: ExecutionPool, short = false): Promise<unknown> =>
    (await within(suite.submit(pool, { do: "echo" }, { short }).record.outcome(), "the outcome")).header["child"];

  suite.describe("children", () => {
    itWhere("recycles", true, NO_CHILDREN, "replaces a child after so many jobs, and loses none", async () => {
      const pool = await suite.startPool({ concurrency: 2, maxTasksPerChild: 5 });
      const jobs = Array.from({ length: 43 }, () => suite.submit(pool, { do: "echo" }, { short: true }));
      const jobsOf = new Map<unknown, number>();
      for (const { record } of jobs) {
        const { header } = await within(record.outcome(), "the outcome");
        jobsOf.set(header["child"], (jobsOf.get(header["child"]) ?? 0) + 1);
        assert.deepEqual(record.calls, ["started", "outcome"]);
      }
      assert.ok(
        [...jobsOf.values()].every((count) => count <= 5),
        `expected at most 5 jobs a child, got ${[...jobsOf.values()].join()}`,
      );
      assert.ok(jobsOf.size >= 9, `expected 43 jobs to need at least 9 children, got ${jobsOf.size}`);
      assert.equal(pool.info().maxTasksPerChild, 5);
    });

    itWhere("recycles", true, NO_CHILDREN, "replaces a child for each job where that is asked", async () => {
      const pool = await suite.startPool({ maxTasksPerChild: 1 });
      const children = [await childOf(pool), await childOf(pool), await childOf(pool)];
      assert.equal(new Set(children).size, 3);
    });

    itWhere("recycles", true, NO_CHILDREN, "replaces a child that a job left above the memory limit", async () => {
      const pool = await suite.startPool({ maxMemoryPerChild: 200 * 1024 });
      const before = await childOf(pool);
      assert.equal(await childOf(pool), before);
      await within(suite.submit(pool, { do: "grow", mebibytes: 220 }).record.outcome(), "the outcome of the job that grew");
      await suite.eventually(async () => (await childOf(pool)) !== before, "a new child");
    });

    itWhere(
      "resizable",
      true,
      "it runs one job at a time",
      "runs more jobs at a time when it grows, and fewer when it shrinks, interrupting none",
      async () => {
        const pool = await suite.startPool({ concurrency: 1 });
        pool.resize(3);
        const jobs = Array.from({ length: 3 }, () => suite.submit(pool, { do: "wait" }));
        await within(Promise.all(jobs.map(({ record }) => record.spoken)), "three jobs running together");
        assert.equal(pool.info().maxConcurrency, 3);
        pool.resize(1);
        assert.equal(pool.info().maxConcurrency, 1);
        const later = Array.from({ length: 2 }, () => suite.submit(pool, { do: "wait" }));
        for (const { id, record } of jobs) {
          assert.equal(record.hasEnded, false);
          pool.abort(id, "enough");
          await within(record.outcome(), "the outcome of a job in a child that goes");
        }
        await within(later[0]?.record.spoken ?? Promise.reject(new Error("no job")), "one job running after the shrink");
        assert.equal(pool.info().busy, 1);
        assert.equal(pool.info().queued, 1);
      },
    );

    itWhere("resizable", false, "it can be resized", "refuses to be resized with a sentence", async () => {
      const pool = await suite.startPool();
      assert.throws(() => pool.resize(2), { code: "CELERIAC_POOL_UNSUPPORTED" });
    });

    itWhere("isolated", true, NO_CHILDREN, "replaces all children on restart, each after its job, and loses none", async () => {
      const downs: string[] = [];
      const pool = await suite.startPool({ concurrency: 2, onChild: (event) => void (event.kind === "down" && downs.push(event.reason)) });
      const held = suite.submit(pool, { do: "wait" });
      await within(held.record.spoken, "the held job");
      const before = await childOf(pool);
      const restarted = pool.restart();
      const jobs = Array.from({ length: 50 }, () => suite.submit(pool, { do: "echo" }, { short: true }));
      await within(Promise.all(jobs.map(({ record }) => record.outcome())), "all outcomes");
      assert.equal(held.record.hasEnded, false);
      pool.abort(held.id, "enough");
      const heldIn = (await within(held.record.outcome(), "the held job's outcome")).header["child"];
      await within(restarted, "the restart");
      const after = await childOf(pool);
      assert.ok(after !== before && after !== heldIn, `expected a new child, got ${String(after)}`);
      assert.deepEqual(downs, ["recycled", "recycled"]);
    });

    itWhere("isolated", true, NO_CHILDREN, "tells of each child that comes and goes", async () => {
      const events: string[] = [];
      const started: number[] = [];
      const gone: number[] = [];
      const pool = await suite.startPool({
        concurrency: 2,
        onChild(event) {
          if (event.kind === "starting") started.push(event.index);
          else events.push(event.kind === "up" ? "up" : event.reason);
          if (event.kind === "down") gone.push(event.index);
        },
      });
      assert.deepEqual(started, [0, 1]);
      assert.deepEqual(events, ["up", "up"]);
      await within(suite.submit(pool, { do: "exit", code: 1 }).record.loss(), "the loss");
      await suite.eventually(() => events.length === 4, "the replacement");
      assert.deepEqual(events, ["up", "up", "died", "up"]);
      assert.deepEqual(started, [0, 1, gone[0]], "expected the new child to have the number of the one that is gone");
      await within(pool.stop(), "the stop");
      assert.deepEqual(events, ["up", "up", "died", "up", "stopped", "stopped"]);
    });
  });
}
