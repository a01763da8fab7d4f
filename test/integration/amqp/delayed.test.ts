import { describe, expect, it } from "vitest";
import { amqpRig, textOf, toQueue } from "../../support/amqp-rig.ts";
import { until } from "../../support/until.ts";

const rig = amqpRig();

describe("delayed delivery on RabbitMQ", () => {
  it("delivers to the millisecond, not before, and never shows its own header", async () => {
    const connection = await rig.open();
    await connection.declareQueue({ name: "exact" });
    const consumer = await rig.consume(connection, "exact");
    const dueAt = Date.now() + 1700;
    await connection.publish([toQueue("exact", "later", { headers: { id: "1" } }, dueAt), toQueue("exact", "soon", {}, Date.now() + 300)]);
    expect(textOf(await consumer.next())).toBe("soon");
    const later = await consumer.next();
    expect(Date.now()).toBeGreaterThanOrEqual(dueAt);
    expect(Date.now()).toBeLessThan(dueAt + 900);
    expect([later.exchange, later.routingKey, later.queue, later.redelivered]).toEqual(["", "exact", "exact", false]);
    expect(later.headers["id"]).toBe("1");
    expect(later.headers["x-celeriac"]).toBeUndefined();
  });

  it("comes back through an exchange of a name, to all queues that are bound to it by then", async () => {
    const connection = await rig.open();
    const exchange = { name: "shop", type: "topic" } as const;
    await connection.declareQueue({ name: "one", bindings: [{ exchange, routingKey: "order.*" }] });
    await connection.publish([{ ...toQueue("", "late"), exchange: "shop", routingKey: "order.new", visibleAt: Date.now() + 1100 }]);
    await connection.declareQueue({ name: "two", bindings: [{ exchange, routingKey: "#" }] });
    for (const queue of ["one", "two"]) {
      const delivery = await (await rig.consume(connection, queue)).next();
      expect([textOf(delivery), delivery.exchange, delivery.routingKey]).toEqual(["late", "shop", "order.new"]);
    }
  });

  it("parks one delivery again and again, with its address, without RabbitMQ's taking it for one that goes round in circles", async () => {
    const connection = await rig.open();
    const exchange = { name: "x", type: "direct" } as const;
    await connection.declareQueue({ name: "parked", bindings: [{ exchange, routingKey: "k" }] });
    const consumer = await rig.consume(connection, "parked", 1);
    await connection.publish([{ ...toQueue("", "again"), exchange: "x", routingKey: "k" }]);
    for (let i = 0; i < 3; i++) {
      const delivery = await consumer.next();
      expect([textOf(delivery), delivery.exchange, delivery.routingKey, delivery.redelivered]).toEqual(["again", "x", "k", false]);
      expect(await connection.settle(delivery.tag, { kind: "requeue", visibleAt: Date.now() + 1050 })).toBe(true);
    }
    expect(textOf(await consumer.next())).toBe("again");
  });

  it("keeps apart queues of which one's name is the end of the other's, and names with words that patterns have", async () => {
    const connection = await rig.open();
    const names = ["end", "low.end", "*", "low.#", "n".repeat(240)];
    for (const name of names) {
      await connection.declareQueue({ name });
      await connection.publish([toQueue(name, name, {}, Date.now() + 1010)]);
    }
    for (const name of names) {
      await until(`the message of ${name}`, async () => ((await connection.queueInfo(name))?.messages ?? 0) > 0);
      const delivery = await connection.get(name);
      expect([textOf(delivery), delivery?.routingKey]).toEqual([name, name]);
    }
    for (const name of names) expect(await connection.get(name)).toBeUndefined();
  });

  it("reaches a worker of another make when its time has come, with everybody of ours gone", async () => {
    const connection = await rig.open();
    await connection.declareQueue({ name: "for-python" });
    const consumer = await rig.consume(connection, "for-python");
    await connection.publish([toQueue("for-python", '"x"', { headers: { id: "1" } })]);
    const delivery = await consumer.next();
    await connection.settle(delivery.tag, { kind: "requeue", visibleAt: Date.now() + 2000 });
    await connection.close();
    const got = await rig.python(
      `import time
queue = kombu.Queue("for-python", no_declare=True)
got = []
with connection.Consumer(queue, callbacks=[lambda body, message: (got.append(message.headers["id"]), message.ack())]):
  connection.drain_events(timeout=10)
print(json.dumps(got))`,
    );
    expect(got).toEqual(["1"]);
  });

  it("refuses to delay a message for a queue that does not exist, and says so where the delay queues are of another type", async () => {
    const connection = await rig.open();
    await expect(connection.publish([toQueue("nowhere", "1", {}, Date.now() + 5000)])).rejects.toThrow(/no queue is called "nowhere"/);
    const other = await rig.open({ delayQueueType: "quorum" });
    await other.declareQueue({ name: "typed" });
    await expect(other.publish([toQueue("typed", "1", {}, Date.now() + 5000)])).rejects.toThrow(
      /brokerNativeDelayedDeliveryQueueType.*x-queue-type/s,
    );
    await other.publish([toQueue("typed", "works on")]);
    expect(textOf(await other.get("typed"))).toBe("works on");
  });
});
