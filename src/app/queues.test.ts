import { describe, expect, it } from "vitest";
import { type QueueSettings, Queues } from "./queues.ts";
import { broadcast, workerDirectQueue } from "./task-queue.ts";

const defaults: QueueSettings = {
  taskQueues: null,
  taskDefaultQueue: "celery",
  taskDefaultExchange: null,
  taskDefaultExchangeType: "direct",
  taskDefaultRoutingKey: null,
  taskQueueMaxPriority: null,
  taskCreateMissingQueues: true,
  taskCreateMissingQueueExchangeType: null,
  workerDirect: false,
};
const queues = (changed: Partial<QueueSettings> = {}): Queues => new Queues({ ...defaults, ...changed });

describe("queues", () => {
  it("are the default one, and those that are named, each with an exchange of its own", () => {
    const known = queues({ taskQueueMaxPriority: 10 });
    expect(known.default).toMatchObject({ name: "celery", exchange: "", routingKey: "celery" });
    expect(known.find("slow").queue).toEqual({
      name: "slow",
      bindings: [{ exchange: { name: "slow", type: "direct" }, routingKey: "slow" }],
      maxPriority: 10,
    });
    expect([...known.names()]).toEqual(["celery", "slow"]);
  });

  it("come from taskQueues as names, records or a map, with what they leave open from the defaults", () => {
    const known = queues({
      taskQueues: [
        "a",
        {
          name: "b",
          exchange: "media",
          exchangeType: "topic",
          routingKey: "video.#",
          messageTtl: "1m",
          expires: 5,
          durable: false,
          queueArguments: { "x-max-length": 9 },
        },
      ],
      taskDefaultExchange: "tasks",
      taskDefaultExchangeType: "topic",
      taskDefaultRoutingKey: "task.default",
    });
    expect(known.find("a")).toMatchObject({ exchange: "tasks", routingKey: "task.default", exchangeType: "topic" });
    expect(known.find("b").queue).toEqual({
      name: "b",
      bindings: [{ exchange: { name: "media", type: "topic" }, routingKey: "video.#" }],
      durable: false,
      messageTtlMs: 60_000,
      expiresMs: 5000,
      arguments: { "x-max-length": 9 },
    });
    expect([...known.names()]).toEqual(["a", "b"]);
    expect([...queues({ taskQueues: { x: null, y: { routingKey: "k" } } }).names()]).toEqual(["x", "y"]);
    expect(
      queues({ taskQueues: [{ name: "m", bindings: [{ exchange: "e1", routingKey: "k1" }, { routingKey: "k2" }] }] }).find("m").queue
        .bindings,
    ).toEqual([
      { exchange: { name: "e1", type: "direct" }, routingKey: "k1" },
      { exchange: { name: "m", type: "direct" }, routingKey: "k2" },
    ]);
  });

  it("that are not known are refused where they may not be made, with the nearest name", () => {
    const known = queues({ taskQueues: ["images", "celery"], taskCreateMissingQueues: false });
    expect(() => known.find("imagse")).toThrow('no queue is called "imagse"; did you mean "images"?');
    expect(() => known.select({ select: ["other"] })).toThrow("known are images, celery; add it to the setting taskQueues");
  });

  it("of dead letters are refused everywhere", () => {
    expect(() => queues().find("celeriac.dead.celery")).toThrow("it holds dead letters");
    expect(() => queues().select({ select: ["celeriac.dead.celery"] })).toThrow("it holds dead letters");
  });

  it("take Celery's spelling of options, and refuse what is none", () => {
    expect(queues({ taskQueues: [{ name: "a", routing_key: "k", queue_arguments: { x: 1 } }] }).find("a").queue).toMatchObject({
      bindings: [{ routingKey: "k" }],
      arguments: { x: 1 },
    });
    expect(() => queues({ taskQueues: [{ name: "a", rutingKey: "k" }] })).toThrow(
      'the queue "a" has no option "rutingKey"; did you mean "routingKey"?',
    );
  });

  it("refuse an exchange type that there is not", () => {
    expect(() => queues({ taskQueues: [{ name: "a", exchangeType: "dirct" }] })).toThrow(
      "expected exchangeType of the queue a to be one of direct, topic, fanout, headers",
    );
  });

  it("of a worker are all, only some, or all but some", () => {
    const known = queues({ taskQueues: ["a", "b", "c"] });
    const names = (...given: Parameters<Queues["select"]>): string[] => known.select(...given).map(({ name }) => name);
    expect(names()).toEqual(["a", "b", "c"]);
    expect(names({ select: ["b", "new", "b"] })).toEqual(["b", "new"]);
    expect(names({ select: [], exclude: ["b", "new"] })).toEqual(["a", "c"]);
    expect(() => names({ select: ["a"], exclude: ["a"] })).toThrow("at least one queue");
  });

  it("for broadcasts are one for each worker on a fanout exchange, and no publisher's", () => {
    const one = queues({ taskQueues: [broadcast("news")] }).find("news");
    const other = queues({ taskQueues: [broadcast("news")] }).find("news");
    expect(one).toMatchObject({ name: "news", exchange: "news", routingKey: "", exchangeType: "fanout", declaredByPublishers: false });
    expect(one.queue).toMatchObject({ autoDelete: true, bindings: [{ exchange: { name: "news", type: "fanout" } }] });
    expect(one.queue.name).toMatch(/^bcast\./);
    expect(one.queue.name).not.toBe(other.queue.name);
  });

  it("for one worker alone are Celery's", () => {
    expect(workerDirectQueue("w1@host")).toMatchObject({
      name: "w1@host.dq2",
      exchange: "C.dq2",
      routingKey: "w1@host",
      queue: { autoDelete: true },
    });
    expect(queues().find("w1@host.dq2")).toEqual(workerDirectQueue("w1@host"));
    const consumed = (workerDirect: boolean) =>
      queues({ workerDirect })
        .select({ hostname: "w1@host" })
        .map(({ name }) => name);
    expect([consumed(true), consumed(false)]).toEqual([["celery", "w1@host.dq2"], ["celery"]]);
  });
});
