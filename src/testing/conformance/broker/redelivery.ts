import assert from "node:assert/strict";
import type { BrokerSuite } from "./broker-suite.ts";
import { textOf, toQueue } from "./messages.ts";

/** Chapter: what a connection held when it ended is delivered again. */
export function redeliveryChapter(suite: BrokerSuite): void {
  suite.describe("redelivery after a connection ended", () => {
    suite.it("gives back what was delivered and not settled when its connection is closed, uncounted", async () => {
      const [holder, other] = [await suite.connect(), await suite.connect()];
      await holder.declareQueue({ name: "q" });
      await holder.publish(["1", "2", "3"].map((body) => toQueue("q", body)));
      const collector = await suite.collect(holder, ["q"]);
      const [first] = await collector.take(3);
      assert.ok(first);
      assert.equal(await holder.settle(first.tag, { kind: "ack" }), true);
      await holder.close();
      const again = await suite.collect(other, ["q"]);
      const deliveries = await again.take(2);
      assert.deepEqual(again.bodies(), ["2", "3"]);
      for (const delivery of deliveries) {
        assert.equal(delivery.redelivered, true);
        assert.deepEqual(delivery.deaths, { child: 0, worker: 0 });
      }
    });
    suite.it("gives back what was taken by get when its connection is closed", async () => {
      const [holder, other] = [await suite.connect(), await suite.connect()];
      await holder.declareQueue({ name: "q" });
      await holder.publish([toQueue("q", "1")]);
      assert.ok(await holder.get("q"));
      await holder.close();
      await suite.eventually(async () => (await other.queueInfo("q"))?.messages === 1, "the return of the message");
    });
    suite.it("delivers to a consumer that waits what another connection gives back", async () => {
      const [holder, other] = [await suite.connect(), await suite.connect()];
      await holder.declareQueue({ name: "q" });
      await holder.publish([toQueue("q", "1")]);
      assert.ok(await holder.get("q"));
      const waiting = await suite.collect(other, ["q"]);
      await holder.close();
      await waiting.take(1);
      assert.deepEqual(waiting.bodies(), ["1"]);
    });
    suite.it("delivers again what was held by a connection that was lost", async () => {
      if (!suite.canCrash("delivers again what was held by a connection that was lost")) return;
      const [holder, other] = [await suite.connect(), await suite.connect()];
      await holder.declareQueue({ name: "q" });
      await holder.publish(Array.from({ length: 20 }, (_, i) => toQueue("q", `${i}`)));
      await (await suite.collect(holder, ["q"], { prefetch: 10 })).take(10);
      await suite.crash(holder);
      const again = await suite.collect(other, ["q"]);
      await again.take(20);
      assert.deepEqual(again.bodies().toSorted(), Array.from({ length: 20 }, (_, i) => `${i}`).toSorted());
      assert.equal(again.deliveries.filter(({ redelivered }) => redelivered).length, 10);
    });
    suite.it("does not deliver again what was acknowledged before the connection was lost", async () => {
      if (!suite.canCrash("does not deliver again what was acknowledged before the connection was lost")) return;
      const [holder, other] = [await suite.connect(), await suite.connect()];
      await holder.declareQueue({ name: "q" });
      await holder.publish([toQueue("q", "1"), toQueue("q", "2")]);
      const [first] = await (await suite.collect(holder, ["q"])).take(2);
      assert.ok(first);
      assert.equal(await holder.settle(first.tag, { kind: "ack" }), true);
      await suite.crash(holder);
      const again = await suite.collect(other, ["q"]);
      await again.take(1);
      await suite.settleDown(other);
      assert.deepEqual(again.bodies(), ["2"]);
    });
    suite.it("keeps what a connection published before it was lost", async () => {
      if (!suite.canCrash("keeps what a connection published before it was lost")) return;
      const [publisher, other] = [await suite.connect(), await suite.connect()];
      await publisher.declareQueue({ name: "q" });
      await publisher.publish([toQueue("q", "kept")]);
      await suite.crash(publisher);
      assert.equal(textOf(await other.get("q")), "kept");
    });
    suite.itWhere(
      "deliveriesSurviveReconnect",
      true,
      "what it held is given back when its connection ends",
      "settles a delivery on the next connection of the same process",
      async () => {
        const [holder, next] = [await suite.connect(), await suite.connect()];
        await holder.declareQueue({ name: "q" });
        await holder.publish([toQueue("q", "1")]);
        const delivery = await holder.get("q");
        assert.ok(delivery);
        assert.equal(await next.settle(delivery.tag, { kind: "ack" }), true);
        assert.equal(await holder.settle(delivery.tag, { kind: "ack" }), false);
      },
    );
    suite.itWhere(
      "deliveriesSurviveReconnect",
      false,
      "a delivery outlives its connection",
      "settles false what an ended connection held",
      async () => {
        const [holder, next] = [await suite.connect(), await suite.connect()];
        await holder.declareQueue({ name: "q" });
        await holder.publish([toQueue("q", "1")]);
        const delivery = await holder.get("q");
        assert.ok(delivery);
        await holder.close();
        assert.equal(await next.settle(delivery.tag, { kind: "ack" }), false);
        await suite.eventually(async () => (await next.queueInfo("q"))?.messages === 1, "the return of the message");
      },
    );
  });
}
