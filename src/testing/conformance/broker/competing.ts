import assert from "node:assert/strict";
import type { BrokerSuite } from "./broker-suite.ts";
import type { Collector } from "./collector.ts";
import { toQueue } from "./messages.ts";

/** Chapter: consumers of one queue share its messages, and never one message. */
export function competingChapter(suite: BrokerSuite): void {
  suite.describe("competing consumers", () => {
    suite.it("never deliver one message to two, on one connection or on several", async () => {
      const connections = [await suite.connect(), await suite.connect(), await suite.connect()];
      const [publisher] = connections;
      assert.ok(publisher);
      await publisher.declareQueue({ name: "q" });
      const collectors: Collector[] = [];
      for (const connection of [...connections, publisher]) {
        const collector = await suite.collect(connection, ["q"], { prefetch: 5 });
        collector.acknowledgeAll();
        collectors.push(collector);
      }
      const count = 500;
      for (let i = 0; i < count; i += 50) await publisher.publish(Array.from({ length: 50 }, (_, j) => toQueue("q", `${i + j}`)));
      const all = (): string[] => collectors.flatMap((collector) => collector.bodies());
      await suite.eventually(() => all().length >= count, `the delivery of ${count} messages`);
      await suite.settleDown(publisher);
      assert.equal(all().length, count);
      assert.equal(new Set(all()).size, count);
    });
    suite.it("each get something of a long queue", async () => {
      const [one, two] = [await suite.connect(), await suite.connect()];
      await one.declareQueue({ name: "q" });
      const collectors = [await suite.collect(one, ["q"], { prefetch: 1 }), await suite.collect(two, ["q"], { prefetch: 1 })];
      await one.publish(Array.from({ length: 10 }, (_, i) => toQueue("q", `${i}`)));
      await Promise.all(collectors.map((collector) => collector.take(1)));
      assert.deepEqual(
        collectors.map(({ deliveries }) => deliveries.length),
        [1, 1],
      );
    });
    suite.it("on one connection take turns", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      const collectors: Collector[] = [];
      for (let i = 0; i < 4; i++) {
        const collector = await suite.collect(connection, ["q"], { prefetch: 2 });
        collector.acknowledgeAll();
        collectors.push(collector);
      }
      for (let i = 0; i < 20; i++) await connection.publish(Array.from({ length: 20 }, (_, j) => toQueue("q", `${i * 20 + j}`)));
      const counts = (): number[] => collectors.map(({ deliveries }) => deliveries.length);
      await suite.eventually(() => counts().reduce((a, b) => a + b, 0) >= 400, "the delivery of 400 messages");
      assert.ok(
        Math.min(...counts()) >= 20,
        `expected each of 4 equal consumers to get at least 20 of 400 messages, got: ${counts().join(", ")}`,
      );
    });
    suite.it("take over what one of them leaves", async () => {
      const [one, two] = [await suite.connect(), await suite.connect()];
      await one.declareQueue({ name: "q" });
      await one.publish(Array.from({ length: 20 }, (_, i) => toQueue("q", `${i}`)));
      await (await suite.collect(one, ["q"], { prefetch: 10 })).take(10);
      const rest = await suite.collect(two, ["q"]);
      await rest.take(10);
      await one.close();
      await rest.take(20);
      assert.deepEqual(rest.bodies().toSorted(), Array.from({ length: 20 }, (_, i) => `${i}`).toSorted());
    });
  });
}
