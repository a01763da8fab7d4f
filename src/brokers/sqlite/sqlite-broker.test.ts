// What only this driver has; the contract itself is tested by the conformance suite.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Delivery, DriverConnection, MessageProperties, Publication } from "../../broker/contract.ts";
import { acquireStore, type StoreLease } from "../../stores/sqlite/acquire-store.ts";
import { type Clock, systemClock } from "../../util/clock.ts";
import { PROMOTE_DUE, SELECT_NEXT_DUE, SELECT_WAITING } from "./claim-messages.ts";
import { createBrokerDriver } from "./index.ts";
import { ACKNOWLEDGE } from "./settle-batch.ts";
import { RECLAIM } from "./sweep.ts";

let folder: string;
let path: string;
const opened: DriverConnection[] = [];
const lost: Error[] = [];

const open = async (query = ""): Promise<DriverConnection> => {
  const connection = await createBrokerDriver().open({ url: `sqlite://${path}${query}`, options: {}, onLost: (error) => lost.push(error) });
  opened.push(connection);
  return connection;
};
const message = (body: string, properties: MessageProperties = {}, queue = "q"): Publication => ({
  exchange: "",
  routingKey: queue,
  message: { body, contentType: "text/plain", contentEncoding: "utf-8", headers: {}, properties },
});
/** Consumes and gives each batch as it comes. */
const collect = async (
  connection: DriverConnection,
  queues: readonly string[],
  prefetch = 0,
): Promise<{ readonly batches: Delivery[][]; until(count: number): Promise<Delivery[]> }> => {
  const batches: Delivery[][] = [];
  let wake: (() => void) | undefined;
  await connection.consume({
    queues,
    prefetch,
    onDeliveries: (batch) => {
      batches.push([...batch]);
      wake?.();
    },
  });
  return {
    batches,
    async until(count) {
      while (batches.flat().length < count) await new Promise<void>((resolve) => (wake = resolve));
      return batches.flat();
    },
  };
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "celeriac-sqlite-"));
  path = join(folder, "celeriac.db");
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((connection) => connection.close()));
  rmSync(folder, { recursive: true });
  lost.length = 0;
});

describe("the SQLite broker", () => {
  it.each([
    ["sqlite://:memory:", "CELERIAC_BROKER_URL", /memory:\/\//],
    ["sqlite://x.db?sync=full", "CELERIAC_BROKER_URL", /no option/],
    ["sqlite:///nowhere/at/all/x.db", "CELERIAC_STORE_UNUSABLE", /does not exist/],
  ])("refuses %s", async (url, code, sentence) => {
    const error: unknown = await createBrokerDriver()
      .open({ url, options: {}, onLost: () => {} })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code });
    expect((error as Error).message).toMatch(sentence);
  });
  it("keeps no owner, consumer or lease behind when it was closed", async () => {
    const connection = await open();
    await connection.declareQueue({ name: "q" });
    await connection.declareQueue({ name: "mine", exclusive: true });
    await connection.publish([message("1"), message("2")]);
    const consumer = await collect(connection, ["q"]);
    await consumer.until(2);
    await connection.close();
    const { store, release } = await acquireStore(path);
    const count = (table: string): unknown => store.prepare(`SELECT count(*) FROM ${table}`).get();
    expect([count("owners"), count("consumers"), count("queues"), count("messages WHERE lease IS NOT NULL"), count("messages")]).toEqual([
      [0],
      [0],
      [1],
      [0],
      [2],
    ]);
    await release();
  });
  it("serves the queues of a consumer in turns", async () => {
    const connection = await open();
    for (const name of ["a", "b", "c"]) await connection.declareQueue({ name });
    await connection.publish(Array.from({ length: 300 }, (_, i) => message(String(i), {}, "a")));
    await connection.publish([message("x", {}, "b"), message("y", {}, "c")]);
    const { batches, until } = await collect(connection, ["a", "b", "c"], 9);
    await until(9);
    const from = batches.flat().map((one) => one.queue);
    expect(from.filter((queue) => queue !== "a").toSorted()).toEqual(["b", "c"]);
    expect(from).toHaveLength(9);
  });
  it("settles many deliveries of several claims and priorities in one turn, in any order", async () => {
    const connection = await open();
    await connection.declareQueue({ name: "q" });
    await connection.publish(Array.from({ length: 500 }, (_, i) => message(String(i), { priority: i % 3 })));
    const { until } = await collect(connection, ["q"]);
    const all = await until(500);
    expect(all.map((one) => one.properties.priority)).toEqual(
      all.map((one) => one.properties.priority).toSorted((a, b) => (b ?? 0) - (a ?? 0)),
    );
    const shuffled = all.toSorted((a, b) => ((Number(a.body) * 7919) % 500) - ((Number(b.body) * 7919) % 500));
    const settled = await Promise.all(
      shuffled.map((one, i) => connection.settle(one.tag, i % 10 === 0 ? { kind: "reject" } : { kind: "ack" })),
    );
    expect(settled.every(Boolean)).toBe(true);
    const { store, release } = await acquireStore(path);
    expect(store.prepare("SELECT count(*) FROM messages").get()).toEqual([0]);
    await release();
  });
  it("tells apart which of many settlements came too late", async () => {
    const connection = await open();
    await connection.declareQueue({ name: "q" });
    await connection.publish(Array.from({ length: 10 }, (_, i) => message(String(i))));
    const { until } = await collect(connection, ["q"]);
    const all = await until(10);
    const { store, release } = await acquireStore(path);
    // As if another process had taken some of them for a dead one's.
    await store.write(() => store.prepare("UPDATE messages SET lease = 1 WHERE id IN (SELECT id FROM messages ORDER BY id LIMIT 3)").run());
    expect(await Promise.all(all.map((one) => connection.settle(one.tag, { kind: "ack" })))).toEqual([
      false,
      false,
      false,
      ...Array.from({ length: 7 }, () => true),
    ]);
    expect(store.prepare("SELECT count(*) FROM messages").get()).toEqual([3]);
    await release();
  });
  it("changes nothing when it settles what another process has taken over, even if it holds it again", async () => {
    const connection = await open();
    await connection.declareQueue({ name: "q" });
    await connection.publish([message("1")]);
    const first = await connection.get("q");
    const { store, release } = await acquireStore(path);
    // Another process took this one for dead: its owner is gone, its message waits again.
    await store.write(() => {
      store.prepare("DELETE FROM owners").run();
      store.prepare("UPDATE messages SET lease = NULL, worker_deaths = 1").run();
    });
    const second = await connection.get("q");
    expect(second?.deaths).toEqual({ child: 0, worker: 1 });
    expect(store.prepare("SELECT count(*) FROM owners").get()).toEqual([1]);
    expect(await connection.settle(first?.tag ?? 0, { kind: "ack" })).toBe(false);
    expect(await connection.settle(second?.tag ?? 0, { kind: "ack" })).toBe(true);
    await release();
  });
  it("goes on consuming when another process took this one for dead", async () => {
    const connection = await open();
    await connection.declareQueue({ name: "q" });
    const { until } = await collect(connection, ["q"]);
    const { store, release } = await acquireStore(path);
    await store.write(() => {
      store.prepare("DELETE FROM owners").run();
      store.prepare("DELETE FROM consumers").run();
    });
    await connection.publish([message("1")]);
    await until(1);
    expect((await connection.queueInfo("q"))?.consumers).toBe(1);
    await release();
  });
  it("rests while its prefetch is full, though delayed messages have come due, and takes them when there is room", async () => {
    let now = 1_000_000;
    const timers = new Set<() => void>();
    const setTimer: Clock["setTimer"] = (callback) => {
      timers.add(callback);
      return { cancel: () => timers.delete(callback) };
    };
    const clock = { ...systemClock, now: () => now, setTimer };
    const connection = await createBrokerDriver({ clock }).open({
      url: `sqlite://${path}`,
      options: {},
      onLost: (error) => lost.push(error),
    });
    opened.push(connection);
    await connection.declareQueue({ name: "q" });
    const { until } = await collect(connection, ["q"], 1);
    await connection.publish([message("1")]);
    const [first] = await until(1);
    await connection.publish([{ ...message("2"), visibleAt: now + 1000 }]);
    now += 2000;
    for (let turn = 0; turn < 5; turn++) {
      for (const fire of timers) if (timers.delete(fire)) fire();
      await connection.queueInfo("q");
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(timers.size).toBe(0);
    await connection.settle(first?.tag ?? 0, { kind: "ack" });
    expect((await until(2))[1]?.body).toBe("2");
  });
  it("leaves another connection's exclusive queue alone", async () => {
    const [owner, other] = [await open(), await open()];
    await owner.declareQueue({ name: "mine", exclusive: true });
    await owner.publish([message("1", {}, "mine")]);
    await expect(other.purge("mine")).rejects.toThrow(/exclusive/);
    await expect(other.deleteQueue("mine")).rejects.toThrow(/exclusive/);
    expect((await owner.get("mine"))?.body).toBe("1");
  });
  it("takes back what is held by nobody that is known", async () => {
    const connection = await open();
    await connection.declareQueue({ name: "q" });
    await connection.publish([message("1")]);
    const { store, release } = await acquireStore(path);
    await store.write(() => store.prepare("UPDATE messages SET lease = 12345").run());
    const { until } = await collect(connection, ["q"]);
    expect((await until(1))[0]?.deaths.worker).toBe(1);
    await release();
  });
  it("rejects a publication on a full disk, loses nothing, and publishes again when there is room", async () => {
    const connection = await open("?maxPageCount=80");
    await connection.declareQueue({ name: "q" });
    const big = "x".repeat(20_000);
    let published = 0;
    let failure: unknown;
    while (failure === undefined) {
      await connection.publish([message(`${published}${big}`)]).then(
        () => published++,
        (error: unknown) => (failure = error),
      );
    }
    expect(failure).toMatchObject({ code: "CELERIAC_STORE_FULL" });
    expect((await connection.queueInfo("q"))?.messages).toBe(published);
    for (let i = 0; i < published; i++) {
      const delivery = await connection.get("q");
      expect(delivery?.body).toBe(`${i}${big}`);
      expect(await connection.settle(delivery?.tag ?? 0, { kind: "ack" })).toBe(true);
      if (i === 5) await connection.publish([message(`${published}${big}`)]);
    }
    expect((await connection.get("q"))?.body).toBe(`${published}${big}`);
    expect(lost).toEqual([]);
  });
  it("moves a rejected message where the queue's dead-letter arguments say", async () => {
    const connection = await open();
    await connection.declareQueue({ name: "graves" });
    await connection.declareQueue({ name: "q", arguments: { "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "graves" } });
    await connection.publish([message("1", { correlationId: "c" })]);
    const delivery = await connection.get("q");
    expect(await connection.settle(delivery?.tag ?? 0, { kind: "reject" })).toBe(true);
    const moved = await connection.get("graves");
    expect([moved?.body, moved?.routingKey, moved?.properties.correlationId]).toEqual(["1", "graves", "c"]);
    expect((await connection.queueInfo("q"))?.messages).toBe(0);
  });
  it("deletes a queue that nobody used for as long as it said", async () => {
    const [connection, keeper] = [await open(), await open()];
    await connection.declareQueue({ name: "short", expiresMs: 20 });
    await keeper.declareQueue({ name: "q" });
    await collect(keeper, ["q"]);
    const gone = async (): Promise<boolean> => (await connection.queueInfo("short")) === undefined;
    while (!(await gone())) await new Promise((resolve) => setImmediate(resolve));
  });
  it("publishes a call of many messages in several transactions, all in order", async () => {
    const connection = await open();
    await connection.declareQueue({ name: "q" });
    await connection.publish(Array.from({ length: 5000 }, (_, i) => message(String(i))));
    const { until } = await collect(connection, ["q"]);
    expect((await until(5000)).map((one) => Number(one.body))).toEqual(Array.from({ length: 5000 }, (_, i) => i));
    expect(await connection.purge("q")).toBe(0);
  });
  it("purges thousands, delayed ones too", async () => {
    const connection = await open();
    await connection.declareQueue({ name: "q" });
    await connection.publish(
      Array.from({ length: 5000 }, (_, i) => ({ ...message(String(i)), ...(i % 2 === 0 && { visibleAt: Date.now() + 3_600_000 }) })),
    );
    expect(await connection.purge("q")).toBe(5000);
  });
});

describe("the cost of a claim", () => {
  let lease: StoreLease;
  beforeEach(async () => {
    lease = await acquireStore(path);
  });
  afterEach(() => lease.release());

  const plan = (sql: string, ...values: number[]): string =>
    lease.store
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all(...values)
      .map((row) => String((row as unknown as unknown[])[3]))
      .join("; ");

  it("does not grow with the backlog: each statement goes by an index, and none sorts or scans", () => {
    expect(plan(SELECT_WAITING, 1, 100)).toMatch(/^SEARCH messages USING INDEX messages_waiting \(queue=\?\)$/);
    expect(plan(SELECT_NEXT_DUE, 1)).toMatch(/^SEARCH messages USING COVERING INDEX messages_due \(queue=\?( AND due>\?)?\)$/);
    expect(plan(ACKNOWLEDGE, 1, 1, 2)).toMatch(
      /^SEARCH messages USING (COVERING )?INDEX messages_leased \(lease=\? AND rowid>\? AND rowid<\?\)$/,
    );
    expect(plan(RECLAIM, 1, 2)).toMatch(/SEARCH messages USING (COVERING )?INDEX messages_leased \(lease>\? AND lease<\?\)/);
    const promote = plan(PROMOTE_DUE, 1, 1, 1);
    expect(promote).toMatch(/USING COVERING INDEX messages_due \(queue=\? AND due>\? AND due<\?\)|messages_due \(queue=\? AND due<\?\)/);
    for (const sql of [promote]) expect(sql).not.toMatch(/SCAN messages|TEMP B-TREE FOR ORDER/);
  });
});
