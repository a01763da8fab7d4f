import assert from "node:assert/strict";
import type { BrokerSuite } from "./broker-suite.ts";
import { textOf, toQueue } from "./messages.ts";

/** Chapter: one message is taken at a time, by asking. */
export function getChapter(suite: BrokerSuite): void {
  suite.describe("get", () => {
    suite.it("gives the messages one by one in their order, then undefined", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      await connection.publish(["1", "2"].map((body) => toQueue("q", body)));
      assert.equal(textOf(await connection.get("q")), "1");
      assert.equal(textOf(await connection.get("q")), "2");
      assert.equal(await connection.get("q"), undefined);
    });
    suite.it("takes for good with noAck", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      await connection.publish([toQueue("q", "1")]);
      const delivery = await connection.get("q", { noAck: true });
      assert.equal(textOf(delivery), "1");
      assert.ok(delivery);
      assert.equal(await connection.settle(delivery.tag, { kind: "requeue" }), false);
      await connection.close();
      const other = await suite.connect();
      assert.equal((await other.queueInfo("q"))?.messages, 0);
    });
    suite.it("never gives one message to two who ask at once", async () => {
      const connections = [await suite.connect(), await suite.connect()];
      await connections[0]?.declareQueue({ name: "q" });
      await connections[0]?.publish(Array.from({ length: 40 }, (_, i) => toQueue("q", `${i}`)));
      const asked = await Promise.all(Array.from({ length: 50 }, (_, i) => connections[i % 2]?.get("q")));
      const bodies = asked.map(textOf).filter((body) => body !== undefined);
      assert.equal(bodies.length, 40);
      assert.equal(new Set(bodies).size, 40);
    });
  });
}
