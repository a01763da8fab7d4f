// A Redis that is wrong, full, read-only, gone or made anew: a clear error, no loss, and work goes on where it can.
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "vitest";
import { Redis } from "ioredis";
import { Broker } from "../../../src/broker/broker.ts";
import { listDead } from "../../../src/broker/dead-letter.ts";
import { createBrokerDriver } from "../../../src/brokers/redis/index.ts";
import { startPrivateRedis } from "../../support/services/private-redis.ts";
import type { PrivateRedisOptions, PrivateRedis } from "../../support/services/start-redis.ts";
import { until } from "../../support/until.ts";
import { consumed, Namespace, textOf, toQueue } from "./namespace.ts";

let space: Namespace;
let servers: PrivateRedis[] = [];
let clients: Redis[] = [];

beforeEach(() => {
  space = new Namespace();
});
afterEach(async () => {
  await space.close();
  for (const client of clients) client.disconnect();
  await Promise.all(servers.map((server) => server.close()));
  [servers, clients] = [[], []];
});

async function start(options?: PrivateRedisOptions): Promise<PrivateRedis> {
  const server = await startPrivateRedis(options);
  servers.push(server);
  return server;
}

function clientOf(server: PrivateRedis): Redis {
  const client = new Redis(server.url);
  client.on("error", () => {}); // servers are killed here
  clients.push(client);
  return client;
}

function brokerOf(url: string, transportOptions: Readonly<Record<string, unknown>> = {}): Broker {
  return new Broker(createBrokerDriver(), { url, transportOptions, publishRetryPolicy: false });
}

async function failure(promise: Promise<unknown>): Promise<Error & { code?: string }> {
  return promise.then(
    () => Promise.reject(new Error("expected it to fail")),
    (error: unknown) => error as Error,
  );
}

describe("opening", () => {
  it("says that the password is wrong or missing, and does not show it", async () => {
    const server = await start({ password: "right" });
    const wrong = await failure(brokerOf(server.url.replace("right", "guessed")).connect());
    equal(wrong.code, "CELERIAC_BROKER_REFUSED");
    match(wrong.message, /user name or password/);
    ok(!JSON.stringify([wrong.message, wrong.stack, wrong.cause]).includes("guessed"));
    match((await failure(brokerOf(server.url.replace(":right@", "")).connect())).message, /wants a password/);
  });

  it("says that nobody answers", async () => {
    const error = await failure(brokerOf("redis://127.0.0.1:1/0").connect());
    equal(error.code, "CELERIAC_BROKER_UNAVAILABLE");
    match(error.message, /ECONNREFUSED/);
  });

  it("refuses what is no URL, an unknown option and a cluster, each with a sentence", async () => {
    for (const [url, pattern] of [
      ["redis://127.0.0.1:6379/x", /number of a database/],
      ["redis://127.0.0.1:6379/0?visibilty_timeout=5", /did you mean visibility_timeout/],
      ["redis+cluster://127.0.0.1:6379/0", /cluster/],
      ["sentinel://127.0.0.1:26379/0", /master_name/],
    ] as const) {
      const error = await failure(brokerOf(url).connect());
      equal(error.code, "CELERIAC_BROKER_URL");
      match(error.message, pattern);
    }
  });
});

describe("a Redis without memory", () => {
  it("refuses what is published with its reason, and still lets what is there be worked on", async () => {
    const server = await start();
    const client = clientOf(server);
    await using broker = brokerOf(`${server.url}/0`);
    await broker.declare({ name: "q" });
    await broker.publishMany(Array.from({ length: 20 }, (_, i) => toQueue("q", `${i}`)));
    const got: string[] = [];
    await client.config("SET", "maxmemory", "1");
    const error = await failure(broker.publish(toQueue("q", "too much")));
    equal(error.code, "CELERIAC_BROKER_UNAVAILABLE");
    match(error.message, /maxmemory/);
    // Begun before: a consumer's own notes need memory.
    await client.config("SET", "maxmemory", "0");
    await broker.consume({
      queues: ["q"],
      prefetch: 2,
      onDeliveries: (batch) => {
        for (const delivery of batch) {
          got.push(textOf(delivery) ?? "");
          void broker.settle(delivery, { kind: "ack" });
        }
      },
    });
    await until("the first messages", () => got.length === 20);
    await client.config("SET", "maxmemory", "1");
    const waiting = String(await client.call("CLIENT", "LIST"))
      .split("\n")
      .filter((line) => line.includes("cmd=blmove"));
    for (const line of waiting) await client.call("CLIENT", "UNBLOCK", /id=(\d+)/.exec(line)?.[1] ?? "");
    await until("the refusal of waiting", async () =>
      /blmove:.*failed_calls=[1-9]|blmove:.*rejected_calls=[1-9]/.test(await client.info("commandstats")),
    );
    await client.config("SET", "maxmemory", "0");
    await broker.publish(toQueue("q", "again"));
    await until("the message after it", () => got.includes("again"));
  });

  it("lets a message be taken, acknowledged and given back", async () => {
    const server = await start();
    const client = clientOf(server);
    const connection = await createBrokerDriver().open({ url: `${server.url}/0`, options: {}, onLost: () => {} });
    try {
      await connection.declareQueue({ name: "q" });
      await connection.publish([toQueue("q", "1"), toQueue("q", "2")]);
      await connection.get("q", { noAck: true }); // the lease of the process is noted from the first on
      const first = await connection.get("q");
      ok(first);
      await connection.settle(first.tag, { kind: "requeue" });
      await client.config("SET", "maxmemory", "1");
      const again = await connection.get("q");
      ok(again);
      equal(await connection.settle(again.tag, { kind: "requeue" }), true);
      const last = await connection.get("q");
      equal(await connection.settle(last?.tag ?? "", { kind: "ack" }), true);
    } finally {
      await client.config("SET", "maxmemory", "0");
      await connection.close();
    }
  });
});

describe("a Redis that stays without memory", () => {
  it("does not make workers look dead", async () => {
    const server = await start();
    const client = clientOf(server);
    await using broker = brokerOf(`${server.url}/0`, { lease: "900ms" });
    await broker.declare({ name: "q" });
    await broker.consume({ queues: ["q"], prefetch: 1, onDeliveries: () => {} });
    await client.config("SET", "maxmemory", "1");
    const aliveUntil = async (): Promise<number> => Number((await client.zrange("celeriac.owners", "0", "-1", "WITHSCORES")).flat().at(-1));
    const before = await aliveUntil();
    await until("a lease three times renewed", async () => (await aliveUntil()) > before + 1000);
    await client.config("SET", "maxmemory", "0");
  });
});

describe("a read-only replica", () => {
  it("is named in the error", async () => {
    const master = await start();
    const replica = await start({ args: ["--replicaof", "127.0.0.1", String(master.port)] });
    await using broker = brokerOf(`${replica.url}/0`);
    const error = await failure(broker.publish(toQueue("q", "1")));
    equal(error.code, "CELERIAC_BROKER_UNAVAILABLE");
    match(error.message, /read-only replica/);
  });
});

describe("a key of another type", () => {
  it("is found when its queue is declared", async () => {
    await space.client.hset(space.key("q"), "not", "a list");
    const connection = await space.connect();
    match((await failure(connection.declareQueue({ name: "q" }))).message, /holds something else/);
    equal(await connection.queueInfo("q"), undefined);
  });

  it("does not keep a consumer from its other queues, and is taken up when it is right again", async () => {
    const connection = await space.connect();
    for (const name of ["bad", "good"]) await connection.declareQueue({ name });
    await space.client.hset(space.key("bad"), "not", "a list");
    const got: string[] = [];
    await connection.consume({
      queues: ["bad", "good"],
      prefetch: 0,
      onDeliveries: (batch) => void got.push(...batch.map((delivery) => textOf(delivery) ?? "")),
    });
    await connection.publish([toQueue("good", "1")]);
    await until("the message of the other queue", () => got.length === 1);
    await space.client.del(space.key("bad"));
    await connection.publish([toQueue("bad", "2")]);
    await until("the message of the queue that was bad", () => got.length === 2);
  });

  it("loses no message when unacked is one", async () => {
    const connection = await space.connect();
    await connection.declareQueue({ name: "q" });
    await connection.publish(["1", "2", "3"].map((body) => toQueue("q", body)));
    await space.client.set(space.key("unacked"), "no hash");
    equal(await connection.get("q"), undefined);
    equal(await space.client.llen(space.key("q")), 3);
    equal(await space.client.zcard(space.key("unacked_index")), 0);
    await space.client.del(space.key("unacked"));
    deepEqual((await consumed(connection, "q", 3)).map(textOf), ["1", "2", "3"]);
  });
});

describe("a list element that is no message", () => {
  it("is kept with the dead letters, and the ones around it are delivered", async () => {
    await using broker = brokerOf(space.url, space.options());
    await broker.declare({ name: "q" });
    await broker.publish(toQueue("q", "before"));
    await space.client.lpush(space.key("q"), "not JSON", "[1, 2]", '{"body": 7}');
    await broker.publish(toQueue("q", "after"));
    const got: string[] = [];
    const consumer = await broker.consume({
      queues: ["q"],
      prefetch: 0,
      onDeliveries: (batch) => void got.push(...batch.map((delivery) => textOf(delivery) ?? "")),
    });
    await until("the others", () => got.length === 2);
    await consumer.cancel();
    deepEqual(got, ["before", "after"]);
    const dead = await listDead(broker, "q");
    deepEqual(dead.map(({ reason, message }) => [reason, Buffer.from(message.body).toString()]).toSorted(), [
      ["malformed", "[1, 2]"],
      ["malformed", "not JSON"],
      ["malformed", '{"body": 7}'],
    ]);
  });
});

describe("a flush of the scripts", () => {
  it("is not noticed", async () => {
    const server = await start();
    const client = clientOf(server);
    await using broker = brokerOf(`${server.url}/0`);
    await broker.declare({ name: "q" });
    const got: string[] = [];
    await broker.consume({
      queues: ["q"],
      prefetch: 1,
      onDeliveries: (batch) => {
        for (const delivery of batch)
          void broker.settle(delivery, { kind: "ack" }).then((ours) => ours && got.push(textOf(delivery) ?? ""));
      },
    });
    for (let i = 0; i < 5; i++) {
      await client.script("FLUSH");
      await broker.publish(toQueue("q", `${i}`));
      await until(`message ${i}`, () => got.length === i + 1);
    }
    deepEqual(got, ["0", "1", "2", "3", "4"]);
  });
});

describe("a message of ten mebibytes", () => {
  it("comes as it was", async () => {
    const connection = await space.connect();
    await connection.declareQueue({ name: "q" });
    const bytes = Buffer.alloc(10 * 1024 * 1024, "0123456789abcdef");
    await connection.publish([toQueue("q", bytes, { contentEncoding: "binary" })]);
    ok(Buffer.from((await connection.get("q"))?.body ?? "").equals(bytes));
  });
});

describe("a server that ends", () => {
  it("and comes back with its data: what was held is settled on the next connection, and consuming goes on", async () => {
    const server = await start({ durable: true });
    await using broker = brokerOf(`${server.url}/0`);
    await broker.declare({ name: "q" });
    await broker.publishMany([toQueue("q", "1"), toQueue("q", "2")]);
    const held = await broker.get("q");
    ok(held);
    const lost = new Promise<Error & { code?: string }>((resolve) => broker.onLost(resolve));
    await server.kill();
    equal((await lost).code, "CELERIAC_BROKER_LOST");
    equal((await failure(broker.publish(toQueue("q", "3")))).code, "CELERIAC_BROKER_UNAVAILABLE");
    await server.start();
    equal(await broker.settle(held, { kind: "ack" }), true);
    const second = await broker.get("q");
    deepEqual([textOf(second), second?.redelivered], ["2", false]);
    await broker.settle(second ?? held, { kind: "ack" });
    equal((await broker.queueInfo("q"))?.messages, 0);
  });

  it("and comes back empty: work goes on with what is declared and published then", async () => {
    const server = await start();
    await using broker = brokerOf(`${server.url}/0`);
    await broker.declare({ name: "q" });
    await broker.publish(toQueue("q", "1"));
    const held = await broker.get("q");
    ok(held);
    const lost = new Promise((resolve) => broker.onLost(resolve));
    await server.kill();
    await lost;
    await server.start({ empty: true });
    equal(await broker.settle(held, { kind: "ack" }), false);
    await broker.declare({ name: "q" });
    await broker.publish(toQueue("q", "2"));
    equal(textOf(await broker.get("q")), "2");
  });

  it("is noticed where it only stops to answer", async () => {
    const server = await start();
    await using broker = brokerOf(`${server.url}/0`, { health_check_interval: 0.3 });
    await broker.connect();
    const lost = new Promise<Error>((resolve) => broker.onLost(resolve));
    server.pause();
    try {
      match((await lost).message, /has not answered/);
    } finally {
      server.resume();
    }
  });

  it("gives back what was fetched when the connection was cut and never arrived", async () => {
    const server = await start();
    const client = clientOf(server);
    await using broker = brokerOf(`${server.url}/0`);
    await broker.declare({ name: "q" });
    await broker.publish(toQueue("q", "1"));
    const delivery = await broker.get("q");
    ok(delivery);
    // As the script leaves it, when its reply is lost.
    const field = String(delivery.tag).replace(/\d+$/, "999");
    const value = (await client.hget("unacked", String(delivery.tag))) ?? "";
    await client.hset("unacked", field, value);
    await client.zadd("unacked_index", Date.now() / 1000, field);
    const lost = new Promise((resolve) => broker.onLost(resolve));
    await client.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    await lost;
    const again = await broker.get("q");
    deepEqual([textOf(again), again?.redelivered, again?.deaths], ["1", false, { child: 0, worker: 0 }]);
    deepEqual([await broker.settle(delivery, { kind: "ack" }), await broker.settle(again ?? delivery, { kind: "ack" })], [true, true]);
  });
});
