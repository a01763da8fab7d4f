// What handles of results tell, on both embedded backends.
import { describe, expect, it } from "vitest";
import { chain } from "../../src/canvas/chain.ts";
import { runInTask } from "../../src/execution/current-task.ts";
import { encodeException } from "../../src/protocol/exception-record.ts";
import type { ResultMeta } from "../../src/protocol/result-meta.ts";
import type { TaskContext } from "../../src/task/task-context.ts";
import { take, temporarySqlite, testApp } from "../support/app.ts";

const meta = (taskId: string, changed: Partial<ResultMeta>): ResultMeta => ({
  taskId,
  status: "SUCCESS",
  result: null,
  traceback: null,
  children: [],
  dateDone: "2026-01-02T03:04:05.678000+00:00",
  ...changed,
});

describe.each(["memory", "sqlite"])("a result on %s", (kind) => {
  const make = () => (kind === "sqlite" ? testApp({ broker: temporarySqlite() }) : testApp());

  it("is pending until its task has ended, and then what the task gave", async () => {
    const app = make();
    const add = app.task("add", (x: number, y: number) => x + y);
    const result = await add.delay(2, 3);
    expect([await result.state(), await result.ready(), await result.info(), await result.children(), await result.dateDone()]).toEqual([
      "PENDING",
      false,
      null,
      null,
      null,
    ]);
    const waiting = result.get({ timeout: "20s" });
    await (await app.connections.backend()).storeMeta(meta(result.id, { result: 5, children: [[["child", null], null]] }));
    expect(await waiting).toBe(5);
    expect([await result.state(), await result.ready(), await result.successful(), await result.failed()]).toEqual([
      "SUCCESS",
      true,
      true,
      false,
    ]);
    expect((await result.children())?.map(({ id }) => id)).toEqual(["child"]);
    expect(await result.dateDone()).toEqual(new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 678)));
    expect(await add.AsyncResult(result.id).get()).toBe(5);
    await result.forget();
    expect(await app.AsyncResult(result.id).state()).toBe("PENDING");
  });

  it("throws the task's error under its own class, or gives it", async () => {
    const app = make();
    class OutOfStock extends Error {
      override readonly name = "OutOfStock";
    }
    app.errorClasses.register(OutOfStock);
    const backend = await app.connections.backend();
    await backend.storeMeta(
      meta("f1", {
        status: "FAILURE",
        result: encodeException(new OutOfStock("none left"), { classes: app.errorClasses }),
        traceback: "trace",
      }),
    );
    await backend.storeMeta(
      meta("f2", { status: "FAILURE", result: { exc_type: "IntegrityError", exc_message: ["dup"], exc_module: "django.db" } }),
    );
    await backend.storeMeta(meta("r1", { status: "RETRY", result: encodeException(new Error("again")), dateDone: null }));
    const failed = app.AsyncResult("f1");
    await expect(failed.get()).rejects.toBeInstanceOf(OutOfStock);
    expect(await failed.get({ propagate: false })).toBeInstanceOf(OutOfStock);
    expect([await failed.failed(), await failed.traceback()]).toEqual([true, "trace"]);
    await expect(app.AsyncResult("f2").get()).rejects.toMatchObject({ name: "IntegrityError", message: "dup" });
    expect(await app.AsyncResult("r1").info()).toMatchObject({ message: "again" });
    expect(await app.AsyncResult("r1").ready()).toBe(false);
  });

  it("tells of states on the way, ends its wait with a signal or after a while", async () => {
    const app = make();
    const result = app.AsyncResult("p1");
    const states: string[] = [];
    const backend = await app.connections.backend();
    const waiting = result.get({ onState: ({ status, result: info }) => void states.push(`${status} ${JSON.stringify(info)}`) });
    await backend.storeMeta(meta("p1", { status: "PROGRESS", result: { done: 1 }, dateDone: null }));
    while (states.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await backend.storeMeta(meta("p1", { result: "end" }));
    expect(await waiting).toBe("end");
    expect(states).toEqual(['PROGRESS {"done":1}', 'SUCCESS "end"']);
    const over = new AbortController();
    const aborted = app.AsyncResult("p2").get({ signal: over.signal });
    over.abort(new Error("enough"));
    await expect(aborted).rejects.toThrow("enough");
    await expect(app.AsyncResult("p3").get({ timeout: "1ms" })).rejects.toThrow(
      "task p3 gave no result within 0.001 s; its state is PENDING",
    );
    expect(backend.waiting).toBe(0);
  });

  it("of a chain has its steps as parents, and throws as soon as one of them failed", async () => {
    const app = make();
    const add = app.task("add", (x: number, y: number) => x + y);
    const last = await chain(add.s(1, 2), add.s(4), add.s(8)).delay();
    const { headers } = await take(app);
    const first = last.parent?.parent;
    expect([first?.id, first?.parent]).toEqual([headers["id"], null]);
    expect(last.toTuple()).toEqual([[last.id, [[last.parent?.id, [[first?.id, null], null]], null]], null]);
    const waiting = last.get();
    const patient = last.get({ followParents: false });
    const backend = await app.connections.backend();
    await backend.storeMeta(meta(first?.id ?? "", { status: "FAILURE", result: encodeException(new RangeError("early")) }));
    await expect(waiting).rejects.toThrow("early");
    expect(backend.waiting).toBe(1);
    await backend.storeMeta(meta(last.id, { result: 15 }));
    expect(await patient).toBe(15);
  });

  it("of a task that has ended is read once, until it is forgotten", async () => {
    const app = make();
    const backend = await app.connections.backend();
    const result = app.AsyncResult("once");
    expect(await result.exists()).toBe(false);
    await backend.storeMeta(meta("once", { status: "STARTED", dateDone: null }));
    expect([await result.exists(), await result.state()]).toEqual([true, "STARTED"]);
    await backend.storeMeta(meta("once", { result: "first" }));
    expect(await result.info()).toBe("first");
    await backend.forget(["once"]);
    expect([await result.state(), await result.get(), await result.exists()]).toEqual(["SUCCESS", "first", true]);
    await result.forget();
    expect([await result.state(), await result.exists()]).toEqual(["PENDING", false]);
  });

  it("is made again from its name, its parents too; what is no name is refused", async () => {
    const app = make();
    const add = app.task("add", (x: number, y: number) => x + y);
    const last = await chain(add.s(1, 2), add.s(4)).delay();
    const name: unknown = JSON.parse(JSON.stringify(last.toTuple()));
    const again = app.resultFromTuple(name as ReturnType<typeof last.toTuple>);
    expect([again.id, again.parent?.id, again.toTuple()]).toEqual([last.id, last.parent?.id, last.toTuple()]);
    expect(() => app.resultFromTuple([["id"]] as never)).toThrow("to be [[id, parent], members]");
  });

  it("that is ignored is null at once", async () => {
    const app = make();
    const add = app.task("add", { ignoreResult: true }, (x: number, y: number) => x + y);
    const ignored = await add.delay(1, 2);
    expect([ignored.ignored, await ignored.get()]).toEqual([true, null]);
    const kept = await add.applyAsync([1, 2], { ignoreResult: false });
    expect(kept.ignored).toBe(false);
    await expect(kept.get({ timeout: "1ms" })).rejects.toThrow("gave no result");
  });

  it("is not waited for inside a task, unless that is said", async () => {
    const app = make();
    const context = { request: { task: "outer", calledDirectly: false } } as TaskContext;
    await (await app.connections.backend()).storeMeta(meta("x", { result: 1 }));
    await runInTask(context, async () => {
      await expect(app.AsyncResult("x").get()).rejects.toMatchObject({ code: "CELERIAC_BLOCKING_GET" });
      expect(await app.AsyncResult("x").get({ disableSyncSubtasks: false })).toBe(1);
    });
  });
});

describe("without a backend", () => {
  it("calls can be sent, and results are refused with what to set", async () => {
    const app = testApp({ backend: "disabled" });
    const add = app.task("add", (x: number, y: number) => x + y);
    const result = await add.delay(1, 2);
    await expect(result.get()).rejects.toThrow("set the setting resultBackend");
  });
});
