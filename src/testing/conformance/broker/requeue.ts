import assert from "node:assert/strict";
import type { BrokerSuite } from "./broker-suite.ts";
import { textOf, toQueue } from "./messages.ts";

/** Chapter: a refused message is gone, one that was given back comes again. */
export function requeueChapter(suite: BrokerSuite): void {
  suite.describe("reject and requeue", () => {
    suite.it("drops a rejected message where the queue says nothing about dead letters", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      await connection.publish([toQueue("q", "1")]);
      const delivery = await connection.get("q");
      assert.ok(delivery);
      assert.equal(await connection.settle(delivery.tag, { kind: "reject" }), true);
      await connection.close();
      const other = await suite.connect();
      assert.equal((await other.queueInfo("q"))?.messages, 0);
    });
    suite.it("delivers a requeued message again, marked so and otherwise the same, with a tag of its own", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      await connection.publish([toQueue("q", "again", { headers: { id: "7" }, properties: { correlationId: "7" } })]);
      const first = await connection.get("q");
      assert.ok(first);
      assert.equal(first.redelivered, false);
      assert.equal(await connection.settle(first.tag, { kind: "requeue" }), true);
      const second = await connection.get("q");
      assert.ok(second);
      assert.equal(second.redelivered, true);
      assert.deepEqual(second.deaths, { child: 0, worker: 0 });
      assert.equal(textOf(second), "again");
      assert.equal(second.headers["id"], "7");
      assert.equal(second.properties.correlationId, "7");
      assert.notEqual(second.tag, first.tag);
    });
    suite.it("gives a requeued message to a consumer at once", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      const collector = await suite.collect(connection, ["q"], { prefetch: 1 });
      await connection.publish([toQueue("q", "1")]);
      const [first] = await collector.take(1);
      assert.ok(first);
      await connection.settle(first.tag, { kind: "requeue" });
      const [, second] = await collector.take(2);
      assert.equal(second?.redelivered, true);
    });
    suite.it("puts requeued messages before those that came later", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      await connection.publish(["1", "2", "3", "4"].map((body) => toQueue("q", body)));
      const [first, second] = [await connection.get("q"), await connection.get("q")];
      assert.ok(first && second);
      // The later one first: their old places count, not the order in which they came back.
      await connection.settle(second.tag, { kind: "requeue" });
      await connection.settle(first.tag, { kind: "requeue" });
      const bodies: (string | undefined)[] = [];
      for (let i = 0; i < 4; i++) bodies.push(textOf(await connection.get("q")));
      assert.deepEqual(bodies.slice(0, 2).toSorted(), ["1", "2"]);
      assert.deepEqual(bodies.slice(2), ["3", "4"]);
    });
    suite.it("keeps every message while some are requeued many times", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      const count = 100;
      const seen = new Map<string, number>();
      let done = 0;
      const finished = new Promise<void>((resolve) => {
        void suite.collect(connection, ["q"], {
          prefetch: 7,
          onDeliveries: (batch) => {
            for (const delivery of batch) {
              const body = textOf(delivery) ?? "";
              const times = (seen.get(body) ?? 0) + 1;
              seen.set(body, times);
              const last = times === 1 + (Number(body) % 4);
              void connection.settle(delivery.tag, last ? { kind: "ack" } : { kind: "requeue" });
              if (last && ++done === count) resolve();
            }
          },
        });
      });
      await connection.publish(Array.from({ length: count }, (_, i) => toQueue("q", `${i}`)));
      await suite.within(finished, "the last acknowledgement");
      for (let i = 0; i < count; i++) assert.equal(seen.get(`${i}`), 1 + (i % 4), `deliveries of message ${i}`);
      assert.equal((await connection.queueInfo("q"))?.messages, 0);
    });
  });
}
