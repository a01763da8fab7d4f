// Where calls go: the call, then the task, then the routers, then the default queue.
import { describe, expect, it } from "vitest";
import { broadcast } from "../../src/app/task-queue.ts";
import type { ApplyOptions } from "../../src/canvas/call-options.ts";
import type { RouteOptions } from "../../src/config/structures/routes.ts";
import type { TaskOptions } from "../../src/task/task-options.ts";
import { take, testApp } from "../support/app.ts";

describe("a call", () => {
  it("goes where itself says, else where its task says, else where a router says, else to the default queue", async () => {
    const app = testApp({ taskRoutes: { "routed.*": { queue: "routed", priority: 2, headers: { via: "route" } } } });
    const plain = app.task("plain", (x: number) => x);
    const routed = app.task("routed.a", (x: number) => x);
    const own = app.task("routed.own", { queue: "own", priority: 5 }, (x: number) => x);
    await plain.delay(1);
    expect((await take(app, "celery")).headers["task"]).toBe("plain");
    await routed.delay(1);
    expect(await take(app, "routed")).toMatchObject({ headers: { via: "route" }, properties: { priority: 2 } });
    await own.delay(1);
    expect((await take(app, "own")).properties).toEqual({ priority: 5 });
    await own.applyAsync([1], { queue: "call", headers: { via: "call" } });
    expect(await take(app, "call")).toMatchObject({ headers: { via: "call" } });
  });

  it.each<readonly [what: string, route: RouteOptions, own: TaskOptions, call: ApplyOptions]>([
    ["a call's, over a route's exchange and key", { exchange: "topicx", routingKey: "a.b" }, {}, { queue: "slow" }],
    ["a call's, over a route's queue and key", { queue: "other", routingKey: "a.b" }, {}, { queue: "slow" }],
    ["a call's, over the task's exchange and key", {}, { exchange: "topicx", routingKey: "a.b" }, { queue: "slow" }],
    ["the task's, over a route's key", { queue: "other", routingKey: "a.b" }, { queue: "slow" }, {}],
    ["the route's, whole", { queue: "slow" }, {}, {}],
  ])("is addressed whole by the level that names its queue: %s", async (_what, route, own, call) => {
    const app = testApp({ taskRoutes: { "r.*": route } });
    await app.task("r.t", own, (x: number) => x).applyAsync([1], call);
    const broker = await app.connections.broker("read");
    expect((await broker.queueInfo("slow"))?.messages).toBe(1);
  });

  it("may still name another key of the queue that its task or a route names", async () => {
    const queues = [{ name: "videos", exchange: "media", exchangeType: "topic", routingKey: "video.#" }, "celery"];
    const app = testApp({ taskQueues: queues, taskRoutes: { "r.*": { queue: "videos", routingKey: "video.none" } } });
    await app.sendTask("r.t", [], { routingKey: "video.cut" });
    expect(await take(app, "videos")).toMatchObject({ exchange: "media", routingKey: "video.cut" });
  });

  it("is routed by the name that it gives in place of its own", async () => {
    const app = testApp({ taskRoutes: { inner: "inner" } });
    await app.sendTask("outer", [], { routeName: "inner" });
    expect((await take(app, "inner")).headers["task"]).toBe("outer");
  });

  it("goes through a queue's exchange and key where these are not its name", async () => {
    const app = testApp({ taskQueues: [{ name: "videos", exchange: "media", exchangeType: "topic", routingKey: "video.#" }, "celery"] });
    const broker = await app.connections.broker("read");
    await app.sendTask("cut", [], { queue: "videos", routingKey: "video.cut" });
    expect(await take(app, "videos")).toMatchObject({ exchange: "media", routingKey: "video.cut" });
    await expect(app.sendTask("cut", [], { queue: "videos", routingKey: "image.cut" })).rejects.toThrow(
      `the exchange "media" by "image.cut": no queue takes it: none is bound to that exchange by that key, not even "videos"`,
    );
    expect(await broker.get("videos")).toBeUndefined();
  });

  it("to a broadcast reaches every worker's queue, and no other", async () => {
    const settings = { broker: `memory://news-${process.pid}`, taskQueues: [broadcast("news"), "celery"] };
    const [one, two, sender] = [testApp(settings), testApp(settings), testApp(settings)];
    const names = [];
    for (const app of [one, two]) {
      const [queue] = app.queues.select({ select: ["news"] });
      if (queue === undefined) throw new Error("no queue");
      await (await app.connections.broker("read")).declare(queue.queue);
      names.push(queue.queue.name);
    }
    await sender.sendTask("reload", [], { queue: "news" });
    for (const name of names) expect((await take(one, name)).headers["task"]).toBe("reload");
  });

  it("reaches one worker by its own queue", async () => {
    const app = testApp({ workerDirect: true });
    const queues = app.queues.select({ hostname: "w1@host" });
    expect(queues.map(({ name }) => name)).toEqual(["celery", "w1@host.dq2"]);
    await app.sendTask("t", [], { queue: "w1@host.dq2" });
    expect(await take(app, "w1@host.dq2")).toMatchObject({ exchange: "C.dq2", routingKey: "w1@host" });
  });

  it("to a queue that may not be made is refused", async () => {
    const app = testApp({ taskCreateMissingQueues: false, taskQueues: ["celery"] });
    await expect(app.sendTask("t", [], { queue: "celry" })).rejects.toMatchObject({ code: "CELERIAC_QUEUE_NOT_FOUND" });
    await expect(app.sendTask("t", [], { queue: "celeriac.dead.celery" })).rejects.toThrow("it holds dead letters");
  });

  it("follows settings that change, until then and from then on", async () => {
    const app = testApp();
    const t = app.task("t", (x: number) => x);
    await t.delay(1);
    app.configure({ taskRoutes: { t: "other" } });
    await t.delay(2);
    expect((await take(app, "other")).body).toBe("[[2],{},null]");
    expect((await take(app, "celery")).body).toBe("[[1],{},null]");
  });
});
