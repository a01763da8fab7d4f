import assert from "node:assert/strict";
import type { BrokerSuite } from "./broker-suite.ts";
import { toQueue } from "./messages.ts";

/** Chapter: an acknowledged message is gone, and a delivery is settled once. */
export function acknowledgeChapter(suite: BrokerSuite): void {
  suite.describe("acknowledge", () => {
    suite.it("removes the message for good", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      await connection.publish([toQueue("q", "1")]);
      const delivery = await connection.get("q");
      assert.ok(delivery);
      assert.equal(await connection.settle(delivery.tag, { kind: "ack" }), true);
      await connection.close();
      const other = await suite.connect();
      assert.equal((await other.queueInfo("q"))?.messages, 0);
      assert.equal(await other.get("q"), undefined);
    });
    for (const kind of ["ack", "reject", "requeue"] as const) {
      suite.it(`resolves to false and changes nothing when ${kind} comes second`, async () => {
        const connection = await suite.connect();
        await connection.declareQueue({ name: "q" });
        await connection.publish([toQueue("q", "1"), toQueue("q", "2")]);
        const delivery = await connection.get("q");
        assert.ok(delivery);
        assert.equal(await connection.settle(delivery.tag, { kind: "ack" }), true);
        assert.equal(await connection.settle(delivery.tag, { kind }), false);
        assert.equal((await connection.queueInfo("q"))?.messages, 1);
      });
    }
    suite.it("settles one of two calls of the same turn, not both", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      await connection.publish([toQueue("q", "1")]);
      const delivery = await connection.get("q");
      assert.ok(delivery);
      const settled = await Promise.all([
        connection.settle(delivery.tag, { kind: "requeue" }),
        connection.settle(delivery.tag, { kind: "ack" }),
      ]);
      assert.deepEqual(settled, [true, false]);
      assert.equal((await connection.queueInfo("q"))?.messages, 1);
    });
    suite.it("does not let a stale tag settle the delivery that came after it", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      await connection.publish([toQueue("q", "1")]);
      const first = await connection.get("q");
      assert.ok(first);
      await connection.settle(first.tag, { kind: "requeue" });
      const second = await connection.get("q");
      assert.ok(second);
      assert.equal(await connection.settle(first.tag, { kind: "ack" }), false);
      assert.equal(await connection.settle(second.tag, { kind: "ack" }), true);
    });
    suite.it("settles many deliveries in one turn, in any order", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      const collector = await suite.collect(connection, ["q"]);
      await connection.publish(Array.from({ length: 300 }, (_, i) => toQueue("q", `${i}`)));
      const deliveries = await collector.take(300);
      const settled = await Promise.all(deliveries.toReversed().map(({ tag }) => connection.settle(tag, { kind: "ack" })));
      assert.ok(settled.every(Boolean));
      await connection.close();
      const other = await suite.connect();
      assert.equal((await other.queueInfo("q"))?.messages, 0);
    });
    suite.it("knows no tag of another connection, unless deliveries survive theirs", async () => {
      const [holder, other] = [await suite.connect(), await suite.connect()];
      await holder.declareQueue({ name: "q" });
      await other.declareQueue({ name: "theirs" });
      await holder.publish([toQueue("q", "1"), toQueue("theirs", "2")]);
      const [mine, theirs] = [await holder.get("q"), await other.get("theirs")];
      assert.ok(mine && theirs);
      assert.notEqual(mine.tag, theirs.tag, "tags must differ between the connections of a process: see DeliveryTag");
      if (!suite.driver.capabilities.deliveriesSurviveReconnect) assert.equal(await other.settle(mine.tag, { kind: "ack" }), false);
      assert.equal(await holder.settle(mine.tag, { kind: "ack" }), true);
    });
  });
}
