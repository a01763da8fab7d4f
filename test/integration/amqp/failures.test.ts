import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { Broker } from "../../../src/broker/broker.ts";
import type { Delivery } from "../../../src/broker/contract.ts";
import { createBrokerDriver } from "../../../src/brokers/amqp/index.ts";
import { amqpRig, textOf, toQueue } from "../../support/amqp-rig.ts";
import { rabbitmqctl, rabbitUrl } from "../../support/rabbitmq.ts";
import { until } from "../../support/until.ts";

const rig = amqpRig();
const brokerOf = (url: string): Broker => new Broker(createBrokerDriver(), { url, publishRetryPolicy: false });

describe("a broker that cannot be used", () => {
  it("that nobody listens at is unavailable, and worth another try", async () => {
    const error = await brokerOf("amqp://guest:secret@127.0.0.1:1/")
      .connect()
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "CELERIAC_BROKER_UNAVAILABLE", retryable: true });
    expect((error as Error).message).toMatch(/127\.0\.0\.1:1/);
    expect((error as Error).message).not.toMatch(/secret/);
  });

  it("that accepts and never answers is given up after the connection timeout", async () => {
    const server = createServer((socket) => socket.resume()).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    const error = await brokerOf(`amqp://127.0.0.1:${port}/?connect_timeout=0.3`)
      .connect()
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "CELERIAC_BROKER_UNAVAILABLE" });
    await new Promise((resolve) => server.close(resolve));
  });

  it("that does not take the password refuses, and says what to check", async () => {
    const url = new URL(rabbitUrl);
    url.password = "wrong";
    const error = await brokerOf(url.href)
      .connect()
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "CELERIAC_BROKER_REFUSED", retryable: false });
    expect((error as Error).message).toMatch(/ACCESS_REFUSED.*check the user and the password/s);
  });

  it("that has no such virtual host refuses, and names it", async () => {
    const error = await brokerOf(`${rabbitUrl}/no-such-vhost`)
      .connect()
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "CELERIAC_BROKER_REFUSED" });
    expect((error as Error).message).toMatch(/did not open the virtual host "no-such-vhost".*create it/s);
  });
});

describe("a broker that refuses", () => {
  it("a queue with other arguments says which, and everything goes on", async () => {
    const [connection, other] = [await rig.open(), await rig.open()];
    await other.declareQueue({ name: "fixed", maxPriority: 5 });
    const consumer = await rig.consume(connection, "fixed");
    const error = await connection.declareQueue({ name: "fixed" }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "CELERIAC_BROKER_REFUSED" });
    expect((error as Error).message).toMatch(/inequivalent arg 'x-max-priority' for queue 'fixed'.*declare it with the same/s);
    await connection.publish([toQueue("fixed", "still")]);
    expect(textOf(await consumer.next())).toBe("still");
    expect(rig.lost).toEqual([]);
  });

  it("one publication fails that alone: an exchange that was deleted elsewhere does not harm what is sent beside", async () => {
    const [connection, other] = [await rig.open(), await rig.open()];
    await connection.declareQueue({ name: "beside", bindings: [{ exchange: { name: "gone", type: "direct" }, routingKey: "k" }] });
    const consumer = await rig.consume(connection, "beside");
    await connection.publish([toQueue("beside", "first")]);
    const held = await consumer.next();
    await other.deleteExchange("gone");
    const outcomes = await Promise.allSettled([
      connection.publish([toQueue("beside", "a")]),
      connection.publish([{ ...toQueue("", "b"), exchange: "gone", routingKey: "k" }]),
      connection.publish([toQueue("beside", "c")]),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(String((outcomes[1] as PromiseRejectedResult).reason)).toMatch(/no exchange 'gone'.*declare the exchange first/s);
    const got = new Set([textOf(await consumer.next()), textOf(await consumer.next())]);
    expect(got.has("a") || got.has("c")).toBe(true);
    expect(await connection.settle(held.tag, { kind: "ack" })).toBe(true);
    expect(rig.lost).toEqual([]);
  });

  it("a message for a full queue fails that message's call, not those beside it", async () => {
    const connection = await rig.open();
    await connection.declareQueue({ name: "full", arguments: { "x-max-length": 1, "x-overflow": "reject-publish" } });
    await connection.declareQueue({ name: "roomy" });
    await connection.publish([toQueue("full", "fits")]);
    const outcomes = await Promise.allSettled([
      connection.publish([toQueue("roomy", "1")]),
      connection.publish([toQueue("full", "2")]),
      connection.publish([toQueue("roomy", "3")]),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect((outcomes[1] as PromiseRejectedResult).reason).toMatchObject({ code: "CELERIAC_PUBLISH_NACKED", retryable: true });
    expect((await connection.queueInfo("roomy"))?.messages).toBe(2);
  });

  it("confirms may be turned off: what is published is there, and what is parked is confirmed all the same", async () => {
    const connection = await rig.open({ confirm_publish: false });
    await connection.declareQueue({ name: "unconfirmed" });
    const consumer = await rig.consume(connection, "unconfirmed");
    await connection.publish([toQueue("unconfirmed", "1"), toQueue("unconfirmed", "2")]);
    const delivery = await consumer.next();
    expect(textOf(await consumer.next())).toBe("2");
    expect(await connection.settle(delivery.tag, { kind: "requeue", visibleAt: Date.now() + 1100 })).toBe(true);
    expect(textOf(await consumer.next())).toBe("1");
    const last = connection.publish([toQueue("unconfirmed", "3")]);
    await connection.close();
    await last;
    expect((await (await rig.open()).queueInfo("unconfirmed"))?.messages).toBe(3);
  });

  it("headers that are too large, or that AMQP cannot hold, are refused before they are sent", async () => {
    const connection = await rig.open();
    await connection.declareQueue({ name: "h" });
    const large = connection.publish([toQueue("h", "ok"), toQueue("h", "1", { headers: { large: "x".repeat(200_000) } })]);
    await expect(large).rejects.toThrow(/headers and properties take 20\d+ bytes, and the broker takes 131072 at most/);
    await expect(connection.publish([toQueue("h", "1", { headers: { f: () => 1 } })])).rejects.toThrow(/headers\.f to be plain data/);
    expect((await connection.queueInfo("h"))?.messages).toBe(0);
  });
});

describe("messages that are hard to carry", () => {
  it("10 MiB go there and back", async () => {
    const connection = await rig.open();
    await connection.declareQueue({ name: "large" });
    const consumer = await rig.consume(connection, "large");
    const body = Buffer.alloc(10 * 1024 * 1024, "0123456789abcdef é");
    await connection.publish([
      toQueue("large", "before"),
      toQueue("large", body, { contentEncoding: "binary" }),
      toQueue("large", "after"),
    ]);
    expect(textOf(await consumer.next())).toBe("before");
    expect(Buffer.from((await consumer.next()).body).equals(body)).toBe(true);
    expect(textOf(await consumer.next())).toBe("after");
  });
});

describe("connections that end", () => {
  it("tell a consumer when its queue is deleted by another, and keep its other queues", async () => {
    const [connection, other] = [await rig.open(), await rig.open()];
    await connection.declareQueue({ name: "doomed" });
    const consumer = await rig.consume(connection, "doomed");
    await other.deleteQueue("doomed");
    expect(await consumer.cancelled).toMatch(/queue was deleted/);
    expect(rig.lost).toEqual([]);
  });

  it("lose nothing when the broker closes them all in the middle of the work", async () => {
    const count = 3000;
    const [producer, worker] = [
      new Broker(createBrokerDriver(), { url: rig.url }),
      new Broker(createBrokerDriver(), { url: rig.url, publishRetryPolicy: false }),
    ];
    const queue = { name: "storm" };
    await producer.declare(queue);
    const done = new Map<string, number>();
    let losses = 0;
    let isOver = false;
    const reconnecting: Promise<void>[] = [];
    const work = async (): Promise<void> => {
      await worker.connect();
      await worker.declare(queue);
      await worker.consume({ queues: ["storm"], prefetch: 50, onDeliveries: (batch) => batch.forEach(finish) });
    };
    const finish = (delivery: Delivery): void => {
      const body = textOf(delivery) ?? "";
      done.set(body, (done.get(body) ?? 0) + 1);
      // A settlement that the loss overtakes is answered by false or by the loss; the message comes again.
      void worker.settle(delivery, { kind: "ack" }).catch(() => false);
    };
    worker.onLost(() => {
      losses++;
      reconnecting.push(
        until(
          "a new connection",
          () =>
            isOver ||
            work().then(
              () => true,
              () => false,
            ),
        ),
      );
    });
    await work();
    const closing = (async () => {
      for (let i = 0; i < 3; i++) await rabbitmqctl("close_all_connections", "-p", rig.vhost, "by the test");
    })();
    for (let i = 0; i < count; i += 50) {
      const bodies = Array.from({ length: 50 }, (_, j) => `${i + j}`);
      await until("a publication", () =>
        producer.publishMany(bodies.map((body) => toQueue("storm", body))).then(
          () => true,
          () => false,
        ),
      );
      await new Promise((resolve) => setImmediate(resolve));
    }
    await closing;
    await until(`the end of ${count} messages`, () => done.size === count);
    isOver = true;
    await Promise.all(reconnecting);
    expect(losses).toBeGreaterThan(0);
    await producer.close();
    await worker.close();
  }, 120_000);
});
