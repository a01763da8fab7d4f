// Tasks executed in the process that calls them.
import { describe, expect, it } from "vitest";
import { chain } from "../../src/canvas/chain.ts";
import { testApp } from "../support/app.ts";

describe("apply", () => {
  it("gives a result that is there at once", async () => {
    const app = testApp();
    const add = app.task("add", (x: number, y: number) => x + y);
    const result = await add.apply([2, 3], { taskId: "t1" });
    expect([
      result.id,
      await result.get(),
      await result.state(),
      await result.ready(),
      await result.successful(),
      await result.failed(),
    ]).toEqual(["t1", 5, "SUCCESS", true, true, false]);
    expect(await result.dateDone()).toBeInstanceOf(Date);
  });

  it("keeps a failure until it is asked for, and throws it with taskEagerPropagates", async () => {
    const app = testApp();
    const fail = app.task("fail", () => {
      throw new RangeError("no");
    });
    const result = await fail.apply();
    expect([await result.state(), await result.get({ propagate: false })]).toEqual(["FAILURE", new RangeError("no")]);
    expect(await result.traceback()).toContain("RangeError: no");
    await expect(result.get()).rejects.toThrow(RangeError);
    app.configure({ taskEagerPropagates: true });
    await expect(fail.apply()).rejects.toThrow(new RangeError("no"));
  });

  it("retries at once until it succeeds, or no try is left", async () => {
    const app = testApp();
    const seen: number[] = [];
    const flaky = app.task("flaky", { maxRetries: 3, defaultRetryDelay: "1h" }, function (needed: number) {
      seen.push(this.request.retries);
      if (this.request.retries < needed) throw this.retry();
      return "done";
    });
    expect(await (await flaky.apply([2])).get()).toBe("done");
    expect(seen).toEqual([0, 1, 2]);
    await expect((await flaky.apply([9])).get()).rejects.toMatchObject({ name: "MaxRetriesExceededError" });
    expect(seen).toEqual([0, 1, 2, 0, 1, 2, 3]);
  });

  it("puts a chain's own arguments and options where a worker would find them", async () => {
    const app = testApp();
    const seen: unknown[] = [];
    const step = app.task("step", function (x: number, y: number) {
      const { group, groupIndex, id } = this.request;
      seen.push([x, y, group, groupIndex, id === "own"]);
      return x + y;
    });
    const flow = chain(step.s(1), step.s(10)).toJSON();
    const placed = { ...flow, args: [2], options: { ...flow.options, task_id: "own", group_id: "g", group_index: 3 } };
    expect(await (await app.signature(placed).apply()).get()).toBe(13);
    expect(seen).toEqual([
      [2, 1, null, null, false],
      [3, 10, "g", 3, true],
    ]);
  });

  it("runs callbacks, errbacks of both kinds, and every step of a chain", async () => {
    const app = testApp();
    const calls: unknown[] = [];
    const add = app.task("add", (x: number, y: number) => x + y);
    const note = app.task("note", (x: unknown) => void calls.push(x));
    const full = app.task(
      "full",
      (request: { id: string }, error: Error, traceback: string | null) => void calls.push([request.id, error.message, typeof traceback]),
    );
    const fail = app.task("fail", (_: number): number => {
      throw new Error("broken");
    });
    await add.s(1, 2).link(note.s()).apply();
    const failed = await fail.s(1).onError(note.s()).onError(full.s()).apply();
    expect(calls).toEqual([3, failed.id, [failed.id, "broken", "string"]]);
    const flow = await chain(add.s(1, 2), add.s(4), add.s(8)).apply();
    expect([await flow.get(), await flow.parent?.get(), await flow.parent?.parent?.get()]).toEqual([15, 7, 3]);
    const broken = await chain(add.s(1, 2), fail.s(), add.s(1)).apply();
    expect(await broken.state()).toBe("FAILURE");
    await expect(broken.get()).rejects.toThrow("broken");
  });

  it("lets another signature take a task's place under the same id", async () => {
    const app = testApp();
    const add = app.task("add", (x: number, y: number) => x + y);
    const told: string[] = [];
    const replaced = app.task("replaced", { onReplace: ({ task }) => void told.push(task) }, function (x: number) {
      throw this.replace(add.s(x, 10));
    });
    const result = await replaced.apply([5], { taskId: "same" });
    expect(told).toEqual(["add"]);
    expect([result.id, await result.get()]).toEqual(["same", 15]);
  });

  it("knows its place: root, parent and eagerness", async () => {
    const app = testApp();
    const inner = app.task("inner", function () {
      const { rootId, parentId, isEager, id } = this.request;
      return { rootId, parentId, isEager, id };
    });
    const outer = app.task("outer", async function () {
      return { own: this.request.id, inner: await (await inner.apply()).get() };
    });
    const { own, inner: seen } = await (await outer.apply()).get();
    expect(seen).toMatchObject({ rootId: own, parentId: own, isEager: true });
    expect(seen.id).not.toBe(own);
  });
});

describe("taskAlwaysEager", () => {
  it("executes what is sent, with arguments as a worker would get them", async () => {
    const app = testApp({ taskAlwaysEager: true });
    const given: { n: number; gone: undefined } = { n: 1, gone: undefined };
    const same = app.task("same", (o: object) => [o === given, Object.keys(o)]);
    expect(await (await same.delay(given)).get()).toEqual([false, ["n"]]);
    expect(await (await same.apply([given])).get()).toEqual([true, ["n", "gone"]]);
    await expect(same.delay({ n: () => 1 })).rejects.toThrow("args[0].n is a function");
    const add = app.task("add", (x: number, y: number) => x + y);
    expect(await (await chain(add.s(1, 1), add.s(2)).delay()).get()).toBe(4);
    expect(
      await Promise.all(
        (
          await add.sendMany([
            [1, 1],
            [2, 2],
          ])
        ).map((result) => result.get()),
      ),
    ).toEqual([2, 4]);
    expect(await (await app.connections.broker("read")).queueInfo("celery")).toBeUndefined();
    await app.sendTask("add", [1, 2]);
    expect(await (await app.connections.broker("read")).queueInfo("celery")).toMatchObject({ messages: 1 });
  });

  it("stores results where taskStoreEagerResult says so", async () => {
    const app = testApp({ taskAlwaysEager: true, taskStoreEagerResult: true });
    const add = app.task("add", (x: number, y: number) => x + y);
    const { id } = await add.delay(2, 3);
    expect(await app.AsyncResult(id).get()).toBe(5);
  });
});
