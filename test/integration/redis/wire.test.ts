// Keys and envelopes against what Celery 5.6 was recorded to write: the same members in the same order, in the same places.
import { deepEqual, equal, ok } from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, it } from "vitest";
import type { MessageProperties } from "../../../src/broker/contract.ts";
import { kombuPattern } from "../../../src/brokers/redis/keys.ts";
import { DATABASE, Namespace, textOf, toQueue } from "./namespace.ts";

const FIXTURES = new URL("../../fixtures/wire/", import.meta.url);
let space: Namespace;

beforeEach(() => {
  space = new Namespace();
});
afterEach(() => space.close());

interface Captured {
  readonly command: string;
  readonly key: string;
  readonly value: string;
}

function read(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL(name, FIXTURES), "utf8")) as Record<string, unknown>;
}

function messagesOf(name: string): readonly Captured[] {
  const captured = read(name)["captured"] as { readonly messages?: unknown } | undefined;
  const messages = captured?.messages;
  return Array.isArray(messages) ? (messages as readonly Captured[]).filter(({ command }) => command === "LPUSH") : [];
}

/** The text without what is made up anew for each message. */
function comparable(text: string): string {
  return text.replace(/"delivery_tag": "[^"]*"/, '"delivery_tag": "x"');
}

describe("the envelopes of Celery", () => {
  const names = readdirSync(FIXTURES).filter((name) => name.startsWith("redis.client.") && messagesOf(name).length > 0);

  it("are there to be compared with", () => ok(names.length > 50, `only ${names.length} fixtures with messages`));

  it("are read, and written back member by member into the same list", async () => {
    const connection = await space.connect();
    for (const name of names) {
      for (const { key, value } of messagesOf(name)) {
        const [queue = ""] = key.replace(/^pfx:/, "").split("\x06\x16");
        await connection.declareQueue({ name: queue });
        await connection.purge(queue);
        const list = space.key(key.replace(/^pfx:/, ""));
        await space.client.lpush(list, value);
        if (name.includes("priority-steps")) continue; // its lists have steps of their own: see below
        const delivery = await connection.get(queue);
        ok(delivery, `${name}: nothing came from ${queue}`);
        const { body, contentType, contentEncoding, headers, properties, exchange, routingKey } = delivery;
        equal(await connection.settle(delivery.tag, { kind: "ack" }), true);
        // Published to the list by its name, with the address that it had.
        const message = { body, contentType, contentEncoding, headers, properties };
        await connection.publish([{ exchange: "", routingKey: queue, message }]);
        const written = await space.client.rpop(list);
        ok(written !== null, `${name}: nothing was written to ${key}`);
        const expected = JSON.parse(comparable(value)) as { properties: { delivery_info: unknown } };
        if (exchange !== "" || routingKey !== queue) expected.properties.delivery_info = { exchange: "", routing_key: queue };
        deepEqual(JSON.stringify(JSON.parse(comparable(written))), JSON.stringify(expected), name);
      }
    }
  });

  it("are written as the simplest of them is, letter by letter", async () => {
    const connection = await space.connect();
    const [message] = messagesOf("redis.client.task-simple.json");
    ok(message);
    const envelope = JSON.parse(message.value) as { body: string; headers: Record<string, unknown>; properties: Record<string, unknown> };
    const properties: MessageProperties = {
      correlationId: String(envelope.properties["correlation_id"]),
      replyTo: String(envelope.properties["reply_to"]),
    };
    await connection.publish([toQueue("celery", Buffer.from(envelope.body, "base64"), { headers: envelope.headers, properties })]);
    const written = (await space.client.rpop(space.key("celery"))) ?? "";
    // Between the members of headers kombu has spaces.
    equal(
      comparable(written),
      comparable(message.value).replace(/"headers": \{.*?\}\}, /, `"headers": ${JSON.stringify(envelope.headers)}, `),
    );
  });
});

describe("the keys of kombu", () => {
  it("have a list for each step of priority, by default 0, 3, 6 and 9", async () => {
    const connection = await space.connect();
    for (let priority = 0; priority <= 11; priority++) await connection.publish([toQueue("q", "x", { properties: { priority } })]);
    const lengths = await Promise.all(["q", "q\x06\x163", "q\x06\x166", "q\x06\x169"].map((key) => space.client.llen(space.key(key))));
    deepEqual(lengths, [3, 3, 3, 3]);
  });

  it("follow the options priority_steps and sep", async () => {
    const connection = await space.connect({ prioritySteps: [0, 5], sep: ":" });
    await connection.publish([toQueue("q", "x", { properties: { priority: 4 } }), toQueue("q", "x", { properties: { priority: 5 } })]);
    deepEqual(await Promise.all(["q", "q:5"].map((key) => space.client.llen(space.key(key)))), [1, 1]);
  });

  it("have the bindings in sets, with kombu's patterns for topics", async () => {
    const connection = await space.connect();
    await connection.declareQueue({ name: "celery", bindings: [{ exchange: { name: "celery", type: "direct" }, routingKey: "celery" }] });
    await connection.declareQueue({ name: "t", bindings: [{ exchange: { name: "top", type: "topic" }, routingKey: "a.*.#" }] });
    deepEqual(await space.client.smembers(space.key("_kombu.binding.celery")), ["celery\x06\x16\x06\x16celery"]);
    deepEqual(await space.client.smembers(space.key("_kombu.binding.top")), [`a.*.#\x06\x16${kombuPattern("a.*.#")}\x06\x16t`]);
  });

  it("keep a delivery in unacked and its index, as kombu reads them", async () => {
    const connection = await space.connect();
    await connection.declareQueue({ name: "q" });
    await connection.publish([toQueue("q", "x")]);
    const before = Date.now() / 1000;
    const delivery = await connection.get("q");
    ok(delivery);
    const [value = ""] = await space.client.hvals(space.key("unacked"));
    const [envelope, exchange, routingKey] = JSON.parse(value) as [{ body: string }, string, string];
    deepEqual([Buffer.from(envelope.body, "base64").toString(), exchange, routingKey], ["x", "", "q"]);
    const [field = ""] = await space.client.zrange(space.key("unacked_index"), "0", "-1");
    const score = await space.client.zscore(space.key("unacked_index"), field);
    equal(field, delivery.tag);
    ok(Math.abs(Number(score) - before) < 5, `expected a score near ${before}, got: ${score}`);
    await connection.settle(delivery.tag, { kind: "ack" });
    deepEqual(await space.client.exists(space.key("unacked"), space.key("unacked_index")), 0);
  });

  it("get a message back marked as kombu marks it", async () => {
    const connection = await space.connect();
    await connection.declareQueue({ name: "celery" });
    const { commands } = read("redis.worker.shutdown-restore.json")["captured"] as { commands: [number, string[]][] };
    const restored = commands.map(([, command]) => command).find(([name]) => name === "RPUSH");
    const [, , text = ""] = restored ?? [];
    const fresh = text.replace(', "redelivered": true}', "}").replace(', "redelivered": true}', "}");
    ok(fresh.length < text.length);
    await space.client.lpush(space.key("celery\x06\x166"), fresh);
    const delivery = await connection.get("celery");
    ok(delivery);
    await connection.settle(delivery.tag, { kind: "requeue" });
    equal(await space.client.lindex(space.key("celery\x06\x166"), -1), text);
  });

  it("park a message in unacked with a score by which Python's sweep returns it soon after its time", async () => {
    const connection = await space.connect();
    await connection.declareQueue({ name: "q" });
    const eta = Date.now() + 600_000;
    await connection.publish([{ ...toQueue("q", "later"), visibleAt: eta }]);
    const [field = ""] = await space.client.zrange(space.key("unacked_index"), "0", "-1");
    const score = await space.client.zscore(space.key("unacked_index"), field);
    ok(Math.abs(Number(score) - (eta / 1000 - 3600)) < 0.01);
    const [value = ""] = await space.client.hvals(space.key("unacked"));
    deepEqual((JSON.parse(value) as unknown[]).slice(1), ["", "q"]);
    equal((await connection.queueInfo("q"))?.messages, 1);
  });
});

describe("the fanout channels of kombu", () => {
  const cases: readonly (readonly [options: Record<string, unknown>, channel: string])[] = [
    [{}, `/${DATABASE}.celeryev/worker.online`],
    [{ fanout_prefix: false }, "celeryev/worker.online"],
    [{ fanout_prefix: "/x." }, "/x.celeryev/worker.online"],
    [{ fanout_patterns: false }, `/${DATABASE}.celeryev`],
  ];
  for (const [options, channel] of cases) {
    it(`publish to ${channel} with ${JSON.stringify(options)}, and hear what is published there`, async () => {
      const connection = await space.connect(options);
      const exchange = { name: "celeryev", type: "fanout" } as const;
      await connection.declareQueue({ name: "ev", bindings: [{ exchange, routingKey: "worker.#" }] });
      const listener = space.client.duplicate();
      try {
        await listener.subscribe(space.key(channel));
        const heard = new Promise<string>((resolve) => listener.once("message", (_, message) => resolve(message)));
        await connection.publish([{ ...toQueue("", "hello"), exchange: "celeryev", routingKey: "worker.online" }]);
        const text = await heard;
        equal(textOf(await connection.get("ev", { noAck: true })), "hello");
        await space.client.publish(space.key(channel), text);
        equal(textOf(await connection.get("ev", { noAck: true })), "hello");
      } finally {
        listener.disconnect();
      }
    });
  }
});
