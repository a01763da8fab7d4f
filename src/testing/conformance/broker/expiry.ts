import assert from "node:assert/strict";
import type { BrokerSuite } from "./broker-suite.ts";
import { textOf, toQueue } from "./messages.ts";

/** Short enough to be waited for where the clock cannot be moved, long against what a slow machine needs between two calls. */
const SHORT_MS = 1200;
const LONG_MS = 3_600_000;

/** Chapter: messages and queues go when their time is over. */
export function expiryChapter(suite: BrokerSuite): void {
  const reason = "it keeps messages until somebody takes them; workers drop those that have expired";
  suite.describe("expiry of messages and queues", () => {
    suite.itWhere("expiry", true, reason, "drops a message when its expiration is over, and only that", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      await connection.publish([
        toQueue("q", "short", { properties: { expirationMs: SHORT_MS } }),
        toQueue("q", "long", { properties: { expirationMs: LONG_MS } }),
        toQueue("q", "ever"),
      ]);
      assert.equal((await connection.queueInfo("q"))?.messages, 3);
      await suite.pass(SHORT_MS + 50);
      const collector = await suite.collect(connection, ["q"]);
      await collector.take(2);
      assert.deepEqual(collector.bodies(), ["long", "ever"]);
    });
    suite.itWhere("expiry", true, reason, "drops a message when the time of its queue is over", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q", messageTtlMs: SHORT_MS });
      await connection.publish([toQueue("q", "1"), toQueue("q", "2", { properties: { expirationMs: LONG_MS } })]);
      await suite.pass(SHORT_MS + 50);
      await connection.publish([toQueue("q", "3")]);
      assert.equal(textOf(await connection.get("q")), "3");
    });
    suite.itWhere("expiry", true, reason, "does not take away what is delivered, and drops it when it is given back too late", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      await connection.publish([
        toQueue("q", "1", { properties: { expirationMs: SHORT_MS } }),
        toQueue("q", "2", { properties: { expirationMs: SHORT_MS } }),
      ]);
      const [first, second] = [await connection.get("q"), await connection.get("q")];
      assert.ok(first && second);
      await suite.pass(SHORT_MS + 50);
      assert.equal(await connection.settle(first.tag, { kind: "ack" }), true);
      assert.equal(await connection.settle(second.tag, { kind: "requeue" }), true);
      assert.equal(await connection.get("q"), undefined);
    });
    suite.itWhere("expiry", true, reason, "deletes a queue that is unused for its time, not one that has a consumer", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "unused", expiresMs: SHORT_MS });
      await connection.declareQueue({ name: "used", expiresMs: SHORT_MS });
      const { consumer } = await suite.collect(connection, ["used"]);
      await suite.pass(SHORT_MS + 50);
      await suite.eventually(async () => (await connection.queueInfo("unused")) === undefined, "the deletion of the unused queue");
      assert.ok(await connection.queueInfo("used"), "a queue with a consumer is used");
      await consumer.cancel();
      await suite.pass(SHORT_MS + 50);
      await suite.eventually(
        async () => (await connection.queueInfo("used")) === undefined,
        "the deletion of the queue after its consumer left",
      );
    });
    suite.itWhere(
      "expiry",
      false,
      "it drops expired messages itself",
      "delivers an expired message, with its expiration, for the worker to drop",
      async () => {
        const connection = await suite.connect();
        await connection.declareQueue({ name: "q" });
        await connection.publish([toQueue("q", "1", { properties: { expirationMs: 1 } })]);
        await suite.pass(10);
        assert.equal((await connection.get("q"))?.properties.expirationMs, 1);
      },
    );
  });
}
