import assert from "node:assert/strict";
import { type BrokerSuite, rejection } from "./broker-suite.ts";
import { toExchange, toQueue } from "./messages.ts";

/** Chapter: what is published is delivered, once, in order and in batches. */
export function publishConsumeChapter(suite: BrokerSuite): void {
  suite.describe("publish and consume", () => {
    suite.it("delivers what waited, then what comes", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      await connection.publish([toQueue("q", "before")]);
      const collector = await suite.collect(connection, ["q"]);
      await collector.take(1);
      await connection.publish([toQueue("q", "after")]);
      const [first, second] = await collector.take(2);
      assert.deepEqual(collector.bodies(), ["before", "after"]);
      assert.equal(first?.queue, "q");
      assert.equal(second?.redelivered, false);
      assert.deepEqual(second?.deaths, { child: 0, worker: 0 });
      assert.notEqual(first?.tag, second?.tag);
    });
    suite.it("delivers in the order of publishing, across calls and within one", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      const collector = await suite.collect(connection, ["q"]);
      const sent: string[] = [];
      const calls: Promise<void>[] = [];
      for (let i = 0; i < 20; i++) {
        const bodies = Array.from({ length: 10 }, (_, j) => `${i}.${j}`);
        sent.push(...bodies);
        calls.push(connection.publish(bodies.map((body) => toQueue("q", body))));
      }
      await Promise.all(calls);
      await collector.take(200);
      assert.deepEqual(collector.bodies(), sent);
    });
    suite.it("tells where a message was published to", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q", bindings: [{ exchange: { name: "x", type: "direct" }, routingKey: "k" }] });
      const collector = await suite.collect(connection, ["q"]);
      await connection.publish([toExchange("x", "k", "1"), toQueue("q", "2")]);
      const [routed, named] = await collector.take(2);
      assert.deepEqual([routed?.queue, routed?.exchange, routed?.routingKey], ["q", "x", "k"]);
      assert.deepEqual([named?.queue, named?.exchange, named?.routingKey], ["q", "", "q"]);
    });
    suite.it("delivers a message to one consumer of a queue only", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      const [a, b] = [await suite.collect(connection, ["q"]), await suite.collect(connection, ["q"])];
      await connection.publish(Array.from({ length: 50 }, (_, i) => toQueue("q", `${i}`)));
      await suite.eventually(() => a.deliveries.length + b.deliveries.length >= 50, "the delivery of 50 messages");
      await suite.settleDown(connection);
      assert.deepEqual([...a.bodies(), ...b.bodies()].toSorted(), Array.from({ length: 50 }, (_, i) => `${i}`).toSorted());
    });
    suite.it("publishes nothing when given nothing", async () => {
      const connection = await suite.connect();
      await connection.publish([]);
    });
    suite.it("drops a publication that no queue takes, where it is not mandatory", async () => {
      const connection = await suite.connect();
      await connection.declareExchange({ name: "x", type: "direct" });
      await connection.publish([toQueue("nowhere", "1"), toExchange("x", "unbound", "2")]);
      assert.equal(await connection.queueInfo("nowhere"), undefined);
    });
    suite.it("refuses to publish to an exchange that does not exist, and publishes none of that call", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      await rejection(() => connection.publish([toQueue("q", "1"), toExchange("nowhere", "k", "2")]), "publishing to an unknown exchange");
      await connection.publish([toQueue("q", "3")]);
      const collector = await suite.collect(connection, ["q"]);
      await collector.take(1);
      assert.deepEqual(collector.bodies(), ["3"]);
    });
    suite.it("does not let a refused publication harm another call of the same turn", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      const outcomes = await Promise.allSettled([
        connection.publish([toQueue("q", "1")]),
        connection.publish([toExchange("nowhere", "k", "2")]),
        connection.publish([toQueue("q", "3")]),
      ]);
      assert.deepEqual(
        outcomes.map(({ status }) => status),
        ["fulfilled", "rejected", "fulfilled"],
      );
      assert.equal((await connection.queueInfo("q"))?.messages, 2);
    });
    suite.it("delivers without acknowledgement to a consumer with noAck", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      const collector = await suite.collect(connection, ["q"], { noAck: true, prefetch: 1 });
      await connection.publish(["1", "2", "3"].map((body) => toQueue("q", body)));
      const [first] = await collector.take(3);
      assert.ok(first);
      assert.equal(await connection.settle(first.tag, { kind: "requeue" }), false);
      await connection.close();
      const other = await suite.connect();
      assert.equal((await other.queueInfo("q"))?.messages, 0);
    });
    suite.it("takes from several queues with one consumer", async () => {
      const connection = await suite.connect();
      for (const name of ["a", "b", "c"]) await connection.declareQueue({ name });
      const collector = await suite.collect(connection, ["a", "b", "c"]);
      await connection.publish([toQueue("a", "1"), toQueue("b", "2"), toQueue("c", "3")]);
      const deliveries = await collector.take(3);
      assert.deepEqual(deliveries.map(({ queue }) => queue).toSorted(), ["a", "b", "c"]);
    });
  });
}
