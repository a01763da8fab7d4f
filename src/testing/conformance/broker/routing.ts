import assert from "node:assert/strict";
import type { DriverConnection, Exchange } from "../../../broker/contract.ts";
import { type BrokerSuite, rejection } from "./broker-suite.ts";
import type { Collector } from "./collector.ts";
import { textOf, toExchange, toQueue } from "./messages.ts";

const direct: Exchange = { name: "direct", type: "direct" };
const topic: Exchange = { name: "topic", type: "topic" };
const fanout: Exchange = { name: "fanout", type: "fanout" };

/** Chapter: exchanges route by equal key, by pattern or to all. */
export function routingChapter(suite: BrokerSuite): void {
  const drain = async (connection: DriverConnection, queue: string): Promise<(string | undefined)[]> => {
    const bodies: (string | undefined)[] = [];
    for (
      let delivery = await connection.get(queue, { noAck: true });
      delivery !== undefined;
      delivery = await connection.get(queue, { noAck: true })
    )
      bodies.push(textOf(delivery));
    return bodies;
  };
  suite.describe("routing", () => {
    suite.it("routes by equal key through a direct exchange, to each queue that is bound by it", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "a", bindings: [{ exchange: direct, routingKey: "x" }] });
      await connection.declareQueue({
        name: "b",
        bindings: [
          { exchange: direct, routingKey: "x" },
          { exchange: direct, routingKey: "y" },
        ],
      });
      await connection.publish([
        toExchange("direct", "x", "1"),
        toExchange("direct", "y", "2"),
        toExchange("direct", "z", "3"),
        toExchange("direct", "", "4"),
      ]);
      assert.deepEqual(await drain(connection, "a"), ["1"]);
      assert.deepEqual(await drain(connection, "b"), ["1", "2"]);
    });
    suite.it("routes by pattern through a topic exchange", async () => {
      const connection = await suite.connect();
      const bindings: Readonly<Record<string, string>> = {
        exact: "task.failed",
        one: "task.*",
        any: "task.#",
        last: "#.failed",
        middle: "*.sub.*",
        all: "#",
      };
      for (const [name, routingKey] of Object.entries(bindings))
        await connection.declareQueue({ name, bindings: [{ exchange: topic, routingKey }] });
      for (const key of ["task", "task.failed", "task.sub.failed", "worker.online", "failed", "a.sub.b"])
        await connection.publish([toExchange("topic", key, key)]);
      assert.deepEqual(await drain(connection, "exact"), ["task.failed"]);
      assert.deepEqual(await drain(connection, "one"), ["task.failed"]);
      assert.deepEqual(await drain(connection, "any"), ["task", "task.failed", "task.sub.failed"]);
      assert.deepEqual(await drain(connection, "last"), ["task.failed", "task.sub.failed", "failed"]);
      assert.deepEqual(await drain(connection, "middle"), ["task.sub.failed", "a.sub.b"]);
      assert.deepEqual(await drain(connection, "all"), ["task", "task.failed", "task.sub.failed", "worker.online", "failed", "a.sub.b"]);
    });
    suite.it("gives a queue one copy, however many of its bindings match", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({
        name: "q",
        bindings: [
          { exchange: topic, routingKey: "a.*" },
          { exchange: topic, routingKey: "#" },
          { exchange: topic, routingKey: "a.b" },
        ],
      });
      await connection.publish([toExchange("topic", "a.b", "once")]);
      assert.deepEqual(await drain(connection, "q"), ["once"]);
    });
    suite.itWhere(
      "fanout",
      true,
      "it has no fanout exchanges",
      "gives each bound queue a copy through a fanout exchange, each settled for itself",
      async () => {
        const connection = await suite.connect();
        for (const name of ["a", "b", "c"]) await connection.declareQueue({ name, bindings: [{ exchange: fanout, routingKey: name }] });
        await connection.declareQueue({ name: "unbound" });
        await connection.publish([toExchange("fanout", "whatever", "to all")]);
        const copy = await connection.get("a");
        assert.ok(copy);
        assert.equal(await connection.settle(copy.tag, { kind: "ack" }), true);
        assert.deepEqual(await drain(connection, "b"), ["to all"]);
        assert.deepEqual(await drain(connection, "c"), ["to all"]);
        assert.deepEqual(await drain(connection, "unbound"), []);
      },
    );
    suite.itWhere(
      "fanout",
      true,
      "it has no fanout exchanges",
      "sends a fanout to consumers on other connections, each one copy",
      async () => {
        const connections = [await suite.connect(), await suite.connect(), await suite.connect()];
        const collectors: Collector[] = [];
        for (const [i, connection] of connections.entries()) {
          await connection.declareQueue({
            name: `own${i}`,
            exclusive: true,
            autoDelete: true,
            bindings: [{ exchange: fanout, routingKey: "" }],
          });
          collectors.push(await suite.collect(connection, [`own${i}`], { noAck: true }));
        }
        await connections[0]?.publish([toExchange("fanout", "", "hello")]);
        for (const collector of collectors) await collector.take(1);
        for (const collector of collectors) assert.deepEqual(collector.bodies(), ["hello"]);
      },
    );
    suite.itWhere("fanout", false, "it has fanout exchanges", "refuses a fanout exchange with a sentence", async () => {
      const connection = await suite.connect();
      assert.match((await rejection(() => connection.declareExchange(fanout), "declaring a fanout exchange")).message, /fanout/);
    });
    suite.it("binds and unbinds a queue while it is used", async () => {
      const [connection, other] = [await suite.connect(), await suite.connect()];
      await connection.declareQueue({ name: "q" });
      const binding = { exchange: direct, routingKey: "k" };
      await connection.bindQueue("q", binding);
      await connection.bindQueue("q", binding);
      await other.publish([toExchange("direct", "k", "1")]);
      await connection.unbindQueue("q", binding);
      await connection.unbindQueue("q", binding);
      await other.publish([toExchange("direct", "k", "2")]);
      await connection.bindQueue("q", binding);
      await other.publish([toExchange("direct", "k", "3")]);
      assert.deepEqual(await drain(connection, "q"), ["1", "3"]);
    });
    suite.it("deletes an exchange, and is content where there is none", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q", bindings: [{ exchange: direct, routingKey: "k" }] });
      await connection.deleteExchange("direct");
      await connection.deleteExchange("direct");
      await rejection(() => connection.publish([toExchange("direct", "k", "1")]), "publishing to a deleted exchange");
      await connection.declareExchange(direct);
      await connection.publish([toExchange("direct", "k", "2")]);
      assert.deepEqual(await drain(connection, "q"), []);
    });
    suite.it("deletes an exchange with autoDelete when its last queue has gone", async () => {
      const connection = await suite.connect();
      const exchange: Exchange = { ...direct, autoDelete: true };
      await connection.declareQueue({ name: "q", bindings: [{ exchange, routingKey: "k" }] });
      await connection.publish([toExchange("direct", "k", "1")]);
      await connection.deleteQueue("q");
      await suite.eventually(
        () =>
          connection.publish([toExchange("direct", "k", "2")]).then(
            () => false,
            () => true,
          ),
        "the deletion of the exchange with autoDelete",
      );
    });
    suite.it("reaches a queue by its name whatever its bindings", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q", bindings: [{ exchange: topic, routingKey: "only.this" }] });
      await connection.publish([toQueue("q", "by name")]);
      assert.deepEqual(await drain(connection, "q"), ["by name"]);
    });
  });
}
