// A task that was sent is in a queue: where none takes it, its queue is declared anew, and where that does not help its sender hears of it.
import { describe, expect, it } from "vitest";
import type { CeleriacApp } from "../../src/app/celeriac.ts";
import { broadcast } from "../../src/app/task-queue.ts";
import type { Broker } from "../../src/broker/broker.ts";
import { bodyOf, take, temporarySqlite, testApp } from "../support/app.ts";

let count = 0;
const kinds: readonly (readonly [string, () => string])[] = [
  ["memory", () => `memory://mandatory-${process.pid}-${count++}`],
  ["sqlite", temporarySqlite],
];

/** An app, and another program on the same broker that it knows nothing of. */
async function setUp(url: string, settings = {}): Promise<{ readonly app: CeleriacApp; readonly other: Broker }> {
  const app = testApp({ broker: url, resultBackend: "disabled://", ...settings });
  const other = await testApp({ broker: url, resultBackend: "disabled://" }).connections.broker("read");
  return { app, other };
}

function built(app: CeleriacApp, exchange: string, routingKey: string, queue?: string) {
  const headers = { id: `built-${count++}`, task: "t" };
  return {
    exchange,
    routingKey,
    queue,
    body: "[[],{},null]",
    contentType: "application/json",
    contentEncoding: "utf-8",
    headers,
    properties: {},
  };
}

describe.each(kinds)("a task message on the %s broker", (_, urlOf) => {
  it("arrives when its queue was deleted between two calls", async () => {
    const { app, other } = await setUp(urlOf());
    const t = app.task("t", (x: number) => x);
    await t.delay(1);
    await other.deleteQueue("celery");
    await t.delay(2);
    expect(bodyOf(await take(app))).toEqual([[2], {}, null]);
    await t.delay(3);
    expect(bodyOf(await take(app))).toEqual([[3], {}, null]);
  });

  it("arrives with many others that were sent at once, each once", async () => {
    const { app, other } = await setUp(urlOf());
    const t = app.task("t", (x: number) => x);
    await t.delay(0);
    await other.deleteQueue("celery");
    await Promise.all([
      ...Array.from({ length: 50 }, (__, i) => t.delay(i)),
      t.sendMany(Array.from({ length: 3000 }, (__, i) => [i] as const)),
    ]);
    expect((await other.queueInfo("celery"))?.messages).toBe(3050);
  });

  it("arrives by the options and hooks that take the long way", async () => {
    const { app, other } = await setUp(urlOf());
    const t = app.task("t", (x: number) => x);
    await t.delay(0);
    await other.deleteQueue("celery");
    await t.applyAsync([1], { retryPolicy: { maxRetries: 0 } });
    app.on("beforeTaskPublish", ({ message }) => void (message.headers.custom = { seen: true }));
    await other.deleteQueue("celery");
    await t.delay(2);
    expect(await take(app)).toMatchObject({ headers: { seen: true } });
    await other.deleteQueue("celery");
    await t.sendMany([[3], [4]]);
    expect((await other.queueInfo("celery"))?.messages).toBe(2);
  });

  it("arrives through an exchange that its queue was unbound from", async () => {
    const exchange = { name: "media", type: "topic" } as const;
    const { app, other } = await setUp(urlOf(), {
      taskQueues: [{ name: "videos", exchange: "media", exchangeType: "topic", routingKey: "video" }],
    });
    await app.sendTask("cut", [1], { queue: "videos" });
    await other.deleteQueue("videos");
    await other.declare({ name: "elsewhere", bindings: [{ exchange, routingKey: "image" }] });
    await app.sendTask("cut", [2], { queue: "videos" });
    expect(await take(app, "videos")).toMatchObject({ exchange: "media", routingKey: "video" });
  });

  it("is refused with a sentence where no queue is bound to the exchange by the key, and nothing is left behind", async () => {
    const { app, other } = await setUp(urlOf());
    const t = app.task("t", (x: number) => x);
    await t.delay(1);
    const refused = {
      code: "CELERIAC_BROKER_REFUSED",
      message: expect.stringContaining(
        `the exchange "celery" by "typo": no queue takes it: none is bound to that exchange by that key, not even "celery"`,
      ),
    };
    await expect(t.applyAsync([2], { exchange: "celery", routingKey: "typo" })).rejects.toMatchObject(refused);
    await expect(t.sendMany([[3], [4]], { exchange: "celery", routingKey: "typo" })).rejects.toThrow(
      `the exchange "celery" by "typo" and 1 more of the same call: no queue takes it`,
    );
    await expect(t.applyAsync([5], { exchange: "nowhere", routingKey: "celery" })).rejects.toThrow("there is no such exchange");
    await expect(t.applyAsync([6], { exchange: "", routingKey: "typo" })).rejects.toThrow(`the queue "typo": no queue takes it`);
    expect((await other.queueInfo("celery"))?.messages).toBe(1);
  });

  it("is dropped where the caller says that it is not mandatory, and where nobody listens to a fanout exchange", async () => {
    const { app, other } = await setUp(urlOf(), { taskQueues: [broadcast("news"), "celery"] });
    await app.sendTask("t", []);
    await app.sendTask("t", [], { exchange: "celery", routingKey: "typo", mandatory: false });
    await other.declareExchange({ name: "news", type: "fanout" });
    await other.declareExchange({ name: "unknown to the app", type: "fanout" });
    await app.sendTask("t", [], { queue: "news" });
    await app.sendTask("t", [], { exchange: "unknown to the app", routingKey: "" });
    expect((await other.queueInfo("celery"))?.messages).toBe(1);
  });

  it("is not lost as a retry or a callback, whose queue was deleted while its task ran", async () => {
    const { app, other } = await setUp(urlOf(), {
      taskQueues: [{ name: "videos", exchange: "media", exchangeType: "topic", routingKey: "video" }, "celery"],
    });
    await app.publishBuilt([built(app, "", "celery", "celery"), built(app, "media", "video", "videos")]);
    for (const queue of ["celery", "videos"]) await other.deleteQueue(queue);
    // A retry of what came through an exchange names no queue.
    await app.publishBuilt([built(app, "", "celery", "celery"), built(app, "media", "video")]);
    expect(await take(app)).toMatchObject({ exchange: "", routingKey: "celery" });
    expect(await take(app, "videos")).toMatchObject({ exchange: "media", routingKey: "video" });
  });

  it("that follows a task is sent once, where another of the same call is refused and the call is made again", async () => {
    const { app, other } = await setUp(urlOf());
    await app.sendTask("t", []);
    await other.purge("celery");
    const good = built(app, "", "celery", "celery");
    const bad = built(app, "celery", "typo");
    await expect(app.publishBuilt([good, bad])).rejects.toThrow(`the exchange "celery" by "typo": no queue takes it`);
    await expect(app.publishBuilt([bad])).rejects.toThrow("no queue takes it");
    await app.publishBuilt([good]);
    expect((await other.queueInfo("celery"))?.messages).toBe(1);
  });
});
