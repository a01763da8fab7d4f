import assert from "node:assert/strict";
import { Broker } from "../../../broker/broker.ts";
import { type BrokerSuite, rejection } from "./broker-suite.ts";
import { textOf, toQueue } from "./messages.ts";

/** Chapter: the driver under its facade, as the rest of the program uses it. */
export function facadeChapter(suite: BrokerSuite): void {
  const open = (): Broker => new Broker(suite.driver, { url: suite.harness().url, transportOptions: suite.harness().options ?? {} });
  suite.describe("through the facade", () => {
    suite.it("connects by itself, publishes many calls of one turn in order and settles", async () => {
      await using broker = open();
      await broker.declare({ name: "q" });
      const got: string[] = [];
      const settled: Promise<boolean>[] = [];
      const consumer = await broker.consume({
        queues: ["q"],
        prefetch: 10,
        onDeliveries: (batch) => {
          for (const delivery of batch) {
            got.push(textOf(delivery) ?? "");
            settled.push(broker.settle(delivery, { kind: "ack" }));
          }
        },
      });
      const bodies = Array.from({ length: 100 }, (_, i) => `${i}`);
      await Promise.all(bodies.map((body) => broker.publish(toQueue("q", body))));
      await suite.eventually(() => got.length === 100, "the delivery of 100 messages");
      assert.deepEqual(got, bodies);
      assert.ok((await Promise.all(settled)).every(Boolean));
      await consumer.cancel();
    });
    suite.it("publishes nothing when the signal is aborted before", async () => {
      await using broker = open();
      await broker.declare({ name: "q" });
      const error = await rejection(
        () => broker.publish(toQueue("q", "1"), { signal: AbortSignal.abort(new Error("not wanted any more")) }),
        "publishing with an aborted signal",
      );
      assert.match(error.message, /not wanted any more/);
      assert.equal((await broker.queueInfo("q"))?.messages, 0);
    });
    suite.it("rejects everything with one code after it was closed", async () => {
      const broker = open();
      await broker.declare({ name: "q" });
      await broker.publish(toQueue("q", "1"));
      const delivery = await broker.get("q");
      assert.ok(delivery);
      await broker.close();
      await broker.close();
      const calls: Readonly<Record<string, () => Promise<unknown>>> = {
        connect: () => broker.connect(),
        declare: () => broker.declare({ name: "q" }),
        publish: () => broker.publish(toQueue("q", "2")),
        consume: () => broker.consume({ queues: ["q"], prefetch: 1, onDeliveries: () => {} }),
        get: () => broker.get("q"),
        settle: () => broker.settle(delivery, { kind: "ack" }),
        purge: () => broker.purge("q"),
        queueInfo: () => broker.queueInfo("q"),
        listQueues: () => broker.listQueues(),
        deleteQueue: () => broker.deleteQueue("q"),
      };
      for (const [name, call] of Object.entries(calls))
        assert.equal(((await rejection(call, name)) as { code?: string }).code, "CELERIAC_BROKER_CLOSED", name);
    });
    suite.itWhere("delay", false, "it delays messages", "refuses a message for later with a sentence", async () => {
      await using broker = open();
      await broker.declare({ name: "q" });
      assert.match(
        (await rejection(() => broker.publish(toQueue("q", "1", {}, suite.now() + 1000)), "publishing for later")).message,
        /cannot delay messages/,
      );
    });
  });
}
