// States and results that one language stores and the other reads.
import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import type { ResultMeta } from "../../../src/protocol/result-meta.ts";
import type { TaskContext } from "../../../src/task/task-context.ts";
import { until } from "../../support/until.ts";
import { WAIT, withPeers } from "./peers.ts";

withPeers((peers) => {
  it("TypeScript reads a state of a Python task's own while it runs, and is told of it", async () => {
    const gate = randomUUID();
    const result = await peers.app.sendTask("py.progress", [gate]);
    const seen: ResultMeta[] = [];
    const value = result.get({ ...WAIT, onState: (meta) => seen.push(meta) });
    await until("the state PROGRESS", async () => (await result.state()) === "PROGRESS" && seen.length > 0);
    expect(await result.info()).toEqual({ done: 3, of: 10, what: "Äpfel" });
    expect([await result.ready(), await result.successful()]).toEqual([false, false]);
    await peers.redis.rpush(gate, "open");
    expect(await value).toBe("done");
    expect(seen.map((meta) => meta.status)).toContain("PROGRESS");
    expect([await result.state(), await result.successful()]).toEqual(["SUCCESS", true]);
  });

  it("Python reads a state of a TypeScript task's own while it runs", async () => {
    const gate = Promise.withResolvers<void>();
    peers.app.task("ts.progress", async function (this: TaskContext) {
      this.progress({ done: 3, of: 10, what: "Äpfel" });
      await gate.promise;
      return "done";
    });
    const id = randomUUID();
    const program =
      "import time\n" +
      "r = send('ts.progress', task_id=arg)\n" +
      "deadline = time.monotonic() + 20\n" +
      "while r.state != 'PROGRESS' and time.monotonic() < deadline: time.sleep(0.02)\n" +
      "out = [r.state, r.info, r.ready()]";
    expect(await peers.python.run(program, id)).toEqual(["PROGRESS", { done: 3, of: 10, what: "Äpfel" }, false]);
    gate.resolve();
    expect(await peers.python.run("r = AsyncResult(arg); out = [get(r), r.state, r.successful()]", id)).toEqual(["done", "SUCCESS", true]);
  });

  it("TypeScript reads by its id the result of a call that Python sent to Python", async () => {
    const before = Date.now();
    const id = String(await peers.python.run("r = send('py.echo', {'ü': [1, None]}); get(r); out = r.id"));
    const result = peers.app.AsyncResult(id);
    expect([await result.get(WAIT), await result.state(), await result.exists()]).toEqual([{ ü: [1, null] }, "SUCCESS", true]);
    const done = (await result.dateDone())?.getTime() ?? 0;
    expect(done).toBeGreaterThanOrEqual(before - 1);
    expect(done).toBeLessThanOrEqual(Date.now() + 1);
  });

  it("Python reads by its id the result of a call that TypeScript sent to TypeScript, its date included", async () => {
    const result = await peers.app.sendTask("ts.echo", [{ ü: [1, null] }]);
    await result.get(WAIT);
    const program =
      "import datetime\n" +
      "r = AsyncResult(arg)\n" +
      "out = [get(r), r.state, r.successful(), r.traceback, r.date_done.replace(tzinfo=datetime.timezone.utc).timestamp() * 1000]";
    const [value, state, successful, traceback, done] = (await peers.python.run(program, result.id)) as readonly unknown[];
    expect([value, state, successful, traceback]).toEqual([{ ü: [1, null] }, "SUCCESS", true, null]);
    expect(Math.abs(Number(done) - ((await result.dateDone())?.getTime() ?? 0))).toBeLessThan(1.5);
  });

  it("what one side forgets is gone for the other", async () => {
    const first = await peers.app.sendTask("py.add", [1, 2]);
    await first.get(WAIT);
    expect(await peers.python.run("r = AsyncResult(arg); r.forget(); out = AsyncResult(arg).state", first.id)).toBe("PENDING");
    expect(await peers.app.AsyncResult(first.id).state()).toBe("PENDING");
    const second = String(await peers.python.run("r = send('ts.add', 1, 2); get(r); out = r.id"));
    await peers.app.AsyncResult(second).forget();
    expect(await peers.python.run("out = AsyncResult(arg).state", second)).toBe("PENDING");
  });

  it("Python waits for many results of TypeScript's, and they expire as its own", async () => {
    const program =
      "from celery.result import ResultSet\n" +
      "r = ResultSet([send('ts.mul', n, n) for n in range(50)], app=app)\n" +
      "out = [r.get(timeout=WAIT, interval=0.02), [x.id for x in r.results][0]]";
    const [values, id] = (await peers.python.run(program.replaceAll("WAIT", "20"))) as readonly [readonly number[], string];
    expect(values).toEqual(Array.from({ length: 50 }, (_, n) => n * n));
    const ttl = await peers.redis.ttl(`celery-task-meta-${id}`);
    expect(ttl).toBeGreaterThan(86_000);
    expect(ttl).toBeLessThanOrEqual(86_400);
  });
});
