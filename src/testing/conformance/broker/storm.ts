import assert from "node:assert/strict";
import type { Delivery, DriverConnection } from "../../../broker/contract.ts";
import type { BrokerSuite } from "./broker-suite.ts";
import { textOf, toQueue } from "./messages.ts";

const CONSUMERS = 4;
const PUBLISHERS = 3;

/** Chapter: many publishers and consumers at once; every message ends once, whatever happens to it on the way. */
export function stormChapter(suite: BrokerSuite): void {
  suite.describe("storm", () => {
    suite.it("acknowledges each message exactly once while some are requeued and rejected", async () => {
      const count = suite.stormMessages;
      const ended = new Map<string, number>();
      const requeued = new Set<string>();
      let refusedSettlements = 0;
      const onDelivery = (connection: DriverConnection, delivery: Delivery): void => {
        const body = textOf(delivery) ?? "";
        const requeues = Number(body) % 10 === 0 && !requeued.has(body);
        if (requeues) requeued.add(body);
        else ended.set(body, (ended.get(body) ?? 0) + 1);
        const kind = requeues ? "requeue" : Number(body) % 7 === 0 ? "reject" : "ack";
        void connection.settle(delivery.tag, { kind }).then((ours) => {
          if (!ours) refusedSettlements++;
        });
      };
      const connections: DriverConnection[] = [];
      for (let i = 0; i < CONSUMERS; i++) connections.push(await suite.connect());
      const [first] = connections;
      assert.ok(first);
      await first.declareQueue({ name: "a" });
      await first.declareQueue({ name: "b" });
      for (const [i, connection] of connections.entries()) {
        await connection.consume({
          queues: ["a", "b"],
          prefetch: 1 + i * 20,
          onDeliveries: (batch) => batch.forEach((delivery) => onDelivery(connection, delivery)),
        });
      }
      const publishers: Promise<void>[] = [];
      for (let p = 0; p < PUBLISHERS; p++) {
        const connection = await suite.connect();
        for (let i = p; i < count; i += PUBLISHERS) publishers.push(connection.publish([toQueue(i % 3 === 0 ? "a" : "b", `${i}`)]));
      }
      await suite.within(Promise.all(publishers), `publishing ${count} messages`);
      await suite.eventually(() => ended.size === count, `the end of ${count} messages`);
      await suite.settleDown(first);
      assert.deepEqual(
        [...ended].filter(([, times]) => times !== 1),
        [],
        "messages that ended more than once",
      );
      assert.equal(refusedSettlements, 0);
      assert.equal(requeued.size, Math.ceil(count / 10));
      await Promise.all(connections.map((connection) => connection.close()));
      const witness = await suite.connect();
      for (const queue of ["a", "b"]) assert.equal((await witness.queueInfo(queue))?.messages, 0);
    });
    suite.it("loses nothing while consumers come and go", async () => {
      const count = Math.ceil(suite.stormMessages / 10);
      const publisher = await suite.connect();
      await publisher.declareQueue({ name: "q" });
      await publisher.publish(Array.from({ length: count }, (_, i) => toQueue("q", `${i}`)));
      const ended = new Map<string, number>();
      for (let round = 0; ended.size < count; round++) {
        assert.ok(round <= count, `after ${round} rounds only ${ended.size} of ${count} messages have ended`);
        const connection = await suite.connect();
        const collector = await suite.collect(connection, ["q"], { prefetch: 40 });
        const left = count - ended.size;
        const batch = await collector.take(Math.min(left, 40));
        const mine = batch.slice(0, 30);
        const settled = await Promise.all(mine.map(({ tag }) => connection.settle(tag, { kind: "ack" })));
        for (const [i, delivery] of mine.entries()) {
          if (settled[i] === true) ended.set(textOf(delivery) ?? "", (ended.get(textOf(delivery) ?? "") ?? 0) + 1);
        }
        await connection.close();
      }
      assert.ok([...ended.values()].every((times) => times === 1));
      assert.equal((await publisher.queueInfo("q"))?.messages, 0);
    });
  });
}
