import { afterAll, afterEach, beforeAll, beforeEach, describe, it } from "vitest";
import type { BrokerDriver, DriverConnection } from "../../src/broker/contract.ts";
import { breakAmqpConnection, createBrokerDriver } from "../../src/brokers/amqp/index.ts";
import { brokerConformance } from "../../src/testing/conformance/broker/broker-conformance.ts";
import { createVhost, type TestVhost } from "../support/rabbitmq.ts";

const driver = createBrokerDriver();
let vhost: TestVhost;
let queues = new Set<string>();
let exchanges = new Set<string>();

/** RabbitMQ cannot list what is in it by AMQP: what a test declares is remembered, to be deleted after it. */
const remembering: BrokerDriver = {
  ...driver,
  open: async (params) => {
    const connection = await driver.open(params);
    const { declareExchange, declareQueue, bindQueue } = connection;
    return Object.assign(connection, {
      declareExchange: (...args: Parameters<DriverConnection["declareExchange"]>) => {
        exchanges.add(args[0].name);
        return declareExchange.apply(connection, args);
      },
      declareQueue: (...args: Parameters<DriverConnection["declareQueue"]>) => {
        queues.add(args[0].name);
        for (const { exchange } of args[0].bindings ?? []) exchanges.add(exchange.name);
        return declareQueue.apply(connection, args);
      },
      bindQueue: (...args: Parameters<DriverConnection["bindQueue"]>) => {
        exchanges.add(args[1].exchange.name);
        return bindQueue.apply(connection, args);
      },
    });
  },
};

async function removeAll(): Promise<void> {
  const connection = await driver.open({ url: vhost.url, options: {}, onLost: () => {} });
  for (const queue of queues) await connection.deleteQueue(queue);
  for (const exchange of exchanges) await connection.deleteExchange(exchange);
  queues = new Set();
  exchanges = new Set();
  await connection.close();
}

beforeAll(async () => {
  vhost = await createVhost();
}, 60_000);
afterAll(() => vhost.remove(), 60_000);

brokerConformance({
  describe,
  it,
  beforeEach,
  afterEach,
  driver: remembering,
  createHarness: () =>
    Promise.resolve({
      url: vhost.url,
      options: { delayQueueType: "classic" },
      crash: (connection) => breakAmqpConnection(connection, new Error("cut by the test")),
      close: removeAll,
    }),
});
