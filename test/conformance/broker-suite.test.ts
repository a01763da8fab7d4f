// The broker suite must fail on a broken driver, or it proves nothing: each of these breaks the memory broker in one way, and the chapter
// that is about it must notice.
import assert from "node:assert/strict";
import { describe, it } from "vitest";
import type {
  BrokerDriver,
  ConsumeParams,
  Delivery,
  DeliveryTag,
  DriverConnection,
  DriverConsumer,
  Publication,
} from "../../src/broker/contract.ts";
import { createBrokerDriver, loseMemoryConnection } from "../../src/brokers/memory/index.ts";
import { brokerConformance } from "../../src/testing/conformance/broker/broker-conformance.ts";
import { FakeClock } from "../../src/testing/fake-clock.ts";
import { type CollectingRunner, createCollectingRunner } from "../support/collecting-runner.ts";

type Sabotage = (real: DriverConnection, url: string) => Partial<DriverConnection>;

/** Short: a broken driver is waited for in vain. */
const PATIENCE_MS = 250;
let count = 0;

function runnerFor(
  sabotage: Sabotage = () => ({}),
  changeDriver: (driver: BrokerDriver) => BrokerDriver = (driver) => driver,
): CollectingRunner {
  const clock = new FakeClock();
  const memory = createBrokerDriver({ clock });
  const real = new WeakMap<DriverConnection, DriverConnection>();
  const driver = changeDriver({
    ...memory,
    open: async (params) => {
      const connection = await memory.open(params);
      const broken = sabotage(connection, params.url) as Readonly<Record<string, unknown>>;
      const proxy = new Proxy(connection, {
        get: (target, name) => {
          if (typeof name === "string" && name in broken) return broken[name];
          const value: unknown = Reflect.get(target, name);
          return typeof value === "function" ? (value.bind(target) as unknown) : value;
        },
      });
      real.set(proxy, connection);
      return proxy;
    },
  });
  const runner = createCollectingRunner();
  brokerConformance({
    ...runner,
    driver,
    patienceMs: PATIENCE_MS,
    stormMessages: 300,
    print: () => {},
    createHarness: () =>
      Promise.resolve({
        url: `memory://suite-${++count}`,
        crash: (connection) => loseMemoryConnection(real.get(connection), new Error("killed by the test")),
        advance: (milliseconds) => clock.advance(milliseconds),
        now: () => clock.now(),
        close: () => Promise.resolve(),
      }),
  });
  return runner;
}

const consumeWith =
  (real: DriverConnection, change: (params: ConsumeParams) => ConsumeParams) =>
  (params: ConsumeParams): Promise<DriverConsumer> =>
    real.consume(change(params));
const publishWith =
  (real: DriverConnection, change: (publications: readonly Publication[]) => readonly Publication[]) =>
  (publications: readonly Publication[]): Promise<void> =>
    real.publish(change(publications));
const changeMessage = (publication: Publication, change: Partial<Publication["message"]>): Publication => ({
  ...publication,
  message: { ...publication.message, ...change },
});
const changeDeliveries = (real: DriverConnection, change: (delivery: Delivery) => Delivery): Partial<DriverConnection> => ({
  get: async (queue, options) => {
    const delivery = await real.get(queue, options);
    return delivery && change(delivery);
  },
  consume: consumeWith(real, (params) => ({ ...params, onDeliveries: (batch) => params.onDeliveries(batch.map(change)) })),
});
const changeConsumer = (
  real: DriverConnection,
  change: (consumer: DriverConsumer) => Partial<DriverConsumer>,
): Partial<DriverConnection> => ({
  consume: async (params) => {
    const consumer = await real.consume(params);
    return {
      addQueue: (queue) => consumer.addQueue(queue),
      removeQueue: (queue) => consumer.removeQueue(queue),
      setPrefetch: (prefetch) => consumer.setPrefetch(prefetch),
      cancel: () => consumer.cancel(),
      ...change(consumer),
    };
  },
});

/** Everyone's deliveries reach every consumer of the URL. */
const audience = new Map<string, Set<ConsumeParams>>();

const broken: readonly (readonly [name: string, chapter: string, sabotage: Sabotage])[] = [
  [
    "loses what it held when it is closed",
    "redelivery after a connection ended",
    (real) => {
      const tags = new Set<DeliveryTag>();
      const note = (delivery: Delivery): Delivery => {
        tags.add(delivery.tag);
        return delivery;
      };
      return {
        ...changeDeliveries(real, note),
        close: async () => {
          await Promise.all([...tags].map((tag) => real.settle(tag, { kind: "ack" })));
          await real.close();
        },
      };
    },
  ],
  ["ignores the prefetch", "prefetch", (real) => ({ consume: consumeWith(real, (params) => ({ ...params, prefetch: 0 })) })],
  ["ignores a change of the prefetch", "prefetch", (real) => changeConsumer(real, () => ({ setPrefetch: () => {} }))],
  [
    "shares deliveries between consumers",
    "competing consumers",
    (real, url) => ({
      consume: (params) => {
        const listeners = audience.get(url) ?? new Set();
        audience.set(url, listeners.add(params));
        return real.consume({ ...params, onDeliveries: (batch) => listeners.forEach((listener) => listener.onDeliveries(batch)) });
      },
    }),
  ],
  [
    "serves the lowest priority first",
    "priority",
    (real) => ({
      publish: publishWith(real, (all) =>
        all.map((at) =>
          changeMessage(at, { properties: { ...at.message.properties, priority: 9 - Math.min(at.message.properties.priority ?? 0, 9) } }),
        ),
      ),
    }),
  ],
  [
    "says that every settlement was ours",
    "acknowledge",
    (real) => ({ settle: (tag, settlement) => real.settle(tag, settlement).then(() => true) }),
  ],
  [
    "keeps what is acknowledged",
    "acknowledge",
    (real) => ({ settle: (tag, at) => real.settle(tag, at.kind === "ack" ? { kind: "requeue" } : at) }),
  ],
  [
    "drops what is requeued",
    "reject and requeue",
    (real) => ({ settle: (tag, at) => real.settle(tag, at.kind === "requeue" ? { kind: "reject" } : at) }),
  ],
  [
    "requeues what is rejected",
    "reject and requeue",
    (real) => ({ settle: (tag, at) => real.settle(tag, at.kind === "reject" ? { kind: "requeue" } : at) }),
  ],
  [
    "never says that a message comes again",
    "reject and requeue",
    (real) => changeDeliveries(real, (delivery) => ({ ...delivery, redelivered: false })),
  ],
  ["counts no deaths", "deaths", (real) => changeDeliveries(real, (delivery) => ({ ...delivery, deaths: { child: 0, worker: 0 } }))],
  [
    "counts every requeue as a death",
    "reject and requeue",
    (real) => ({ settle: (tag, at) => real.settle(tag, at.kind === "requeue" ? { ...at, death: "worker" } : at) }),
  ],
  [
    "loses a message now and then",
    "storm",
    (real) => {
      let sent = 0;
      return { publish: publishWith(real, (all) => all.filter(() => ++sent % 90 !== 0)) };
    },
  ],
  [
    "publishes a message twice now and then",
    "storm",
    (real) => {
      let sent = 0;
      return { publish: publishWith(real, (all) => all.flatMap((at) => (++sent % 90 === 0 ? [at, at] : [at]))) };
    },
  ],
  [
    "delivers delayed messages at once",
    "delayed delivery",
    (real) => ({
      publish: publishWith(real, (all) => all.map(({ exchange, routingKey, message }) => ({ exchange, routingKey, message }))),
    }),
  ],
  [
    "forgets to park",
    "delayed delivery",
    (real) => ({ settle: (tag, at) => real.settle(tag, at.kind === "requeue" && at.visibleAt !== undefined ? { kind: "requeue" } : at) }),
  ],
  [
    "never lets a message expire",
    "expiry of messages and queues",
    (real) => ({
      publish: publishWith(real, (all) =>
        all.map((at) => {
          const { expirationMs: _, ...properties } = at.message.properties;
          return changeMessage(at, { properties });
        }),
      ),
    }),
  ],
  [
    "never lets a queue expire",
    "expiry of messages and queues",
    (real) => ({
      declareQueue: (queue) => {
        const { expiresMs: _, ...rest } = queue;
        return real.declareQueue(rest);
      },
    }),
  ],
  [
    "takes # for one word",
    "routing",
    (real) => ({
      declareQueue: (queue) =>
        real.declareQueue({
          ...queue,
          bindings: (queue.bindings ?? []).map((at) => ({ ...at, routingKey: at.routingKey.replaceAll("#", "*") })),
        }),
    }),
  ],
  [
    "treats fanout as direct",
    "routing",
    (real) => ({
      declareQueue: (queue) =>
        real.declareQueue({
          ...queue,
          bindings: (queue.bindings ?? []).map((at) => ({
            ...at,
            exchange: at.exchange.type === "fanout" ? { ...at.exchange, type: "direct" } : at.exchange,
          })),
        }),
    }),
  ],
  ["does not unbind", "routing", () => ({ unbindQueue: () => Promise.resolve() })],
  ["publishes in reverse", "publish and consume", (real) => ({ publish: publishWith(real, (all) => all.toReversed()) })],
  [
    "drops publications to an unknown exchange in silence",
    "publish and consume",
    (real) => ({ publish: (publications) => real.publish(publications).catch(() => undefined) }),
  ],
  [
    "drops mandatory publications that no queue takes",
    "mandatory publications",
    (real) => ({ publish: publishWith(real, (all) => all.map((at) => ({ ...at, mandatory: false }))) }),
  ],
  [
    "publishes nothing that follows one which no queue takes",
    "mandatory publications",
    (real) => ({
      publish: async (publications) => {
        for (const at of publications) await real.publish([at]);
      },
    }),
  ],
  [
    "refuses mandatory publications that a queue takes",
    "mandatory publications",
    (real) => ({
      publish: (publications) => real.publish(publications.map((at) => (at.mandatory === true ? { ...at, exchange: "nowhere" } : at))),
    }),
  ],
  [
    "writes text in Latin-1",
    "content and headers",
    (real) =>
      changeDeliveries(real, (delivery) =>
        typeof delivery.body === "string" ? { ...delivery, body: Buffer.from(delivery.body, "latin1").toString("latin1") } : delivery,
      ),
  ],
  [
    "loses nested headers",
    "content and headers",
    (real) => changeDeliveries(real, (delivery) => ({ ...delivery, headers: { ...delivery.headers, nested: {} } })),
  ],
  [
    "gives bytes as text",
    "content and headers",
    (real) => changeDeliveries(real, (delivery) => ({ ...delivery, body: Buffer.from(delivery.body).toString("utf8") })),
  ],
  [
    "goes on publishing after close",
    "after the end of a connection",
    (real) => ({ publish: (publications) => real.publish(publications).catch(() => undefined) }),
  ],
  [
    "does not take what it gets",
    "get",
    (real) => ({
      get: async (queue) => {
        const delivery = await real.get(queue);
        if (delivery) await real.settle(delivery.tag, { kind: "requeue" });
        return delivery;
      },
    }),
  ],
  ["does not cancel", "cancel, add and remove queues", (real) => changeConsumer(real, () => ({ cancel: () => Promise.resolve() }))],
  [
    "does not remove a queue",
    "cancel, add and remove queues",
    (real) => changeConsumer(real, () => ({ removeQueue: () => Promise.resolve() })),
  ],
  [
    "does not tell of a deleted queue",
    "declare, purge and delete",
    (real) => ({
      consume: (params) =>
        real.consume({
          queues: params.queues,
          prefetch: params.prefetch,
          noAck: params.noAck ?? false,
          onDeliveries: (batch) => params.onDeliveries(batch),
        }),
    }),
  ],
  [
    "purges nothing",
    "declare, purge and delete",
    (real) => ({ purge: (queue) => real.queueInfo(queue).then((info) => info?.messages ?? 0) }),
  ],
  [
    "accepts any declaration of a queue",
    "declare, purge and delete",
    (real) => ({ declareQueue: async (queue) => (await real.queueInfo(queue.name)) ?? real.declareQueue(queue) }),
  ],
  [
    "shares exclusive queues and keeps those with autoDelete",
    "declare, purge and delete",
    (real) => ({ declareQueue: (queue) => real.declareQueue({ ...queue, exclusive: false, autoDelete: false }) }),
  ],
  [
    "uses the tags of one connection for another too",
    "acknowledge",
    (real) => {
      const tags = new Map<DeliveryTag, DeliveryTag>();
      return {
        ...changeDeliveries(real, (delivery) => {
          const tag = tags.size + 1;
          tags.set(tag, delivery.tag);
          return { ...delivery, tag };
        }),
        settle: (tag, settlement) => real.settle(tags.get(tag) ?? 0, settlement),
      };
    },
  ],
];

describe("the broker conformance suite", () => {
  it("passes on the memory broker as it is, by the same runner", async () => {
    const { failed, count: ran } = await runnerFor().run();
    assert.deepEqual(failed, []);
    assert.ok(ran > 100, `expected more than 100 tests to run, got: ${ran}`);
  });

  for (const [name, chapter, sabotage] of broken) {
    it(`catches a driver that ${name}`, async () => {
      const { failed, count: ran } = await runnerFor(sabotage).run(` > ${chapter} > `);
      assert.ok(ran > 0, `the suite has no chapter "${chapter}"`);
      assert.ok(failed.length > 0, `the chapter "${chapter}" passed`);
    });
  }

  it("catches a driver that never reports a lost connection", async () => {
    const runner = runnerFor(undefined, (driver) => ({ ...driver, open: (params) => driver.open({ ...params, onLost: () => {} }) }));
    assert.ok((await runner.run(" > lifecycle > ")).failed.length > 0);
  });

  // Not each flag can be caught: a driver that says it cannot count or delay, and does, is only poorer than it need be.
  for (const flags of [{ priority: false }, { expiry: false }, { fanout: false }, { deliveriesSurviveReconnect: true }]) {
    it(`catches a driver that says ${JSON.stringify(flags)} of itself, which is not true`, async () => {
      const runner = runnerFor(undefined, (driver) => ({ ...driver, capabilities: Object.freeze({ ...driver.capabilities, ...flags }) }));
      assert.ok((await runner.run()).failed.length > 0, "the suite passed");
    });
  }

  it("passes with the facade counting deaths and refusing delays, where a driver says that it can do neither", async () => {
    const runner = runnerFor(
      (real) => changeDeliveries(real, (delivery) => ({ ...delivery, deaths: { child: 0, worker: 0 } })),
      (driver) => ({ ...driver, capabilities: Object.freeze({ ...driver.capabilities, countsDeaths: false, delay: false }) }),
    );
    assert.deepEqual((await runner.run()).failed, []);
  });
});
