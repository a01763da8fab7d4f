import assert from "node:assert/strict";
import type { PoolSuite } from "./pool-suite.ts";

/** What keeps a process alive and belongs to children: their pipes, ports and handles. */
const OF_CHILDREN: ReadonlySet<string> = new Set(["ProcessWrap", "PipeWrap", "MessagePort", "Worker", "TCPSocketWrap"]);

/** Chapter: how a pool ends, and what it leaves behind: nothing. */
export function endingChapter(suite: PoolSuite): void {
  const { it, within } = suite;
  suite.describe("the end of a pool", () => {
    it("lets running jobs end on stop, and tells the others that they have not started", async () => {
      const pool = await suite.startPool({ concurrency: 1 });
      const running = suite.submit(pool, { do: "wait" }, { short: true });
      await within(running.record.spoken, "the running job");
      const waiting = Array.from({ length: 5 }, (_, i) => suite.submit(pool, { do: "echo" }, { short: i < 3 }));
      const stopped = pool.stop();
      for (const { record } of waiting) {
        assert.deepEqual(await within(record.loss(), "the loss"), { kind: "not-started" });
        assert.deepEqual(record.calls, ["lost"]);
      }
      assert.equal(running.record.hasEnded, false);
      assert.equal(pool.abort(running.id, "enough"), true);
      await within(running.record.outcome(), "the running job's outcome");
      await within(stopped, "the stop");
    });

    it("tells jobs that were sent ahead that they have not started, and loses none", async () => {
      const pool = await suite.startPool({ concurrency: 1 });
      const warmUp = Array.from({ length: 300 }, () => suite.submit(pool, { do: "echo" }, { short: true }));
      await within(Promise.all(warmUp.map(({ record }) => record.outcome())), "the first jobs");
      const jobs = Array.from({ length: 100 }, (_, i) => suite.submit(pool, i === 0 ? { do: "wait" } : { do: "echo" }, { short: true }));
      const [first] = jobs;
      assert.ok(first);
      await within(first.record.spoken, "the running job");
      const stopped = pool.stop();
      for (const { record } of jobs.slice(1)) {
        assert.deepEqual(await within(record.loss(), "the loss"), { kind: "not-started" });
        assert.deepEqual(record.calls, ["lost"]);
      }
      pool.abort(first.id, "enough");
      await within(first.record.outcome(), "the running job's outcome");
      await within(stopped, "the stop");
    });

    it("ends what runs on kill, and tells the others that they have not started", async () => {
      const pool = await suite.startPool({ concurrency: 1 });
      const running = suite.submit(pool, { do: "wait" });
      const waiting = suite.submit(pool, { do: "echo" });
      await within(running.record.spoken, "the running job");
      await within(pool.kill(), "the kill");
      assert.deepEqual(await within(running.record.loss(), "the loss"), {
        kind: "terminated",
        pid: running.record.pids[0],
        signal: "SIGKILL",
      });
      assert.deepEqual(await within(waiting.record.loss(), "the loss"), { kind: "not-started" });
    });

    it("is killed in the middle of a stop that takes too long", async () => {
      const pool = await suite.startPool();
      const running = suite.submit(pool, { do: "wait" });
      await within(running.record.spoken, "the running job");
      const stopped = pool.stop();
      await within(pool.kill(), "the kill");
      await within(stopped, "the stop");
      assert.equal((await running.record.loss()).kind, "terminated");
    });

    it("takes no jobs before its start and after its stop, and may be stopped twice", async () => {
      const pool = suite.createPool();
      assert.throws(() => suite.submit(pool, { do: "echo" }), { code: "CELERIAC_POOL_CLOSED" });
      await within(pool.start(), "the start");
      await within(pool.stop(), "the stop");
      await within(pool.stop(), "the second stop");
      assert.throws(() => suite.submit(pool, { do: "echo" }), { code: "CELERIAC_POOL_CLOSED" });
      await assert.rejects(within(pool.start(), "the refusal of a start after a stop"), { code: "CELERIAC_POOL_CLOSED" });
    });

    it("may be stopped without having been started", async () => {
      await within(suite.createPool().stop(), "the stop");
    });

    it("leaves no process, thread, pipe or timer behind", async () => {
      const held = (): string[] =>
        process
          .getActiveResourcesInfo()
          .filter((kind) => OF_CHILDREN.has(kind))
          .toSorted();
      const before = held();
      const pool = await suite.startPool({ concurrency: 2, maxTasksPerChild: 3 });
      const jobs = Array.from({ length: 20 }, () => suite.submit(pool, { do: "echo" }, { softTimeLimitMs: 600_000 }));
      await within(Promise.all(jobs.map(({ record }) => record.outcome())), "all outcomes");
      const pids = pool.info().processes.filter((pid) => pid !== process.pid);
      await within(pool.stop(), "the stop");
      assert.deepEqual(pids.filter(isAlive), []);
      assert.deepEqual(
        pool.info().processes.filter((pid) => pid !== process.pid),
        [],
      );
      // What an earlier test held may go meanwhile; nothing may come.
      await suite.eventually(() => isNoMoreThan(before, held()), `no more than ${before.join()} being held, as before`);
    });
  });
}

/** Whether every kind is held at most as often as before. */
function isNoMoreThan(before: readonly string[], now: readonly string[]): boolean {
  const count = (held: readonly string[], kind: string): number => held.filter((one) => one === kind).length;
  return now.every((kind) => count(now, kind) <= count(before, kind));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // ESRCH: there is no such process any more.
    return false;
  }
}
