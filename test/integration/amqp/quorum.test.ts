import { describe, expect, it } from "vitest";
import { createBrokerDriver } from "../../../src/brokers/amqp/index.ts";
import { amqpRig, textOf, toQueue } from "../../support/amqp-rig.ts";
import { until } from "../../support/until.ts";

const rig = amqpRig();
const quorum = { "x-queue-type": "quorum" };

describe("quorum queues", () => {
  it("are consumed beside classic ones, each with a prefetch, which can be changed", async () => {
    const connection = await rig.open();
    await connection.declareQueue({ name: "q", arguments: quorum });
    await connection.declareQueue({ name: "c" });
    const bodies = (name: string): string[] => Array.from({ length: 6 }, (_, i) => `${name}${i}`);
    await connection.publish([...bodies("q").map((body) => toQueue("q", body)), ...bodies("c").map((body) => toQueue("c", body))]);
    const got: string[] = [];
    const consumer = await connection.consume({
      queues: ["q", "c"],
      prefetch: 2,
      onDeliveries: (batch) => got.push(...batch.map((one) => textOf(one) ?? "")),
    });
    await until("the prefetch of both", () => got.length === 4);
    expect([(await connection.queueInfo("q"))?.messages, (await connection.queueInfo("c"))?.messages]).toEqual([4, 4]);
    consumer.setPrefetch(5);
    await until(
      "more of both",
      () => got.filter((body) => body.startsWith("c")).length === 5 && got.filter((body) => body.startsWith("q")).length >= 5,
    );
    await consumer.cancel();
  });

  it("count deliveries, which is told in a header, and keep their message through parking", async () => {
    const connection = await rig.open();
    await connection.declareQueue({ name: "counted", arguments: quorum });
    const consumer = await rig.consume(connection, "counted", 1);
    await connection.publish([toQueue("counted", "1")]);
    const first = await consumer.next();
    await connection.settle(first.tag, { kind: "requeue" });
    const second = await consumer.next();
    expect(second.headers["x-delivery-count"]).toBe(1);
    expect(second.redelivered).toBe(true);
    await connection.settle(second.tag, { kind: "requeue", visibleAt: Date.now() + 1050 });
    expect(textOf(await consumer.next())).toBe("1");
  });

  it("that nobody said are such are found out: the connection is lost once, and the next one knows", async () => {
    const owner = await rig.open();
    await owner.declareQueue({ name: "unknown", arguments: quorum });
    await owner.publish([toQueue("unknown", "1")]);
    const driver = createBrokerDriver();
    const lost = Promise.withResolvers<Error>();
    const connection = await driver.open({ url: rig.url, options: {}, onLost: lost.resolve });
    await expect(connection.consume({ queues: ["unknown"], prefetch: 1, onDeliveries: () => {} })).rejects.toThrow(/global qos/);
    expect((await lost.promise).message).toMatch(/does not support global qos/);
    await connection.close();
    const next = await driver.open({ url: rig.url, options: { delayQueueType: "classic" }, onLost: () => {} });
    const got = Promise.withResolvers<string | undefined>();
    await next.consume({ queues: ["unknown"], prefetch: 1, onDeliveries: ([delivery]) => got.resolve(textOf(delivery)) });
    expect(await got.promise).toBe("1");
    await next.close();
  });
});
