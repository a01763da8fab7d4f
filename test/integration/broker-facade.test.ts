// The facade's own work, on the memory broker: connecting and connecting anew, retries, errors, checks, tracing.
import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { describe, it } from "vitest";
import { Broker, type BrokerOptions } from "../../src/broker/broker.ts";
import type { BrokerDriver, Delivery, DriverConnection, Publication } from "../../src/broker/contract.ts";
import { createBrokerDriver, loseMemoryConnection } from "../../src/brokers/memory/index.ts";
import { FakeClock } from "../../src/testing/fake-clock.ts";

let count = 0;
const to = (queue: string, body = "x", extra: Partial<Publication> = {}): Publication => ({
  exchange: "",
  routingKey: queue,
  message: { body, contentType: "application/json", contentEncoding: "utf-8", headers: {}, properties: {} },
  ...extra,
});

/** A memory broker whose connections can be lost and whose publishing can be made to fail. */
function setUp(options: Partial<BrokerOptions> = {}, change: Partial<BrokerDriver> = {}) {
  const clock = new FakeClock();
  const memory = createBrokerDriver({ clock });
  const made: DriverConnection[] = [];
  const failures: Error[] = [];
  const calls = { publish: 0, declareQueue: 0 };
  const driver: BrokerDriver = {
    ...memory,
    open: async (params) => {
      const real = await memory.open(params);
      made.push(real);
      return Object.assign(Object.create(real) as DriverConnection, bindAll(real), {
        publish: (publications: readonly Publication[]) => {
          calls.publish++;
          const failure = failures.shift();
          return failure ? Promise.reject(failure) : real.publish(publications);
        },
        declareQueue: (queue: Parameters<DriverConnection["declareQueue"]>[0]) => {
          calls.declareQueue++;
          return real.declareQueue(queue);
        },
      });
    },
    ...change,
  };
  const broker = new Broker(driver, { url: `memory://facade-${++count}`, clock, ...options });
  const lose = (): void => loseMemoryConnection(made.at(-1), new Error("cable cut"));
  return { broker, clock, failures, calls, made, lose };
}

function bindAll(real: DriverConnection): Partial<DriverConnection> {
  const names = ["deleteQueue", "queueInfo", "listQueues", "purge", "get", "consume", "settle", "close", "declareExchange"] as const;
  return Object.fromEntries(names.map((name) => [name, (real[name] as (...args: unknown[]) => unknown).bind(real)]));
}

const unavailable = (): Error => new Error("ECONNREFUSED");

describe("Broker: connections", () => {
  it("connects once for calls at the same time, and by itself when it is needed", async () => {
    const { broker, made } = setUp();
    await Promise.all([broker.connect(), broker.connect(), broker.declare({ name: "q" })]);
    await broker.connect();
    equal(made.length, 1);
    equal(broker.connected, true);
    await broker.close();
    equal(broker.connected, false);
  });

  it("tells its listeners of a loss, ends consumers, and connects and declares anew when asked", async () => {
    const { broker, made, lose, calls } = setUp();
    const errors: string[] = [];
    const stop = broker.onLost((error) => errors.push(error.code));
    await broker.declare({ name: "q" });
    await broker.declare({ name: "q" });
    equal(calls.declareQueue, 1);
    const consumer = await broker.consume({ queues: ["q"], prefetch: 1, onDeliveries: () => {} });
    lose();
    await new Promise((resolve) => setImmediate(resolve));
    deepEqual(errors, ["CELERIAC_BROKER_LOST"]);
    deepEqual([broker.connected, consumer.active], [false, false]);
    await rejects(consumer.addQueue("q"), { code: "CELERIAC_BROKER_CLOSED" });
    await consumer.cancel();
    await broker.declare({ name: "q" });
    deepEqual([made.length, calls.declareQueue], [2, 2]);
    stop();
    lose();
    await new Promise((resolve) => setImmediate(resolve));
    equal(errors.length, 1);
    await broker.close();
  });

  it("settles false after a reconnect what a lost connection had delivered, and does not touch what came since", async () => {
    const { broker, lose } = setUp();
    await broker.declare({ name: "q" });
    await broker.publish(to("q"));
    const old = await broker.get("q");
    ok(old);
    lose();
    equal(await broker.settle(old, { kind: "ack" }), false);
    await broker.connect();
    const again = await broker.get("q");
    ok(again);
    equal(await broker.settle(old, { kind: "ack" }), false);
    deepEqual([again.redelivered, again.deaths.worker], [true, 1]);
    equal(await broker.settle(again, { kind: "ack" }), true);
    await broker.close();
  });

  it("says that the broker cannot be reached, with the URL's password hidden and the cause kept", async () => {
    const cause = unavailable();
    const { broker } = setUp({ url: "memory://user:secret@host" }, { open: () => Promise.reject(cause) });
    await rejects(broker.connect(), (error: Error & { code: string }) => {
      equal(error.code, "CELERIAC_BROKER_UNAVAILABLE");
      match(error.message, /memory:\/\/user:\*\*@host cannot be reached: ECONNREFUSED/);
      equal(error.cause, cause);
      return true;
    });
    await broker.close();
  });

  it("leaves no connection behind when it is closed while it connects", async () => {
    const { broker, made } = setUp();
    const connecting = rejects(broker.connect(), { code: "CELERIAC_BROKER_CLOSED" });
    await broker.close();
    await connecting;
    await rejects(made[0]?.queueInfo("q") ?? Promise.resolve(), { code: "CELERIAC_BROKER_CLOSED" });
  });

  it("gives a driver the URL's query over the transport options", async () => {
    let seen: unknown;
    const { broker } = setUp(
      { url: "memory://x?a=1&b=%20z#f", transportOptions: { a: 9, c: 3 } },
      {
        open: (params) => {
          seen = params.options;
          return Promise.reject(unavailable());
        },
      },
    );
    await rejects(broker.connect());
    deepEqual(seen, { a: "1", b: " z", c: 3 });
  });
});

describe("Broker: publishing", () => {
  it("tries again by Celery's policy: at once, then after 0.2 and 0.4 seconds, then gives up with a sentence", async () => {
    const { broker, clock, failures, calls } = setUp();
    await broker.declare({ name: "q" });
    failures.push(unavailable(), unavailable(), unavailable(), unavailable());
    const published = rejects(broker.publish(to("q")), (error: Error & { code: string }) => {
      equal(error.code, "CELERIAC_PUBLISH_FAILED");
      match(error.message, /publishing to the queue "q" failed 4 times and was given up: .*ECONNREFUSED.*maxRetries/);
      return true;
    });
    const tries: number[] = [];
    for (const ms of [0, 199, 1, 399, 1]) {
      await clock.advance(ms);
      tries.push(calls.publish);
    }
    deepEqual(tries, [2, 2, 3, 3, 4]);
    await published;
    equal(clock.pendingTimers, 0);
    await broker.close();
  });

  it("succeeds when a retry does, once for each message of the calls that shared the failed one", async () => {
    const { broker, failures } = setUp();
    await broker.declare({ name: "q" });
    failures.push(unavailable());
    await Promise.all([broker.publish(to("q", "1")), broker.publish(to("q", "2"))]);
    equal((await broker.queueInfo("q"))?.messages, 2);
    await broker.close();
  });

  it("publishes again all that shared one promise of the driver", async () => {
    let attempts = 0;
    const sent: string[] = [];
    const shared = Promise.reject(unavailable());
    shared.catch(() => {});
    const connection = {
      publish: (publications: readonly Publication[]) => {
        if (attempts++ < 3) return shared;
        sent.push(...publications.map(({ message }) => String(message.body)));
        return Promise.resolve();
      },
      close: () => Promise.resolve(),
    } as unknown as DriverConnection; // The rest is not called.
    const { broker } = setUp({}, { open: () => Promise.resolve(connection) });
    await broker.connect();
    await Promise.all(["1", "2", "3"].map((body) => broker.publish(to("q", body))));
    deepEqual(sent, ["1", "2", "3"]);
    equal(attempts, 4);
    await broker.close();
  });

  it("does not try again what is refused, or what the caller wants tried once", async () => {
    const { broker, failures, calls } = setUp();
    await broker.connect();
    await rejects(broker.publish(to("q", "x", { exchange: "nowhere" })), { code: "CELERIAC_BROKER_REFUSED" });
    equal(calls.publish, 1);
    failures.push(unavailable());
    await rejects(broker.publish(to("q"), { retry: false }), { code: "CELERIAC_BROKER_UNAVAILABLE" });
    equal(calls.publish, 2);
    await broker.close();
  });

  it("stops trying when the signal is aborted, with its reason", async () => {
    const { broker, failures, clock, calls } = setUp();
    await broker.connect();
    failures.push(unavailable(), unavailable(), unavailable());
    const controller = new AbortController();
    const published = rejects(
      broker.publish(to("q"), { signal: controller.signal, retry: { maxRetries: null, intervalStart: "5s" } }),
      /no longer/,
    );
    await clock.advance(0);
    controller.abort(new Error("no longer"));
    await published;
    deepEqual([calls.publish, clock.pendingTimers], [1, 0]);
    await broker.close();
  });

  it("reconnects to publish after a loss", async () => {
    const { broker, made, lose } = setUp();
    await broker.declare({ name: "q" });
    lose();
    await broker.publish(to("q"));
    deepEqual([made.length, (await broker.queueInfo("q"))?.messages], [2, 1]);
    await broker.close();
  });

  it("refuses a body over the limit, measured in bytes, and a delay where the driver has none", async () => {
    const { broker } = setUp({ maxMessageBytes: 10 });
    await broker.declare({ name: "q" });
    await broker.publish(to("q", "0123456789"));
    await rejects(broker.publish(to("q", "ééééé0")), {
      code: "CELERIAC_MESSAGE_TOO_LARGE",
      message: /11 bytes for the queue q is over the limit of 10 bytes/,
    });
    await broker.close();
    const poor = setUp({}, { capabilities: { ...createBrokerDriver().capabilities, delay: false } });
    await rejects(poor.broker.publish(to("q", "x", { visibleAt: 1 })), {
      code: "CELERIAC_BROKER_REFUSED",
      message: /cannot delay messages/,
    });
    await poor.broker.declare({ name: "q" });
    await poor.broker.publish(to("q"));
    const delivery = await poor.broker.get("q");
    ok(delivery);
    await rejects(poor.broker.settle(delivery, { kind: "requeue", visibleAt: 1 }), {
      code: "CELERIAC_BROKER_REFUSED",
      message: /hold it until then/,
    });
    await poor.broker.close();
  });
});

describe("Broker: the rest", () => {
  it("refuses a prefetch that is no whole number", async () => {
    const { broker } = setUp();
    for (const prefetch of [-1, 1.5, Number.NaN])
      await rejects(broker.consume({ queues: [], prefetch, onDeliveries: () => {} }), { code: "CELERIAC_USAGE" });
    await broker.close();
  });

  it("does not lose a message whose queue was deleted while the facade counts its death", async () => {
    const { broker } = setUp({}, { capabilities: { ...createBrokerDriver().capabilities, countsDeaths: false } });
    await broker.declare({ name: "q" });
    await broker.publish(to("q"));
    const delivery = await broker.get("q");
    ok(delivery);
    await broker.deleteQueue("q");
    await rejects(broker.settle(delivery, { kind: "requeue", death: "child" }), { code: "CELERIAC_QUEUE_NOT_FOUND" });
    await broker.close();
  });

  it("tells diagnostics channels what it does", async () => {
    const { broker } = setUp();
    const seen: string[] = [];
    const listeners = [
      "celeriac:broker:connect",
      "celeriac:broker:deliver",
      "celeriac:broker:settle",
      "tracing:celeriac:broker:publish:start",
      "tracing:celeriac:broker:publish:asyncEnd",
    ].map((name) => [name, () => void seen.push(name.replace(/^.*broker:/, ""))] as const);
    for (const [name, listener] of listeners) subscribe(name, listener);
    await broker.declare({ name: "q" });
    await broker.publish(to("q"));
    const delivery = await new Promise<Delivery>((resolve) => {
      void broker.consume({ queues: ["q"], prefetch: 1, onDeliveries: ([first]) => first && resolve(first) });
    });
    await broker.settle(delivery, { kind: "ack" });
    for (const [name, listener] of listeners) unsubscribe(name, listener);
    deepEqual(seen, ["connect", "publish:start", "publish:asyncEnd", "deliver", "settle"]);
    await broker.close();
  });
});
