import assert from "node:assert/strict";
import type { Publication } from "../../../broker/contract.ts";
import { untakenBy } from "../../../broker/no-queue-takes.ts";
import { type BrokerSuite, rejection } from "./broker-suite.ts";
import { textOf, toExchange, toQueue } from "./messages.ts";

const mandatory = (publication: Publication): Publication => ({ ...publication, mandatory: true });

/** Chapter: what must be taken by a queue is, or its sender hears of it. */
export function mandatoryChapter(suite: BrokerSuite): void {
  const declareBound = async (): Promise<Awaited<ReturnType<BrokerSuite["connect"]>>> => {
    const connection = await suite.connect();
    await connection.declareQueue({ name: "q", bindings: [{ exchange: { name: "x", type: "direct" }, routingKey: "k" }] });
    return connection;
  };
  suite.describe("mandatory publications", () => {
    suite.it("publishes what a queue takes", async () => {
      const connection = await declareBound();
      await connection.publish([mandatory(toQueue("q", "1")), mandatory(toExchange("x", "k", "2"))]);
      await connection.publish([mandatory(toQueue("q", "3"))]);
      const collector = await suite.collect(connection, ["q"]);
      await collector.take(3);
      assert.deepEqual(collector.bodies(), ["1", "2", "3"]);
    });
    suite.it("refuses what no queue takes, naming the exchange, the key and the publication", async () => {
      const connection = await declareBound();
      const lost = mandatory(toExchange("x", "unbound", "1"));
      const error = await rejection(() => connection.publish([lost]), "publishing what no queue takes");
      assert.equal((error as { code?: string }).code, "CELERIAC_BROKER_REFUSED");
      assert.match(error.message, /the exchange "x" by "unbound": no queue takes it/);
      assert.ok(untakenBy(error).length === 1 && untakenBy(error)[0] === lost, "untakenBy() was expected to give the publication itself");
    });
    suite.it("goes by the patterns of a topic exchange", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q", bindings: [{ exchange: { name: "t", type: "topic" }, routingKey: "a.*" }] });
      await connection.publish([mandatory(toExchange("t", "a.b", "1"))]);
      const error = await rejection(() => connection.publish([mandatory(toExchange("t", "b.b", "2"))]), "publishing what no pattern takes");
      assert.equal(untakenBy(error).length, 1);
      assert.equal((await connection.queueInfo("q"))?.messages, 1);
    });
    suite.it("refuses a queue that is not there, or keeps the message for when it is", async () => {
      const connection = await suite.connect();
      const publication = mandatory(toQueue("nowhere", "1"));
      const error = await connection.publish([publication]).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      await connection.declareQueue({ name: "nowhere" });
      const delivery = await connection.get("nowhere", { noAck: true });
      if (error === undefined) {
        assert.equal(textOf(delivery), "1", "the publication resolved, and the message is lost");
        return;
      }
      assert.deepEqual(untakenBy(error), [publication]);
      assert.match(String(error), /the queue "nowhere": no queue takes it/);
      assert.equal(delivery, undefined);
    });
    suite.it("refuses when the queue has been deleted or unbound by another, and takes again when it is back", async () => {
      const connection = await declareBound();
      const other = await suite.connect();
      const binding = { exchange: { name: "x", type: "direct" }, routingKey: "k" } as const;
      await connection.publish([mandatory(toExchange("x", "k", "1"))]);
      await other.unbindQueue("q", binding);
      await rejection(() => connection.publish([mandatory(toExchange("x", "k", "2"))]), "publishing after the queue was unbound");
      await connection.bindQueue("q", binding);
      await connection.publish([mandatory(toExchange("x", "k", "3"))]);
      assert.equal((await connection.queueInfo("q"))?.messages, 2);
      await other.deleteQueue("q");
      await rejection(() => connection.publish([mandatory(toExchange("x", "k", "4"))]), "publishing after the queue was deleted");
      await connection.declareQueue({ name: "q", bindings: [binding] });
      await connection.publish([mandatory(toExchange("x", "k", "5"))]);
      assert.equal(textOf(await connection.get("q", { noAck: true })), "5");
    });
    suite.it("publishes all else of the call, and says which it did not", async () => {
      const connection = await declareBound();
      const lost = [mandatory(toExchange("x", "unbound", "2")), mandatory(toExchange("x", "other", "4"))];
      const [second, fourth] = lost;
      assert.ok(second && fourth);
      const all = [
        mandatory(toQueue("q", "1")),
        second,
        toQueue("q", "3"),
        fourth,
        toExchange("x", "dropped", "5"),
        mandatory(toExchange("x", "k", "6")),
      ];
      const error = await rejection(() => connection.publish(all), "publishing what no queue takes");
      assert.deepEqual(untakenBy(error), lost);
      const collector = await suite.collect(connection, ["q"]);
      await collector.take(3);
      await suite.settleDown(connection);
      assert.deepEqual(collector.bodies(), ["1", "3", "6"]);
    });
    suite.it("does not harm another call of the same turn", async () => {
      const connection = await declareBound();
      const outcomes = await Promise.allSettled([
        connection.publish([mandatory(toQueue("q", "1"))]),
        connection.publish([mandatory(toExchange("x", "unbound", "2"))]),
        connection.publish([toExchange("x", "unbound", "3")]),
        connection.publish([mandatory(toExchange("x", "k", "4"))]),
      ]);
      assert.deepEqual(
        outcomes.map(({ status }) => status),
        ["fulfilled", "rejected", "fulfilled", "fulfilled"],
      );
      assert.equal((await connection.queueInfo("q"))?.messages, 2);
    });
    suite.itWhere("delay", true, "nothing can be published for later", "holds for what is published for later too", async () => {
      const connection = await declareBound();
      const later = (publication: Publication): Publication => ({ ...publication, visibleAt: suite.now() + 200 });
      await connection.publish([mandatory(later(toExchange("x", "k", "1")))]);
      await rejection(
        () => connection.publish([mandatory(later(toExchange("x", "unbound", "2")))]),
        "publishing what no queue takes for later",
      );
      const collector = await suite.collect(connection, ["q"]);
      await suite.pass(200);
      await collector.take(1);
      assert.deepEqual(collector.bodies(), ["1"]);
    });
  });
}
