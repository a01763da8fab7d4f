import assert from "node:assert/strict";
import { Broker } from "../../../broker/broker.ts";
import type { Delivery } from "../../../broker/contract.ts";
import { deadLetter, listDead, purgeDead, redriveDead, showDead } from "../../../broker/dead-letter.ts";
import { deadQueueOf } from "../../../broker/dead-letter-record.ts";
import { type BrokerSuite, rejection } from "./broker-suite.ts";
import { textOf, toQueue } from "./messages.ts";

/** Chapter: a message that is given up is kept with its history, can be looked at, sent back and removed; on every driver alike. */
export function deadLettersChapter(suite: BrokerSuite): void {
  const open = async (): Promise<Broker> => {
    const { url, options = {} } = suite.harness();
    const broker = new Broker(suite.driver, { url, transportOptions: options });
    await broker.declare({ name: "q" });
    return broker;
  };
  const take = async (broker: Broker): Promise<Delivery> => {
    const delivery = await broker.get("q");
    assert.ok(delivery, "expected a message in q");
    return delivery;
  };
  const kill = async (broker: Broker, ...ids: readonly string[]): Promise<void> => {
    for (const id of ids) {
      await broker.publish(toQueue("q", `body of ${id}`, { headers: { id, task: "shop.add" }, properties: { correlationId: id } }));
      await deadLetter(broker, await take(broker), { reason: "rejected", detail: "the test rejects it", node: "celery@test" });
    }
  };
  suite.describe("dead letters", () => {
    suite.it("keep the whole message and tell how it died", async () => {
      await using broker = await open();
      await broker.publish(
        toQueue("q", "[[2,3],{},{}]", {
          headers: { id: "t1", task: "shop.add", custom: { a: ["ü"] } },
          properties: { correlationId: "t1", replyTo: "r" },
        }),
      );
      assert.equal(
        await deadLetter(broker, await take(broker), {
          reason: "malformed",
          detail: "no such thing",
          error: new TypeError("bad"),
          node: "celery@test",
        }),
        true,
      );
      assert.equal((await broker.queueInfo("q"))?.messages, 0);
      assert.equal((await broker.queueInfo(deadQueueOf("q")))?.messages, 1);
      const letter = await showDead(broker, "q", "t1");
      assert.ok(letter);
      assert.deepEqual(
        [letter.id, letter.task, letter.queue, letter.exchange, letter.routingKey, letter.reason, letter.detail, letter.node],
        ["t1", "shop.add", "q", "", "q", "malformed", "no such thing", "celery@test"],
      );
      assert.deepEqual(letter.error, { name: "TypeError", message: "bad" });
      assert.ok(!Number.isNaN(Date.parse(letter.time)));
      assert.equal(Buffer.from(letter.message.body).toString(), "[[2,3],{},{}]");
      assert.deepEqual(letter.message.headers["custom"], { a: ["ü"] });
      assert.equal(letter.message.properties.replyTo, "r");
    });
    suite.it("keep a message without an id under one that is made for it", async () => {
      await using broker = await open();
      await broker.publish(toQueue("q", new Uint8Array([0, 255]), { contentEncoding: "binary" }));
      await deadLetter(broker, await take(broker), { reason: "malformed", detail: "no headers" });
      const [letter] = await listDead(broker, "q");
      assert.ok(letter && letter.id.length > 10);
      assert.deepEqual([...Buffer.from((await showDead(broker, "q", letter.id))?.message.body ?? "")], [0, 255]);
    });
    suite.it("are listed in their order, as often as one likes, and not more than asked for", async () => {
      await using broker = await open();
      assert.deepEqual(await listDead(broker, "q"), []);
      await kill(broker, "a", "b", "c");
      for (let i = 0; i < 2; i++)
        assert.deepEqual(
          (await listDead(broker, "q")).map(({ id }) => id),
          ["a", "b", "c"],
        );
      assert.deepEqual(
        (await listDead(broker, "q", { limit: 2 })).map(({ id }) => id),
        ["a", "b"],
      );
      assert.equal(await showDead(broker, "q", "none"), undefined);
      assert.equal((await broker.queueInfo(deadQueueOf("q")))?.messages, 3);
    });
    suite.it("go back to their queue by id, without deaths and with their history", async () => {
      await using broker = await open();
      await kill(broker, "a", "b", "c");
      assert.equal(await redriveDead(broker, "q", { ids: ["b"] }), 1);
      assert.deepEqual(
        (await listDead(broker, "q")).map(({ id }) => id),
        ["a", "c"],
      );
      const again = await take(broker);
      assert.equal(textOf(again), "body of b");
      assert.equal(again.redelivered, false);
      assert.deepEqual({ ...again.deaths }, { child: 0, worker: 0 });
      await deadLetter(broker, again, { reason: "redelivery-limit", detail: "a second time" });
      const letter = await showDead(broker, "q", "b");
      assert.deepEqual(
        letter?.history.map(({ reason }) => reason),
        ["redelivery-limit", "rejected"],
      );
    });
    suite.it("go back all together", async () => {
      await using broker = await open();
      await kill(broker, "a", "b", "c");
      assert.equal(await redriveDead(broker, "q", { all: true }), 3);
      assert.equal((await broker.queueInfo("q"))?.messages, 3);
      assert.equal((await broker.queueInfo(deadQueueOf("q")))?.messages, 0);
      assert.equal(await redriveDead(broker, "q", { all: true }), 0);
    });
    suite.it("stay where they are when their queue has gone, and tell which id is not there", async () => {
      await using broker = await open();
      await kill(broker, "a");
      assert.match((await rejection(() => redriveDead(broker, "q", { ids: ["z"] }), "sending back an unknown id")).message, /"z"/);
      await broker.deleteQueue("q");
      assert.match(
        (await rejection(() => redriveDead(broker, "q", { all: true }), "sending back to a queue that has gone")).message,
        /"q"/,
      );
      assert.deepEqual(
        (await listDead(broker, "q")).map(({ id }) => id),
        ["a"],
      );
    });
    suite.it("are removed for good by purging", async () => {
      await using broker = await open();
      assert.equal(await purgeDead(broker, "q"), 0);
      await kill(broker, "a", "b");
      assert.equal(await purgeDead(broker, "q"), 2);
      assert.deepEqual(await listDead(broker, "q"), []);
    });
    suite.it("do not expire when the message would have", async () => {
      await using broker = await open();
      await broker.publish(toQueue("q", "1", { headers: { id: "t1" }, properties: { expirationMs: 1200 } }));
      await deadLetter(broker, await take(broker), { reason: "rejected", detail: "in time" });
      await suite.pass(1300);
      assert.equal((await showDead(broker, "q", "t1"))?.expirationMs, 1200);
    });
  });
}
