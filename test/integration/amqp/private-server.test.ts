import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Broker } from "../../../src/broker/broker.ts";
import type { Delivery } from "../../../src/broker/contract.ts";
import { createBrokerDriver } from "../../../src/brokers/amqp/index.ts";
import { CollectingLogger } from "../../support/collecting-logger.ts";
import { textOf, toQueue } from "../../support/amqp-rig.ts";
import { createPrivateRabbit, type PrivateRabbit } from "../../support/private-rabbitmq.ts";
import { until } from "../../support/until.ts";

let rabbit: PrivateRabbit;
beforeAll(async () => {
  rabbit = await createPrivateRabbit();
  await rabbit.start();
}, 90_000);
afterAll(() => rabbit.remove(), 60_000);

describe("a RabbitMQ that is in trouble", () => {
  it("that is short of memory blocks publications, which is told, and not acknowledgements; they go through when it has room again", async () => {
    const logger = new CollectingLogger();
    await using broker = new Broker(createBrokerDriver(), { url: rabbit.url, logger });
    await broker.declare({ name: "q" });
    const settled: Promise<boolean>[] = [];
    await broker.consume({
      queues: ["q"],
      prefetch: 1,
      onDeliveries: (batch) => settled.push(...batch.map((delivery) => broker.settle(delivery, { kind: "ack" }))),
    });
    await broker.publish(toQueue("q", "before"));
    await until("the first delivery", () => settled.length === 1);
    await rabbit.ctl("set_vm_memory_high_watermark", "absolute", "1MB");
    let isPublished = false;
    const blocked = broker.publishMany(["1", "2"].map((body) => toQueue("q", body))).then(() => (isPublished = true));
    expect((await logger.line(/takes no publications/)).fields).toMatchObject({ reason: expect.stringMatching(/memory/) as string });
    expect((await broker.queueInfo("q"))?.consumers).toBe(1);
    expect(isPublished).toBe(false);
    await rabbit.ctl("set_vm_memory_high_watermark", "0.4");
    await blocked;
    await until("their deliveries", () => settled.length === 3);
    expect(await Promise.all(settled)).toEqual([true, true, true]);
    await logger.line(/takes publications again/);
  }, 90_000);

  it("whose delivery timeout is over does not get at a delivery that is leased, however long it is held", async () => {
    // Both are read when a channel is opened.
    await rabbit.ctl(
      "eval",
      "application:set_env(rabbit, consumer_timeout, 4000), application:set_env(rabbit, channel_tick_interval, 200).",
    );
    const hold = async (
      queue: string,
      consumerTimeout: string,
    ): Promise<{ readonly deliveries: number; readonly settled: boolean; readonly lost: boolean }> => {
      const lost: Error[] = [];
      const driver = createBrokerDriver();
      const connection = await driver.open({ url: rabbit.url, options: { consumerTimeout }, onLost: (error) => lost.push(error) });
      await connection.declareQueue({ name: queue });
      const deliveries: Delivery[] = [];
      await connection.consume({ queues: [queue], prefetch: 10, onDeliveries: (batch) => deliveries.push(...batch) });
      await connection.publish([toQueue(queue, "long")]);
      const start = performance.now();
      await until("three times the delivery timeout", () => lost.length > 0 || performance.now() - start > 12_000);
      const [first] = deliveries;
      const settled = first === undefined ? false : await connection.settle(first.tag, { kind: "ack" }).catch(() => false);
      await connection.close();
      const witness = await driver.open({ url: rabbit.url, options: {}, onLost: () => {} });
      const left = (await witness.queueInfo(queue))?.messages ?? 0;
      await witness.close();
      return { deliveries: deliveries.length + left, settled, lost: lost.length > 0 };
    };
    const [leased, notLeased] = await Promise.all([hold("leased", "4s"), hold("not-leased", "0")]);
    expect(leased).toEqual({ deliveries: 1, settled: true, lost: false });
    expect(notLeased).toEqual({ deliveries: 2, settled: false, lost: true });
  }, 60_000);

  it("that is killed and comes back with its data has lost nothing that was confirmed", async () => {
    const broker = new Broker(createBrokerDriver(), { url: rabbit.url, publishRetryPolicy: false });
    await broker.declare({ name: "kept" });
    const confirmed = Array.from({ length: 500 }, (_, i) => `${i}`);
    await broker.publishMany(confirmed.map((body) => toQueue("kept", body)));
    const lost = Promise.withResolvers<void>();
    broker.onLost(() => lost.resolve());
    await rabbit.kill();
    await lost.promise;
    await expect(broker.publish(toQueue("kept", "down"))).rejects.toMatchObject({ code: "CELERIAC_BROKER_UNAVAILABLE" });
    await rabbit.start();
    await until(
      "the broker",
      () =>
        broker.connect().then(
          () => true,
          () => false,
        ),
      60_000,
    );
    let seen: unknown;
    const asked = async (): Promise<boolean> => {
      seen = await broker.queueInfo("kept").catch((error: unknown) => error);
      return (seen as { readonly messages?: number } | undefined)?.messages === 500;
    };
    await until("the queue", asked, 60_000).catch((error: unknown) => {
      throw new Error(`${String(error)}; last seen: ${inspect(seen)}`);
    });
    expect(textOf(await broker.get("kept"))).toBe("0");
    await broker.close();
  }, 120_000);
});
