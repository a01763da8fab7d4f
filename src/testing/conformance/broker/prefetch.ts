import assert from "node:assert/strict";
import type { BrokerSuite } from "./broker-suite.ts";
import { toQueue } from "./messages.ts";

const many = (count: number): ReturnType<typeof toQueue>[] => Array.from({ length: count }, (_, i) => toQueue("q", `${i}`));

/** Chapter: a consumer never holds more than it asked for. */
export function prefetchChapter(suite: BrokerSuite): void {
  suite.describe("prefetch", () => {
    suite.it("delivers no more than the prefetch until something is settled", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      await connection.publish(many(10));
      const collector = await suite.collect(connection, ["q"], { prefetch: 3 });
      const [first, second] = await collector.take(3);
      assert.ok(first && second);
      await suite.settleDown(connection);
      assert.equal(collector.deliveries.length, 3);
      assert.equal((await connection.queueInfo("q"))?.messages, 7);
      await connection.settle(first.tag, { kind: "ack" });
      await collector.take(4);
      await connection.settle(second.tag, { kind: "reject" });
      await collector.take(5);
      await suite.settleDown(connection);
      assert.equal(collector.deliveries.length, 5);
    });
    suite.it("counts over all queues of the consumer", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      await connection.declareQueue({ name: "r" });
      await connection.publish([...many(5), ...Array.from({ length: 5 }, (_, i) => toQueue("r", `r${i}`))]);
      const collector = await suite.collect(connection, ["q", "r"], { prefetch: 4 });
      await collector.take(4);
      await suite.settleDown(connection);
      assert.equal(collector.deliveries.length, 4);
    });
    suite.it("counts each consumer for itself", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      await connection.publish(many(10));
      const [a, b] = [await suite.collect(connection, ["q"], { prefetch: 2 }), await suite.collect(connection, ["q"], { prefetch: 3 })];
      await Promise.all([a.take(2), b.take(3)]);
      await suite.settleDown(connection);
      assert.deepEqual([a.deliveries.length, b.deliveries.length], [2, 3]);
    });
    suite.it("delivers all at once where the prefetch is 0", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      await connection.publish(many(2500));
      const collector = await suite.collect(connection, ["q"], { prefetch: 0 });
      await collector.take(2500);
      assert.equal(new Set(collector.bodies()).size, 2500);
    });
    suite.it("delivers more at once when the prefetch is raised, and no more until there is room when it is lowered", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      await connection.publish(many(10));
      const collector = await suite.collect(connection, ["q"], { prefetch: 1 });
      await collector.take(1);
      collector.consumer.setPrefetch(4);
      const held = await collector.take(4);
      collector.consumer.setPrefetch(2);
      for (const { tag } of held.slice(0, 2)) await connection.settle(tag, { kind: "ack" });
      await suite.settleDown(connection);
      assert.equal(collector.deliveries.length, 4);
      for (const { tag } of held.slice(2)) await connection.settle(tag, { kind: "ack" });
      await collector.take(6);
      await suite.settleDown(connection);
      assert.equal(collector.deliveries.length, 6);
    });
    suite.it("does not count what was taken by get", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      await connection.publish(many(2));
      assert.ok(await connection.get("q"));
      const collector = await suite.collect(connection, ["q"], { prefetch: 1 });
      await collector.take(1);
      assert.deepEqual(collector.bodies(), ["1"]);
    });
    suite.it("serves all queues of a consumer, however long one of them is", async () => {
      const connection = await suite.connect();
      for (const name of ["q", "r", "s"]) await connection.declareQueue({ name });
      await connection.publish([...many(300), toQueue("r", "r0"), toQueue("s", "s0"), toQueue("r", "r1"), toQueue("s", "s1")]);
      const collector = await suite.collect(connection, ["q", "r", "s"], { prefetch: 2 });
      collector.acknowledgeAll();
      await collector.take(304);
      const lastOfShort = Math.max(...["r0", "r1", "s0", "s1"].map((body) => collector.bodies().indexOf(body)));
      assert.ok(lastOfShort < 100, `the short queues waited for the long one: their last message came as number ${lastOfShort} of 304`);
    });
  });
}
