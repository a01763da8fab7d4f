import assert from "node:assert/strict";
import { type BrokerSuite, rejection } from "./broker-suite.ts";
import { textOf, toExchange, toQueue } from "./messages.ts";

/** Chapter: queues are made, described, emptied and deleted. */
export function declareChapter(suite: BrokerSuite): void {
  suite.describe("declare, purge and delete", () => {
    suite.it("makes a queue, describes it and accepts the same declaration again", async () => {
      const connection = await suite.connect();
      assert.deepEqual(await connection.declareQueue({ name: "q" }), { name: "q", messages: 0, consumers: 0 });
      await connection.publish([toQueue("q", "1"), toQueue("q", "2")]);
      const again = await connection.declareQueue({ name: "q", durable: true, exclusive: false, autoDelete: false });
      assert.equal(again.messages, 2);
      assert.equal((await connection.queueInfo("q"))?.messages, 2);
    });
    suite.it("knows nothing of a queue that was not declared", async () => {
      const connection = await suite.connect();
      assert.equal(await connection.queueInfo("nowhere"), undefined);
    });
    suite.it("refuses a declaration that differs from what exists, and goes on working", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q", messageTtlMs: 60_000 });
      const refused = await rejection(
        () => connection.declareQueue({ name: "q", messageTtlMs: 30_000 }),
        "declaring the queue anew with another TTL",
      );
      assert.match(refused.message, /q/);
      await connection.declareExchange({ name: "x", type: "direct" });
      await rejection(() => connection.declareExchange({ name: "x", type: "topic" }), "declaring the exchange anew with another type");
      await connection.publish([toQueue("q", "fine")]);
      assert.equal(textOf(await connection.get("q")), "fine");
    });
    suite.it("counts the consumers of a queue", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      const { consumer } = await suite.collect(connection, ["q"]);
      await suite.collect(connection, ["q"]);
      assert.equal((await connection.queueInfo("q"))?.consumers, 2);
      await consumer.cancel();
      await suite.eventually(async () => (await connection.queueInfo("q"))?.consumers === 1, "the consumer's leaving");
    });
    suite.it("counts waiting messages only, not those that are delivered", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      await connection.publish([toQueue("q", "1"), toQueue("q", "2"), toQueue("q", "3")]);
      await connection.get("q");
      assert.equal((await connection.queueInfo("q"))?.messages, 2);
    });
    suite.it("lists its queues where the store can tell", async () => {
      const connection = await suite.connect();
      if (connection.listQueues === undefined) return;
      await connection.declareQueue({ name: "a" });
      await connection.declareQueue({ name: "b" });
      await connection.publish([toQueue("b", "1")]);
      const listed = await connection.listQueues();
      assert.deepEqual(listed.map(({ name, messages }) => [name, messages]).toSorted(), [
        ["a", 0],
        ["b", 1],
      ]);
    });
    suite.it("purges the waiting messages, tells how many and spares what is delivered", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      assert.equal(await connection.purge("q"), 0);
      await connection.publish(["1", "2", "3", "4"].map((body) => toQueue("q", body)));
      const held = await connection.get("q");
      assert.ok(held);
      assert.equal(await connection.purge("q"), 3);
      assert.equal((await connection.queueInfo("q"))?.messages, 0);
      assert.equal(await connection.settle(held.tag, { kind: "requeue" }), true);
      assert.equal((await connection.queueInfo("q"))?.messages, 1);
    });
    suite.it("deletes a queue with its messages and bindings, and is content where there is none", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q", bindings: [{ exchange: { name: "x", type: "direct" }, routingKey: "k" }] });
      await connection.publish([toQueue("q", "1")]);
      await connection.deleteQueue("q");
      await connection.deleteQueue("q");
      assert.equal(await connection.queueInfo("q"), undefined);
      await connection.declareQueue({ name: "q" });
      await connection.publish([toExchange("x", "k", "2")]);
      assert.equal((await connection.queueInfo("q"))?.messages, 0);
    });
    suite.it("tells a consumer that its queue was deleted, and goes on with its other queues", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "a" });
      await connection.declareQueue({ name: "b" });
      const collector = await suite.collect(connection, ["a", "b"]);
      await connection.deleteQueue("a");
      await collector.cancellation("a");
      await connection.publish([toQueue("b", "still")]);
      await collector.take(1);
      assert.deepEqual(collector.cancelled, ["a"]);
    });
    suite.it("does not give back into a new queue what was delivered from a deleted one of that name", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      await connection.publish([toQueue("q", "1")]);
      const held = await connection.get("q");
      assert.ok(held);
      await connection.deleteQueue("q");
      await connection.declareQueue({ name: "q" });
      await connection.settle(held.tag, { kind: "requeue" });
      assert.equal((await connection.queueInfo("q"))?.messages, 0, "a message of the deleted queue came into its successor");
    });
    suite.it("deletes a queue with autoDelete when its last consumer has gone, not before", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q", autoDelete: true });
      assert.ok(await connection.queueInfo("q"), "a queue that nobody has consumed yet must stay");
      const [one, two] = [await suite.collect(connection, ["q"]), await suite.collect(connection, ["q"])];
      await one.consumer.cancel();
      assert.ok(await connection.queueInfo("q"));
      await two.consumer.cancel();
      await suite.eventually(async () => (await connection.queueInfo("q")) === undefined, "the deletion of the queue with autoDelete");
    });
    suite.it("keeps an exclusive queue for the connection that declared it, and deletes it with that", async () => {
      const [owner, other] = [await suite.connect(), await suite.connect()];
      await owner.declareQueue({ name: "mine", exclusive: true });
      await rejection(
        () => other.consume({ queues: ["mine"], prefetch: 1, onDeliveries: () => {} }),
        "consuming another's exclusive queue",
      );
      await rejection(() => other.declareQueue({ name: "mine", exclusive: true }), "declaring another's exclusive queue");
      await other.publish([toQueue("mine", "for you")]);
      assert.equal(textOf(await owner.get("mine")), "for you");
      await owner.close();
      await suite.eventually(async () => (await other.queueInfo("mine")) === undefined, "the deletion of the exclusive queue");
    });
    suite.it("rejects operations on a queue that does not exist, naming it", async () => {
      const connection = await suite.connect();
      for (const call of [
        (): Promise<unknown> => connection.get("nowhere"),
        (): Promise<unknown> => connection.purge("nowhere"),
        (): Promise<unknown> => connection.bindQueue("nowhere", { exchange: { name: "x", type: "direct" }, routingKey: "k" }),
        (): Promise<unknown> => connection.consume({ queues: ["nowhere"], prefetch: 1, onDeliveries: () => {} }),
      ]) {
        assert.match((await rejection(call, `${call.toString()}`)).message, /nowhere/);
      }
    });
  });
}
