import assert from "node:assert/strict";
import type { DriverConnection } from "../../../broker/contract.ts";
import { type BrokerSuite, rejection } from "./broker-suite.ts";
import { toQueue } from "./messages.ts";

const OPERATIONS: Readonly<Record<string, (connection: DriverConnection) => Promise<unknown>>> = {
  declareExchange: (connection) => connection.declareExchange({ name: "x", type: "direct" }),
  deleteExchange: (connection) => connection.deleteExchange("x"),
  declareQueue: (connection) => connection.declareQueue({ name: "q" }),
  deleteQueue: (connection) => connection.deleteQueue("q"),
  bindQueue: (connection) => connection.bindQueue("q", { exchange: { name: "x", type: "direct" }, routingKey: "k" }),
  unbindQueue: (connection) => connection.unbindQueue("q", { exchange: { name: "x", type: "direct" }, routingKey: "k" }),
  queueInfo: (connection) => connection.queueInfo("q"),
  listQueues: (connection) => connection.listQueues?.() ?? Promise.reject(new Error("it cannot list queues")),
  purge: (connection) => connection.purge("q"),
  publish: (connection) => connection.publish([toQueue("q", "late")]),
  get: (connection) => connection.get("q"),
  consume: (connection) => connection.consume({ queues: ["q"], prefetch: 1, onDeliveries: () => {} }),
};

/** Chapter: each operation, on a connection that is being closed, is closed or was lost, rejects and has no effect. */
export function closedChapter(suite: BrokerSuite): void {
  suite.describe("after the end of a connection", () => {
    for (const [name, call] of Object.entries(OPERATIONS)) {
      suite.it(`${name} rejects on a connection that is closed or being closed`, async () => {
        const [connection, witness] = [await suite.connect(), await suite.connect()];
        await witness.declareQueue({ name: "q" });
        const closing = connection.close();
        await rejection(() => call(connection), `${name} while closing`);
        await closing;
        await rejection(() => call(connection), `${name} after close`);
        assert.equal((await witness.queueInfo("q"))?.messages, 0);
      });
    }
    suite.it("settle rejects or resolves to false on a connection that is closed, and changes nothing", async () => {
      const [connection, witness] = [await suite.connect(), await suite.connect()];
      await connection.declareQueue({ name: "q" });
      await connection.publish([toQueue("q", "mine")]);
      const delivery = await connection.get("q");
      assert.ok(delivery);
      await connection.close();
      const settled = await connection.settle(delivery.tag, { kind: "ack" }).catch(() => false);
      assert.equal(settled, false);
      await suite.eventually(
        async () => (await witness.queueInfo("q"))?.messages === 1,
        "the return of the message that a closed connection held",
      );
    });
    suite.it("each operation rejects on a connection that was lost", async () => {
      if (!suite.canCrash("each operation rejects on a connection that was lost")) return;
      const [connection, witness] = [await suite.connect(), await suite.connect()];
      await witness.declareQueue({ name: "q" });
      await suite.crash(connection);
      for (const [name, call] of Object.entries(OPERATIONS))
        await rejection(() => call(connection), `${name} after the loss of the connection`);
      await connection.close();
      assert.equal((await witness.queueInfo("q"))?.messages, 0);
    });
    suite.it("changing the prefetch and cancelling a consumer are harmless after the connection was closed", async () => {
      const connection = await suite.connect();
      await connection.declareQueue({ name: "q" });
      const { consumer } = await suite.collect(connection, ["q"]);
      await connection.close();
      consumer.setPrefetch(5);
      await consumer.cancel();
    });
  });
}
