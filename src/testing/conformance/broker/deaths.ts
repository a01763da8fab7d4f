import assert from "node:assert/strict";
import { Broker } from "../../../broker/broker.ts";
import type { Delivery } from "../../../broker/contract.ts";
import type { BrokerSuite } from "./broker-suite.ts";
import { textOf, toExchange, toQueue } from "./messages.ts";

/** Chapter: deaths with a message in hand are counted, by the store or by the facade, and nothing else is. */
export function deathsChapter(suite: BrokerSuite): void {
  const reason = "the facade counts in a header";
  const otherwise = "the store counts";
  suite.describe("deaths", () => {
    suite.itWhere("countsDeaths", true, reason, "counts the deaths that a requeue reports, each kind for itself", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      await connection.publish([toQueue("q", "1")]);
      const take = async (): Promise<Delivery> => {
        const delivery = await connection.get("q");
        assert.ok(delivery);
        return delivery;
      };
      await connection.settle((await take()).tag, { kind: "requeue", death: "child" });
      await connection.settle((await take()).tag, { kind: "requeue" });
      await connection.settle((await take()).tag, { kind: "requeue", death: "child" });
      await connection.settle((await take()).tag, { kind: "requeue", death: "worker" });
      const last = await take();
      assert.deepEqual({ ...last.deaths }, { child: 2, worker: 1 });
      assert.equal(last.redelivered, true);
    });
    suite.itWhere(
      "countsDeaths",
      true,
      reason,
      "counts one death of a worker for each message that a lost connection held, and none for what waited",
      async () => {
        if (!suite.canCrash("counts one death of a worker for each message that a lost connection held")) return;
        const [holder, other] = [await suite.connect(), await suite.connect()];
        await holder.declareQueue({ name: "q" });
        await holder.publish(["held", "waiting"].map((body) => toQueue("q", body)));
        await (await suite.collect(holder, ["q"], { prefetch: 1 })).take(1);
        await suite.crash(holder);
        const collector = await suite.collect(other, ["q"]);
        const deliveries = await collector.take(2);
        const deathsOf = (body: string): unknown => ({ ...deliveries.find((delivery) => textOf(delivery) === body)?.deaths });
        assert.deepEqual(deathsOf("held"), { child: 0, worker: 1 });
        assert.deepEqual(deathsOf("waiting"), { child: 0, worker: 0 });
      },
    );
    suite.itWhere("countsDeaths", false, otherwise, "leaves the counting to the facade: a driver's own deliveries have none", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      await connection.publish([toQueue("q", "1")]);
      assert.deepEqual({ ...(await connection.get("q"))?.deaths }, { child: 0, worker: 0 });
    });
    suite.it("are counted through the facade on every broker, with the address of the message kept", async () => {
      await using broker = new Broker(suite.driver, { url: suite.harness().url, transportOptions: suite.harness().options ?? {} });
      await broker.declare({ name: "q", bindings: [{ exchange: { name: "x", type: "direct" }, routingKey: "k" }] });
      await broker.publish(toExchange("x", "k", "1"));
      for (let deaths = 0; deaths < 3; deaths++) {
        const delivery = await broker.get("q");
        assert.ok(delivery);
        assert.equal(delivery.deaths.child, deaths);
        assert.deepEqual([delivery.exchange, delivery.routingKey, delivery.redelivered], ["x", "k", deaths > 0]);
        assert.equal(await broker.settle(delivery, { kind: "requeue", death: "child" }), true);
      }
      assert.equal((await broker.queueInfo("q"))?.messages, 1);
    });
  });
}
