import assert from "node:assert/strict";
import { type BrokerSuite, rejection } from "./broker-suite.ts";
import { toQueue } from "./messages.ts";

/** Chapter: a consumer begins and ends to take from queues while it runs. */
export function cancelChapter(suite: BrokerSuite): void {
  suite.describe("cancel, add and remove queues", () => {
    suite.it("delivers nothing more after cancel, which may be called twice", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      const collector = await suite.collect(connection, ["q"]);
      await connection.publish([toQueue("q", "1")]);
      await collector.take(1);
      await collector.consumer.cancel();
      await collector.consumer.cancel();
      await connection.publish([toQueue("q", "2")]);
      await suite.settleDown(connection);
      assert.deepEqual(collector.bodies(), ["1"]);
      assert.equal((await connection.queueInfo("q"))?.messages, 1);
      assert.equal((await connection.queueInfo("q"))?.consumers, 0);
    });
    suite.it("leaves what was delivered before cancel to be settled", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      const collector = await suite.collect(connection, ["q"]);
      await connection.publish([toQueue("q", "1"), toQueue("q", "2")]);
      const [first, second] = await collector.take(2);
      assert.ok(first && second);
      await collector.consumer.cancel();
      assert.equal((await connection.queueInfo("q"))?.messages, 0);
      assert.equal(await connection.settle(first.tag, { kind: "ack" }), true);
      assert.equal(await connection.settle(second.tag, { kind: "requeue" }), true);
      assert.equal((await connection.queueInfo("q"))?.messages, 1);
    });
    suite.it("is not told of the queues that it left itself", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      const collector = await suite.collect(connection, ["q"]);
      await collector.consumer.cancel();
      await connection.deleteQueue("q");
      await suite.settleDown(connection);
      assert.deepEqual(collector.cancelled, []);
    });
    suite.it("takes from a queue that is added, and no more from one that is removed", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "a" });
      await connection.declareQueue({ name: "b" });
      await connection.publish([toQueue("b", "b1")]);
      const collector = await suite.collect(connection, ["a"]);
      await collector.consumer.addQueue("b");
      await collector.consumer.addQueue("b");
      await collector.take(1);
      await collector.consumer.removeQueue("a");
      await collector.consumer.removeQueue("a");
      await connection.publish([toQueue("a", "a1"), toQueue("b", "b2")]);
      await collector.take(2);
      await suite.settleDown(connection);
      assert.deepEqual(collector.bodies(), ["b1", "b2"]);
      assert.equal((await connection.queueInfo("a"))?.messages, 1);
      assert.equal((await connection.queueInfo("b"))?.consumers, 1);
    });
    suite.it("starts without a queue and lives on without one", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      const collector = await suite.collect(connection, []);
      await connection.publish([toQueue("q", "1")]);
      await collector.consumer.addQueue("q");
      await collector.take(1);
      await collector.consumer.removeQueue("q");
      await connection.publish([toQueue("q", "2")]);
      await collector.consumer.addQueue("q");
      await collector.take(2);
    });
    suite.it("cannot add a queue that does not exist, and keeps its others", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      const collector = await suite.collect(connection, ["q"]);
      assert.match((await rejection(() => collector.consumer.addQueue("nowhere"), "adding an unknown queue")).message, /nowhere/);
      await connection.publish([toQueue("q", "1")]);
      await collector.take(1);
    });
    suite.it("leaves the other consumers of the connection alone", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      const [one, two] = [await suite.collect(connection, ["q"]), await suite.collect(connection, ["q"])];
      await one.consumer.cancel();
      await connection.publish([toQueue("q", "1"), toQueue("q", "2")]);
      await two.take(2);
      assert.deepEqual(one.deliveries, []);
    });
  });
}
