// Every option of a call, as it arrives in the queue.
import { describe, expect, it } from "vitest";
import type { BrokerDriverModule, DriverTable } from "../../src/app/driver-table.ts";
import { FakeClock } from "../../src/testing/fake-clock.ts";
import { bodyOf, take, testApp } from "../support/app.ts";
import { embeddedDrivers } from "../support/driver-table.ts";

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
const iso = (ms: number): string => new Date(ms).toISOString().replace("Z", "000+00:00");

function build(): { app: ReturnType<typeof testApp>; add: ReturnType<typeof tasksOf>; clock: FakeClock } {
  const clock = new FakeClock(NOW);
  const app = testApp({}, { clock });
  return { app, add: tasksOf(app), clock };
}
function tasksOf(app: ReturnType<typeof testApp>) {
  return app.task("shop.add", (x: number, y: number) => x + y);
}

describe("a call", () => {
  it("is a message in the default queue, with nothing in it that says nothing", async () => {
    const { app, add } = build();
    const result = await add.delay(2, 3);
    const delivery = await take(app);
    expect(delivery).toMatchObject({
      queue: "celery",
      exchange: "",
      routingKey: "celery",
      contentType: "application/json",
      properties: {},
    });
    expect(delivery.headers).toEqual({ task: "shop.add", id: result.id, origin: app.origin });
    expect(bodyOf(delivery)).toEqual([[2, 3], {}, null]);
  });

  it("carries what it is told in its headers", async () => {
    const { app, add } = build();
    const result = await add.applyAsync([2, 3], {
      taskId: "t1",
      expires: "1m",
      headers: { tenant: "a", retries: 99 },
      ignoreResult: true,
      timeLimit: "30s",
      softTimeLimit: 20,
      shadow: "adding",
      rootId: "r1",
      parentId: "p1",
      groupId: "g1",
      groupIndex: 3,
      retries: 2,
      argsrepr: "(…)",
      kwargsrepr: "{…}",
      stamps: { stamp: "s" },
      replacedTaskNesting: 1,
    });
    expect(result.id).toBe("t1");
    expect((await take(app)).headers).toEqual({
      task: "shop.add",
      id: "t1",
      shadow: "adding",
      expires: iso(NOW + 60_000),
      group: "g1",
      group_index: 3,
      retries: 2,
      timelimit: [30, 20],
      root_id: "r1",
      parent_id: "p1",
      argsrepr: "(…)",
      kwargsrepr: "{…}",
      origin: app.origin,
      ignore_result: true,
      replaced_task_nesting: 1,
      stamped_headers: ["stamp"],
      stamps: { stamp: "s" },
      tenant: "a",
    });
  });

  it("carries its keyword arguments and followers in its body", async () => {
    const { app, add } = build();
    const sig = (task: string) => ({ task, args: [], kwargs: {}, options: {}, subtask_type: null, immutable: false });
    const remote = app.remote("elsewhere");
    await remote.applyAsync([], {
      kwargs: { x: 2, y: 3 },
      link: add.s(1),
      linkError: [sig("e1"), sig("e2")],
      chain: [sig("c")],
      chord: sig("b"),
    });
    expect(bodyOf(await take(app))).toEqual([
      [],
      { x: 2, y: 3 },
      { callbacks: [add.s(1).toJSON()], errbacks: [sig("e1"), sig("e2")], chain: [sig("c")], chord: sig("b") },
    ]);
  });

  it("is not delivered before its countdown or eta; 0 is at once, and a countdown stands before an eta", async () => {
    const { app, add, clock } = build();
    const broker = await app.connections.broker("read");
    await add.applyAsync([1, 1], { countdown: "10s", eta: new Date(0) });
    await expect(broker.get("celery")).resolves.toBeUndefined();
    await clock.advance(10_000);
    expect((await take(app)).headers).toMatchObject({ eta: iso(NOW + 10_000) });
    await add.applyAsync([1, 1], { eta: new Date(NOW + 20_000) });
    await expect(broker.get("celery")).resolves.toBeUndefined();
    await clock.advance(10_000);
    expect((await take(app)).headers).toMatchObject({ eta: iso(NOW + 20_000) });
    await add.applyAsync([1, 1], { countdown: 0 });
    expect((await take(app)).headers).not.toHaveProperty("eta");
    await add.applyAsync([1, 1], { eta: new Date(0) });
    expect((await take(app)).headers).toMatchObject({ eta: iso(0) });
  });

  it("goes to the queue, or to the exchange with its key, that it names", async () => {
    const { app, add } = build();
    await add.applyAsync([1, 1], { queue: "slow" });
    expect(await take(app, "slow")).toMatchObject({ exchange: "", routingKey: "slow" });
    const broker = await app.connections.broker("read");
    await broker.declare({ name: "here", bindings: [{ exchange: { name: "media", type: "topic" }, routingKey: "video.*" }] });
    await add.applyAsync([1, 1], { exchange: "media", routingKey: "video.cut" });
    expect(await take(app, "here")).toMatchObject({ exchange: "media", routingKey: "video.cut" });
  });

  it("carries its priority, delivery mode, reply address and other properties", async () => {
    const { app, add } = build();
    await add.applyAsync([1, 1], {
      priority: 7,
      deliveryMode: "transient",
      replyTo: "answers",
      mandatory: true,
      properties: { messageId: "m1", app_id: "a1", MessageGroupId: "g" },
    });
    expect((await take(app)).properties).toMatchObject({
      priority: 7,
      deliveryMode: 1,
      replyTo: "answers",
      messageId: "m1",
      appId: "a1",
      extra: { MessageGroupId: "g", mandatory: true },
    });
  });

  it("is written by the serializer and the compression that it names", async () => {
    const { app, add } = build();
    await add.applyAsync([1, 1], { serializer: "msgpack", compression: "gzip" });
    const delivery = await take(app);
    expect(delivery).toMatchObject({
      contentType: "application/x-msgpack",
      contentEncoding: "binary",
      headers: { compression: "application/x-gzip" },
    });
    const { contentType, contentEncoding, body } = delivery;
    const content = { body, contentType, contentEncoding, compression: "application/x-gzip" };
    expect(app.serializers.decode(content, app.serializers.acceptList(["msgpack"]))).toEqual([[1, 1], {}, null]);
  });

  it("lifts the task's own limits and expiry with null", async () => {
    const { app } = build();
    const limited = app.task("limited", { timeLimit: "30s", softTimeLimit: "20s", expires: "1h" }, (x: number) => x);
    await limited.delay(1);
    expect((await take(app)).headers).toMatchObject({ timelimit: [30, 20], expires: iso(NOW + 3_600_000) });
    await limited.applyAsync([1], { timeLimit: null, softTimeLimit: null, expires: null });
    const { headers } = await take(app);
    expect(headers).not.toHaveProperty("timelimit");
    expect(headers).not.toHaveProperty("expires");
  });

  it("takes the task's options where it says nothing itself", async () => {
    const { app } = build();
    const slow = app.task(
      "slow",
      {
        queue: "q1",
        priority: 4,
        serializer: "yaml",
        compression: "zlib",
        deliveryMode: 1,
        ignoreResult: true,
        shadowName: (args) => `slow ${String(args[0])}`,
      },
      (x: number) => x,
    );
    await slow.delay(5);
    expect(await take(app, "q1")).toMatchObject({
      contentType: "application/x-yaml",
      properties: { priority: 4, deliveryMode: 1 },
      headers: { compression: "application/x-gzip", ignore_result: true, shadow: "slow 5" },
    });
    await slow.applyAsync([5], { queue: "q2", priority: 0, serializer: "json", deliveryMode: 2, ignoreResult: false, shadow: "x" });
    const second = await take(app, "q2");
    expect(second).toMatchObject({
      contentType: "application/json",
      properties: { priority: 0 },
      headers: { ignore_result: false, shadow: "x" },
    });
    expect(second.properties).not.toHaveProperty("deliveryMode");
  });

  it("takes the settings where neither says anything", async () => {
    const clock = new FakeClock(NOW);
    const app = testApp(
      {
        taskDefaultQueue: "main",
        taskDefaultPriority: 2,
        taskSerializer: "msgpack",
        taskDefaultDeliveryMode: "transient",
        taskTimeLimit: "9s",
        acceptContent: ["msgpack"],
      },
      { clock },
    );
    await tasksOf(app).delay(1, 2);
    expect(await take(app, "main")).toMatchObject({
      contentType: "application/x-msgpack",
      properties: { priority: 2, deliveryMode: 1 },
      headers: { timelimit: [9, null] },
    });
    await app.sendTask("elsewhere", [1]);
    expect(await take(app, "main")).toMatchObject({ properties: { priority: 2 } });
  });

  it("is not sent where an argument cannot be written, which is named", async () => {
    const { app } = build();
    const any = app.task("any", (x: unknown) => x);
    await expect(any.delay({ a: [() => 1] })).rejects.toThrow(/args\[0\]\.a\[0\] is a function/);
    await any.delay(1);
    await expect(any.delay({ a: [() => 1] })).rejects.toThrow(/args\[0\]\.a\[0\] is a function/);
    expect(await (await app.connections.broker("read")).queueInfo("celery")).toMatchObject({ messages: 1 });
  });

  it("refuses options that cannot work with a sentence", async () => {
    const { add } = build();
    await expect(add.applyAsync([1, 2], { countdown: "soon" as never })).rejects.toThrow("the option countdown");
    await expect(add.sendMany([[1, 2]], { taskId: "x" })).rejects.toThrow("taskId");
    await expect(add.applyAsync([1, 2], { priority: 256 })).rejects.toThrow("a whole number from 0 to 255, got: 256");
    const wrong: Readonly<Record<string, unknown>> = {
      eta: "2026-01-01",
      taskId: "",
      queue: "a b\n",
      exchange: 5,
      headers: { a: () => 1 },
      retry: "maybe",
      retries: -1,
    };
    for (const [option, value] of Object.entries(wrong))
      await expect(add.applyAsync([1, 2], { [option]: value }), option).rejects.toThrow(
        `expected the option ${option} of a call of shop.add to be`,
      );
    await expect(add.applyAsync([1, 2], { countdown: 1e15 })).rejects.toThrow("before the year 10000");
    await expect(add.applyAsync([1, 2], { expires: 1e15 })).rejects.toThrow("before the year 10000");
  });

  it("refuses names that are empty, and arguments that are no list", async () => {
    const { app, add } = build();
    await expect(app.sendTask("")).rejects.toThrow("expected the name of the task that is called to be a text that is not empty, got: ''");
    await expect(app.sendTask(5 as never)).rejects.toThrow("got: 5");
    await expect(app.remote("").delay()).rejects.toThrow("not empty");
    expect(() => app.task("", () => 1)).toThrow("expected the name of a task to be a text that is not empty");
    for (const args of ["ab", { length: 2 }, 5]) {
      await expect(add.applyAsync(args as never)).rejects.toThrow("expected the positional arguments of a call of shop.add to be a list");
      await expect(add.apply(args as never)).rejects.toThrow("to be a list");
      await expect(add.sendMany([args as never])).rejects.toThrow("to be a list");
    }
  });

  it("refuses options that there are none of, with the one that was meant", async () => {
    const { app, add } = build();
    const slip = { contdown: 5 } as never;
    const said = 'a call of shop.add has no option "contdown"; did you mean countdown?';
    await expect(add.applyAsync([1, 2], slip)).rejects.toThrow(said);
    await expect(add.apply([1, 2], slip)).rejects.toThrow(said);
    await expect(add.sendMany([[1, 2]], slip)).rejects.toThrow(said);
    await expect(app.sendTask("shop.add", [1, 2], { task_id: "x" } as never)).rejects.toThrow("did you mean taskId?");
    expect(() => app.remote("elsewhere", slip)).toThrow("did you mean countdown?");
    expect(() => add.s(1, 2).set(slip)).toThrow('a signature of shop.add has no option "contdown"; did you mean countdown?');
    expect(() => add.signature([1], slip)).toThrow("did you mean countdown?");
    await expect(add.s(1, 2).applyAsync([], slip)).rejects.toThrow("did you mean countdown?");
  });
});

describe("sendMany", () => {
  it("sends all calls in order, each with an id of its own and the same options", async () => {
    const { app, add } = build();
    const results = await add.sendMany(
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      { queue: "bulk", headers: { batch: 7 }, priority: 1 },
    );
    expect(new Set(results.map(({ id }) => id)).size).toBe(3);
    for (const [i, result] of results.entries()) {
      const delivery = await take(app, "bulk");
      expect(bodyOf(delivery)).toEqual([[2 * i + 1, 2 * i + 2], {}, null]);
      expect(delivery).toMatchObject({ headers: { id: result.id, batch: 7 }, properties: { priority: 1 } });
    }
  });

  it("sends the same message as a call by itself, with hooks and without", async () => {
    const { app, add } = build();
    await add.delay(1, 2);
    await add.sendMany([[1, 2]]);
    await add.delay(1, 2);
    const off = app.on("beforeTaskPublish", () => {});
    await add.delay(1, 2);
    await add.sendMany([[1, 2]]);
    off();
    const [first, ...others] = await Promise.all(Array.from({ length: 5 }, () => take(app)));
    const comparable = (delivery: typeof first) => ({ ...delivery, tag: 0, headers: { ...delivery?.headers, id: "" } });
    for (const other of others) expect(comparable(other)).toEqual(comparable(first));
  });

  it("is content with nothing to send, and refuses all where one has wrong arguments", async () => {
    const { app, add } = build();
    expect(await add.sendMany([])).toEqual([]);
    await expect(add.sendMany([[1, 2], [1, 2, 3] as never])).rejects.toThrow("expected at most 2 arguments, got 3");
    expect(await (await app.connections.broker("read")).queueInfo("celery")).toBeUndefined();
  });

  it("asks a router that looks at arguments for each call", async () => {
    const app = testApp({ taskRoutes: (_name, args) => (args[0] === 1 ? "one" : "other") });
    const echo = app.task("echo", (x: number) => x);
    await echo.sendMany([[1], [2], [1]]);
    const broker = await app.connections.broker("read");
    expect(await broker.queueInfo("one")).toMatchObject({ messages: 2 });
    expect(await broker.queueInfo("other")).toMatchObject({ messages: 1 });
  });
});

describe("hooks around publishing", () => {
  it("may change what is sent, and see what was", async () => {
    const { app, add } = build();
    const seen: unknown[] = [];
    app.on("beforeTaskPublish", async ({ message }) => {
      await Promise.resolve();
      message.headers.custom = { ...message.headers.custom, trace: "t" };
      message.payload.args = [10, 20];
      message.priority = 9;
      message.queue = "changed";
      message.routingKey = "changed";
    });
    app.on("afterTaskPublish", ({ sender, message }) => void seen.push([sender, message.routingKey]), { sender: "shop.add" });
    await add.delay(1, 2);
    const delivery = await take(app, "changed");
    expect(delivery).toMatchObject({ headers: { trace: "t" }, properties: { priority: 9 } });
    expect(bodyOf(delivery)).toEqual([[10, 20], {}, null]);
    expect(seen).toEqual([["shop.add", "changed"]]);
  });
});

describe("publishing that fails", () => {
  /** A memory broker whose first publications fail. */
  function failing(times: number): { readonly drivers: DriverTable; readonly tries: () => number } {
    let tries = 0;
    const memory = async (): Promise<BrokerDriverModule> => {
      const { createBrokerDriver } = await import("../../src/brokers/memory/index.ts");
      return {
        createBrokerDriver: (options) => {
          const driver = createBrokerDriver(options);
          return {
            ...driver,
            async open(params) {
              const connection = await driver.open(params);
              const publish = connection.publish.bind(connection);
              connection.publish = (publications) => (tries++ < times ? Promise.reject(new Error("not now")) : publish(publications));
              return connection;
            },
          };
        },
      };
    };
    return { drivers: { ...embeddedDrivers, brokers: { memory } }, tries: () => tries };
  }

  it("is tried again by the call's own policy, or not at all", async () => {
    const { drivers, tries } = failing(100);
    const add = tasksOf(testApp({}, { drivers }));
    await expect(add.applyAsync([1, 2], { retry: false })).rejects.toThrow("not now");
    expect(tries()).toBe(1);
    await expect(add.applyAsync([1, 2], { retryPolicy: { maxRetries: 4, intervalStep: 0 } })).rejects.toThrow("not now");
    expect(tries()).toBe(6);
  });

  it("is tried again by the settings where the call says nothing", async () => {
    const policy = { maxRetries: 2, intervalStart: 0, intervalStep: 0, intervalMax: 0 };
    const { drivers, tries } = failing(2);
    const app = testApp({ taskPublishRetryPolicy: policy }, { drivers });
    await tasksOf(app).delay(1, 2);
    expect(tries()).toBe(3);
    expect(bodyOf(await take(app))).toEqual([[1, 2], {}, null]);
    const never = failing(1);
    await expect(tasksOf(testApp({ taskPublishRetry: false }, { drivers: never.drivers })).delay(1, 2)).rejects.toThrow("not now");
  });
});
