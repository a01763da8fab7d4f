import assert from "node:assert/strict";
import type { Publication } from "../../../broker/contract.ts";
import type { BrokerSuite } from "./broker-suite.ts";
import { textOf, toQueue } from "./messages.ts";

/** Chapter: a higher priority is served first; within one, the order of publishing holds. Numbers are turned round for drivers where the lowest is the highest. */
export function priorityChapter(suite: BrokerSuite): void {
  const reason = "it delivers in the order of publishing only";
  const lowestFirst = suite.driver.capabilities.lowestFirst === true;
  const number = (priority: number): number => (lowestFirst ? 9 - priority : priority);
  const withPriority = (body: string, priority: number): Publication => toQueue("q", body, { properties: { priority: number(priority) } });
  suite.describe("priority", () => {
    suite.itWhere("priority", true, reason, "delivers the highest priority first, and equal ones in order", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q", maxPriority: 9 });
      await connection.publish([
        withPriority("0a", 0),
        withPriority("5a", 5),
        withPriority("9a", 9),
        lowestFirst ? withPriority("0b", 0) : toQueue("q", "0b"),
        withPriority("5b", 5),
        withPriority("9b", 9),
      ]);
      const collector = await suite.collect(connection, ["q"]);
      await collector.take(6);
      assert.deepEqual(collector.bodies(), ["9a", "9b", "5a", "5b", "0a", "0b"]);
      assert.equal(collector.deliveries[0]?.properties.priority, number(9));
    });
    suite.itWhere(
      "lowestFirst",
      true,
      "the highest number is served first",
      "takes a message without a priority for one of the highest",
      async () => {
        const connection = await suite.connect();
        await connection.declareQueue({ name: "q" });
        await connection.publish([withPriority("low", 0), toQueue("q", "none"), withPriority("high", 9)]);
        assert.deepEqual(
          [textOf(await connection.get("q")), textOf(await connection.get("q")), textOf(await connection.get("q"))],
          ["none", "high", "low"],
        );
      },
    );
    suite.itWhere("priority", true, reason, "serves a later message of higher priority before those that wait", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q", maxPriority: 9 });
      await connection.publish([withPriority("low 1", 1), withPriority("low 2", 1)]);
      assert.equal(textOf(await connection.get("q")), "low 1");
      await connection.publish([withPriority("high", 8)]);
      assert.equal(textOf(await connection.get("q")), "high");
      assert.equal(textOf(await connection.get("q")), "low 2");
    });
    suite.itWhere("priority", true, reason, "puts a requeued message back into its priority", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q", maxPriority: 9 });
      await connection.publish([withPriority("low", 0), withPriority("middle", 5), withPriority("high", 9)]);
      const high = await connection.get("q");
      const middle = await connection.get("q");
      assert.ok(high && middle);
      await connection.settle(middle.tag, { kind: "requeue" });
      await connection.settle(high.tag, { kind: "requeue" });
      assert.deepEqual(
        [textOf(await connection.get("q")), textOf(await connection.get("q")), textOf(await connection.get("q"))],
        ["high", "middle", "low"],
      );
    });
    suite.itWhere(
      "lowestFirst",
      false,
      "priorities have steps of their own",
      "takes a priority above the queue's highest for the highest",
      async () => {
        if (!suite.driver.capabilities.priority) return;
        const connection = await suite.connect();
        await connection.declareQueue({ name: "q", maxPriority: 5 });
        await connection.publish([withPriority("five", 5), withPriority("nine", 9), withPriority("four", 4)]);
        assert.deepEqual(
          [textOf(await connection.get("q")), textOf(await connection.get("q")), textOf(await connection.get("q"))],
          ["five", "nine", "four"],
        );
      },
    );
    suite.itWhere("priority", false, "it has priorities", "delivers in the order of publishing, whatever the priority", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      await connection.publish([withPriority("low", 0), withPriority("high", 9)]);
      assert.deepEqual([textOf(await connection.get("q")), textOf(await connection.get("q"))], ["low", "high"]);
    });
  });
}
