// What execution builds through an app: retries, callbacks and the next of a chain, as messages that arrive.
import { describe, expect, it } from "vitest";
import type { CeleriacApp } from "../../src/app/celeriac.ts";
import { chain } from "../../src/canvas/chain.ts";
import type { ExecutionOutcome } from "../../src/execution/execution-outcome.ts";
import { createExecutor } from "../../src/execution/executor.ts";
import { decodeTaskHeaders } from "../../src/protocol/task-headers.ts";
import { FakeClock } from "../../src/testing/fake-clock.ts";
import { bodyOf, take, testApp } from "../support/app.ts";

/** Executes the next message of a queue as a worker would: what follows is published, its state stored. */
async function work(app: CeleriacApp, queue = "celery"): Promise<ExecutionOutcome> {
  await app.finalize();
  const executor = createExecutor(app.executionHost({ hostname: "celery@test" }));
  const delivery = await take(app, queue);
  const { exchange, routingKey, contentType, contentEncoding } = delivery;
  const headers = decodeTaskHeaders(delivery.headers);
  const outcome = await executor.execute(
    {
      headers,
      delivery: { queue, exchange, routingKey, priority: delivery.properties.priority ?? null, redelivered: false },
      correlationId: delivery.properties.correlationId ?? null,
      replyTo: null,
      contentType,
      contentEncoding,
      compression: null,
      protocol: 2,
      wantsRepr: false,
    },
    delivery.body,
    { signal: new AbortController().signal, onState: () => {} },
  );
  await app.publishBuilt(outcome.messages ?? []);
  if (outcome.document !== undefined)
    await (await app.connections.backend()).store({ taskId: headers.id, status: outcome.state, document: outcome.document });
  return outcome;
}

function tasks(app: CeleriacApp) {
  return {
    add: app.task("add", (x: number, y: number) => x + y),
    flaky: app.task("flaky", { defaultRetryDelay: "10s" }, function (x: number) {
      if (this.request.retries === 0) throw this.retry();
      return x;
    }),
  };
}

describe("a worker's view of an app", () => {
  it("runs a chain step by step, each step's options honoured, its results linked", async () => {
    const clock = new FakeClock();
    const app = testApp({}, { clock });
    const { add } = tasks(app);
    const last = await chain(add.s(1, 2), add.s(4).set({ queue: "slow", countdown: 10, priority: 4 }), add.s(8)).delay();
    await work(app);
    await clock.advance(10_000);
    const broker = await app.connections.broker("read");
    const second = await broker.get("slow");
    expect(second?.headers).toMatchObject({ id: last.parent?.id, parent_id: last.parent?.parent?.id, root_id: last.parent?.parent?.id });
    expect(second?.properties).toMatchObject({ priority: 4 });
    if (second) await broker.settle(second, { kind: "requeue" });
    await work(app, "slow");
    const third = await take(app);
    expect(third.headers).toMatchObject({ id: last.id, parent_id: last.parent?.id, root_id: last.parent?.parent?.id });
    expect(bodyOf(third)).toEqual([[7, 8], {}, { callbacks: null, errbacks: null, chain: [], chord: null }]);
    expect(await last.parent?.get()).toBe(7);
    expect((await last.parent?.parent?.children())?.map(({ id }) => id)).toEqual([last.parent?.id]);
  });

  it("sends callbacks with the result, and a chain as a callback as a chain", async () => {
    const app = testApp();
    const { add } = tasks(app);
    const result = await add.applyAsync([1, 2], { link: [add.s(10), chain(add.s(20), add.s(30))], linkError: app.remote("never").s() });
    await work(app);
    expect(bodyOf(await take(app))).toEqual([[3, 10], {}, null]);
    const linked = await take(app);
    expect(linked.headers).toMatchObject({ parent_id: result.id, root_id: result.id });
    expect(bodyOf(linked)).toMatchObject([[3, 20], {}, { chain: [{ task: "add", args: [30] }] }]);
    const children = await result.children();
    expect(children).toHaveLength(2);
    expect(children?.[1]?.parent?.id).toBe(linked.headers["id"]);
  });

  it("sends a retry back to its queue, to be delivered later, with one more try counted", async () => {
    const clock = new FakeClock();
    const app = testApp({}, { clock });
    const { flaky } = tasks(app);
    const result = await flaky.applyAsync([5], { queue: "q", headers: { tenant: "t" }, priority: 3, expires: "1h" });
    expect((await work(app, "q")).state).toBe("RETRY");
    const broker = await app.connections.broker("read");
    expect(await broker.get("q")).toBeUndefined();
    await clock.advance(10_000);
    const again = await broker.get("q");
    expect(again).toMatchObject({ headers: { id: result.id, retries: 1, tenant: "t" }, properties: { priority: 3 } });
    if (again) await broker.settle(again, { kind: "requeue" });
    expect((await work(app, "q")).state).toBe("SUCCESS");
    expect(await result.get()).toBe(5);
  });

  it("sends a retry, a callback and the next of a chain to queues that were deleted while the task ran", async () => {
    const app = testApp();
    const { add } = tasks(app);
    const broker = await app.connections.broker("read");
    const deleting = app.task("deleting", async function (retry: boolean) {
      for (const queue of ["celery", "linked", "next"]) await broker.deleteQueue(queue);
      if (retry && this.request.retries === 0) throw this.retry({ countdown: 0 });
      return 1;
    });
    const link = add.s(10).set({ queue: "linked" });
    const last = await chain(deleting.s(true).set({ link }), add.s(4).set({ queue: "next" })).delay();
    for (const queue of ["linked", "next"]) await broker.declare({ name: queue });
    expect((await work(app)).state).toBe("RETRY");
    expect((await work(app)).state).toBe("SUCCESS");
    await work(app, "linked");
    await work(app, "next");
    expect(await last.get()).toBe(5);
  });

  it("gives what a task sends its place in the tree, and records it as a child", async () => {
    const app = testApp({ taskInheritParentPriority: true });
    const { add } = tasks(app);
    const outer = app.task("outer", async () => {
      const one = await add.delay(1, 2);
      const many = await add.sendMany([[3, 4]]);
      await add.applyAsync([5, 6], { addToParent: false });
      return [one.id, many[0]?.id];
    });
    const result = await outer.applyAsync([], { priority: 6 });
    await work(app);
    const ids = await result.get();
    for (let i = 0; i < 3; i++)
      expect(await take(app)).toMatchObject({ headers: { parent_id: result.id, root_id: result.id }, properties: { priority: 6 } });
    expect((await result.children())?.map(({ id }) => id)).toEqual(ids);
  });

  it("lets a chain take a task's place: its last step has the task's id, and what follows the task", async () => {
    const app = testApp();
    const { add } = tasks(app);
    const replaced = app.task("replaced", function (x: number): number {
      throw this.replace(chain(add.s(x, 10), add.s(100)));
    });
    const last = await chain(replaced.s(1), add.s(1000)).delay();
    for (let step = 0; step < 4; step++) await work(app);
    expect(await last.get()).toBe(1111);
    expect(await last.parent?.get()).toBe(111);
  });

  it("must be finalized before it executes", () => {
    expect(() => testApp().executionHost({ hostname: "x" })).toThrow("expected app.finalize() to be awaited");
  });

  it("lets hooks change and see what follows a task", async () => {
    const app = testApp();
    const { add } = tasks(app);
    const after: string[] = [];
    app.on("beforeTaskPublish", ({ message }) => void (message.headers.custom = { traced: true }));
    app.on("afterTaskPublish", ({ sender, message }) => void after.push(`${sender} ${JSON.stringify(message.payload.args)}`));
    await add.applyAsync([1, 2], { link: add.s(3) });
    await work(app);
    expect((await take(app)).headers).toMatchObject({ traced: true });
    expect(after).toEqual(["add [1,2]", "add [3,3]"]);
  });
});
