import assert from "node:assert/strict";
import type { BrokerSuite } from "./broker-suite.ts";
import { textOf, toQueue } from "./messages.ts";

/** See expiry.ts for its length. */
const SHORT_MS = 1200;

/** Chapter: a message for later is not delivered before its time, and is not forgotten. */
export function delayChapter(suite: BrokerSuite): void {
  const now = (): number => suite.now();
  const reason = "it delivers at once; a worker holds what is for later";
  const elsewhere = "what is for later waits where neither is possible";
  suite.describe("delayed delivery", () => {
    suite.itWhere("delay", true, reason, "delivers a message at its time and not before, to a consumer that waits", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      const collector = await suite.collect(connection, ["q"]);
      await connection.publish([toQueue("q", "later", {}, now() + SHORT_MS), toQueue("q", "now")]);
      await collector.take(1);
      await suite.settleDown(connection);
      assert.deepEqual(collector.bodies(), ["now"]);
      await suite.pass(SHORT_MS + 50);
      const [, later] = await collector.take(2);
      assert.equal(textOf(later), "later");
      assert.equal(later?.redelivered, false);
    });
    suite.itWhere("delay", true, reason, "delivers delayed messages in the order of their times", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      const collector = await suite.collect(connection, ["q"]);
      const start = now();
      const delays = [900, 300, 1200, 600];
      await connection.publish(delays.map((delay) => toQueue("q", `${delay}`, {}, start + delay)));
      for (let i = 0; i < 5; i++) await suite.pass(300);
      await collector.take(4);
      assert.deepEqual(collector.bodies(), ["300", "600", "900", "1200"]);
    });
    suite.itWhere("delay", true, reason, "delivers at once what is for a time that is over", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      await connection.publish([toQueue("q", "1", {}, now() - 1000), toQueue("q", "2", {}, now())]);
      const collector = await suite.collect(connection, ["q"]);
      await collector.take(2);
    });
    suite.itWhere("delay", true, reason, "does not give a delayed message to get before its time", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      await connection.publish([toQueue("q", "1", {}, now() + SHORT_MS)]);
      assert.equal(await connection.get("q"), undefined);
      await suite.pass(SHORT_MS + 50);
      assert.equal(textOf(await connection.get("q")), "1");
    });
    suite.itWhere("delay", true, reason, "parks a delivery until a time, which marks and counts nothing", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      const collector = await suite.collect(connection, ["q"], { prefetch: 1 });
      await connection.publish([toQueue("q", "parked"), toQueue("q", "next")]);
      const [first] = await collector.take(1);
      assert.ok(first);
      assert.equal(await connection.settle(first.tag, { kind: "requeue", visibleAt: now() + SHORT_MS }), true);
      const [, next] = await collector.take(2);
      assert.equal(textOf(next), "next");
      assert.ok(next);
      await connection.settle(next.tag, { kind: "ack" });
      await suite.pass(SHORT_MS + 50);
      const [, , again] = await collector.take(3);
      assert.equal(textOf(again), "parked");
      assert.equal(again?.redelivered, false);
      assert.deepEqual(again?.deaths, { child: 0, worker: 0 });
    });
    suite.itWhere("delay", true, reason, "keeps a delayed message when the connection that published it is closed", async () => {
      const [publisher, other] = [await suite.connect(), await suite.connect()];
      await publisher.declareQueue({ name: "q" });
      const collector = await suite.collect(other, ["q"]);
      await publisher.publish([toQueue("q", "later", {}, now() + SHORT_MS)]);
      await publisher.close();
      await suite.pass(SHORT_MS + 50);
      await collector.take(1);
    });
    suite.itWhere("countsDelayed", true, elsewhere, "counts delayed messages as waiting", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      await connection.publish([toQueue("q", "1", {}, now() + SHORT_MS), toQueue("q", "2")]);
      assert.equal((await connection.queueInfo("q"))?.messages, 2);
    });
    suite.itWhere("countsDelayed", true, elsewhere, "purges delayed messages too", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      await connection.publish([toQueue("q", "1", {}, now() + SHORT_MS), toQueue("q", "2")]);
      assert.equal(await connection.purge("q"), 2);
      await suite.pass(SHORT_MS + 50);
      assert.equal(await connection.get("q"), undefined);
    });
  });
}
