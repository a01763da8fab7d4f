import { describe, expect, it } from "vitest";
import { breakAmqpConnection } from "../../../src/brokers/amqp/index.ts";
import { amqpRig, textOf, toQueue } from "../../support/amqp-rig.ts";
import { rabbitmqctl } from "../../support/rabbitmq.ts";
import { until } from "../../support/until.ts";

const rig = amqpRig();

/** Unacknowledged messages by queue. */
async function unacknowledged(): Promise<Readonly<Record<string, number>>> {
  const lines = (await rabbitmqctl("list_queues", "-p", rig.vhost, "--no-table-headers", "name", "messages_unacknowledged"))
    .trim()
    .split("\n");
  return Object.fromEntries(lines.map((line) => line.split("\t")).map(([name = "", count]) => [name, Number(count)]));
}
const leasesIn = (counts: Readonly<Record<string, number>>): number =>
  Object.entries(counts).reduce((sum, [name, count]) => sum + (name.startsWith("celeriac.lease.") ? count : 0), 0);

describe("deliveries that are held for longer than RabbitMQ's delivery timeout", () => {
  it("move to a queue of ours and stay there, and end as if they had not", async () => {
    const connection = await rig.open({ consumerTimeout: "3s" });
    await connection.declareQueue({ name: "long" });
    const consumer = await rig.consume(connection, "long");
    await connection.publish(["ack", "requeue", "park"].map((body) => toQueue("long", body, { headers: { id: body } })));
    const deliveries = [await consumer.next(), await consumer.next(), await consumer.next()];
    const [ack, requeue, park] = deliveries;
    if (ack === undefined || requeue === undefined || park === undefined) throw new Error("expected three deliveries");
    await until("the leases", async () => leasesIn(await unacknowledged()) === 3);
    expect((await unacknowledged())["long"]).toBe(0);
    expect((await connection.queueInfo("long"))?.messages).toBe(0);
    expect(await connection.settle(ack.tag, { kind: "ack" })).toBe(true);
    expect(await connection.settle(requeue.tag, { kind: "requeue" })).toBe(true);
    const again = await consumer.next();
    expect([textOf(again), again.redelivered, again.headers["id"], again.exchange, again.routingKey]).toEqual([
      "requeue",
      true,
      "requeue",
      "",
      "long",
    ]);
    expect(await connection.settle(again.tag, { kind: "ack" })).toBe(true);
    expect(await connection.settle(park.tag, { kind: "requeue", visibleAt: Date.now() + 1500 })).toBe(true);
    const parked = await consumer.next();
    expect(textOf(parked)).toBe("park");
    expect(await connection.settle(parked.tag, { kind: "ack" })).toBe(true);
    await until("the end of the lease", async () => leasesIn(await unacknowledged()) === 0);
    expect(rig.lost).toEqual([]);
  }, 60_000);

  it("are leased anew as long as they are held, and come back when their holder has gone", async () => {
    const connection = await rig.open({ consumerTimeout: "2s" });
    await connection.declareQueue({ name: "lost" });
    const exchange = { name: "x", type: "direct" } as const;
    await connection.bindQueue("lost", { exchange, routingKey: "k" });
    const consumer = await rig.consume(connection, "lost");
    await connection.publish([{ ...toQueue("", "survives"), exchange: "x", routingKey: "k" }]);
    const delivery = await consumer.next();
    const other = await rig.open();
    const heir = await rig.consume(other, "lost");
    const start = performance.now();
    await until("three renewals", async () => {
      expect(leasesIn(await unacknowledged()) + ((await unacknowledged())["lost"] ?? 0)).toBeLessThanOrEqual(2);
      return performance.now() - start > 4500;
    });
    breakAmqpConnection(connection, new Error("cut by the test"));
    const again = await heir.next();
    expect([textOf(again), again.exchange, again.routingKey, again.redelivered]).toEqual(["survives", "x", "k", true]);
    expect(await other.settle(again.tag, { kind: "ack" })).toBe(true);
    await expect(connection.settle(delivery.tag, { kind: "ack" })).rejects.toThrow(/lost/);
  }, 60_000);
});
