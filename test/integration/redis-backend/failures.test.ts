// The Redis result backend when things go wrong: what is told, what is kept, and that it goes on.
import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { Backend, type BackendParams } from "../../../src/backend/backend.ts";
import { createDocumentCodec } from "../../../src/backend/document-codec.ts";
import { createBackendDriver } from "../../../src/backends/redis/index.ts";
import type { ResultMeta } from "../../../src/protocol/result-meta.ts";
import { SerializerRegistry } from "../../../src/serialization/serializer-registry.ts";
import { startPrivateRedis } from "../../support/services/private-redis.ts";
import type { PrivateRedis, PrivateRedisOptions } from "../../support/services/start-redis.ts";

const registry = new SerializerRegistry();
const codec = createDocumentCodec({ registry, accept: registry.acceptList(["json"]) });
const PATIENT = { alwaysRetry: true, baseSleepMs: 5, maxSleepMs: 50 } as const;

let closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.toReversed()) await close();
  closing = [];
});

async function server(options: PrivateRedisOptions = {}): Promise<PrivateRedis> {
  const redis = await startPrivateRedis(options);
  closing.push(() => redis.close());
  return redis;
}

function backendAt(url: string, params: Partial<BackendParams> = {}): Backend {
  const backend = new Backend({ driver: createBackendDriver(), url, codec, expiresMs: 3_600_000, ...params });
  closing.push(() => backend.close());
  return backend;
}

function clientOf(redis: PrivateRedis): Redis {
  const client = new Redis(redis.url);
  client.on("error", () => {}); // The server is killed on purpose.
  onTestFinished(() => client.disconnect());
  return client;
}

function success(taskId: string, result: unknown = taskId): ResultMeta {
  return { taskId, status: "SUCCESS", result, traceback: null, children: [], dateDone: "2026-01-01T00:00:00.000000+00:00" };
}

describe("the Redis result backend", () => {
  it("says that nothing answers where the server is down at start, and works when it has come up", async () => {
    const redis = await server();
    await redis.kill();
    const backend = backendAt(redis.url);
    await expect(backend.connect()).rejects.toMatchObject({
      code: "CELERIAC_BACKEND_UNAVAILABLE",
      message: expect.stringContaining("ECONNREFUSED") as string,
    });
    await redis.start();
    await backend.storeMeta(success("a"));
    expect((await backend.getMeta("a")).result).toBe("a");
  });

  it("says that the password is wrong, or missing, and does not try again", async () => {
    const redis = await server({ password: "right" });
    const wrong = backendAt(redis.url.replace("right", "wrong"), { retry: PATIENT });
    await expect(wrong.getMeta("a")).rejects.toMatchObject({
      code: "CELERIAC_BACKEND_REFUSED",
      message: expect.stringContaining("password") as string,
    });
    const none = backendAt(`redis://127.0.0.1:${redis.port}`, { retry: PATIENT });
    await expect(none.storeMeta(success("a"))).rejects.toMatchObject({
      message: expect.stringContaining("redis://:password@host") as string,
    });
    const right = backendAt(redis.url);
    await right.storeMeta(success("a"));
  });

  it("refuses a URL and options that it cannot use, with one sentence on each", async () => {
    const open = (url: string, options: Readonly<Record<string, unknown>> = {}): Promise<unknown> =>
      createBackendDriver().open({ url, options });
    await expect(open("redis://localhost/zero")).rejects.toThrow("expected the number of a database");
    await expect(open("redis://localhost", { global_key_prefix: "x" })).rejects.toThrow("did you mean global_keyprefix?");
    await expect(open("redis://localhost", { resultChordOrdered: "perhaps" })).rejects.toThrow(
      "expected the option result_chord_ordered to be true or false",
    );
    await expect(open("redis+cluster://localhost")).rejects.toThrow("cluster");
  });

  it("goes on waiting when the server dies and comes back, with its data or without", async () => {
    for (const empty of [false, true]) {
      const redis = await server({ durable: true });
      const waiting = backendAt(redis.url);
      const [early, late] = [randomUUID(), randomUUID()];
      const waited = [waiting.wait(early, { timeoutMs: 20_000 }), waiting.wait(late, { timeoutMs: 20_000 })];
      const client = clientOf(redis);
      await expect.poll(async () => ((await client.pubsub("CHANNELS")) as unknown[]).length).toBe(2);
      client.disconnect();
      await redis.kill();
      await redis.start({ empty });
      // Stored before the waiting one is back: it is read then. After: it is told.
      const storing = backendAt(redis.url, { retry: PATIENT });
      await storing.storeMeta(success(early));
      const again = clientOf(redis);
      await expect.poll(async () => ((await again.pubsub("CHANNELS")) as unknown[]).length, { timeout: 15_000 }).toBeGreaterThan(0);
      await storing.storeMeta(success(late));
      expect((await Promise.all(waited)).map(({ result }) => result)).toEqual([early, late]);
    }
  });

  it("stores what was to be stored while the server was away, where writes are tried again, and gives up after as many tries as are allowed", async () => {
    const redis = await server({ durable: true });
    const backend = backendAt(redis.url, { retry: { writeRetries: 200, baseSleepMs: 5, maxSleepMs: 50 } });
    const impatient = backendAt(redis.url, { retry: { writeRetries: 2, baseSleepMs: 1, maxSleepMs: 2 } });
    await Promise.all([backend.connect(), impatient.connect()]);
    await redis.kill();
    const stored = backend.storeMeta(success("a"));
    const counted = backend.chords.addPart({ groupId: "g", taskId: "a", groupIndex: 0, status: "SUCCESS", result: "1" });
    await expect(impatient.storeMeta(success("b"))).rejects.toMatchObject({ code: "CELERIAC_BACKEND_STORE_FAILED" });
    await expect(backend.getMeta("a")).rejects.toMatchObject({ code: "CELERIAC_BACKEND_UNAVAILABLE" });
    await redis.start();
    await stored;
    expect(await counted).toEqual({ count: 1, size: null });
    expect((await backend.getMany(["a", "b"])).map(({ status }) => status)).toEqual(["SUCCESS", "PENDING"]);
  });

  it("loses nothing that was to be stored while connections are cut again and again", async () => {
    const redis = await server();
    const backend = backendAt(redis.url, { retry: PATIENT });
    const reader = backendAt(redis.url);
    const ids = Array.from({ length: 3000 }, (_, i) => `task-${i}`);
    const client = clientOf(redis);
    const waited = reader.waitFor(ids.slice(0, 500), { timeoutMs: 30_000 });
    let killed = 0;
    for (let i = 0; i < ids.length; i += 100) {
      const stored = Promise.all(ids.slice(i, i + 100).map((id) => backend.storeMeta(success(id))));
      killed += Number(await client.call("CLIENT", "KILL", "TYPE", i % 200 === 0 ? "normal" : "pubsub", "SKIPME", "yes"));
      await stored;
    }
    expect((await waited).map(({ taskId }) => taskId)).toEqual(ids.slice(0, 500));
    expect(killed).toBeGreaterThan(15);
    expect((await backendAt(redis.url).getMany(ids)).filter(({ status }) => status !== "SUCCESS")).toEqual([]);
  });

  it("goes on after SCRIPT FLUSH", async () => {
    const redis = await server();
    const backend = backendAt(redis.url);
    const client = clientOf(redis);
    const part = { groupId: "g", taskId: "a", groupIndex: 0, status: "SUCCESS", result: "1" };
    for (const round of [1, 2]) {
      await client.script("FLUSH");
      await Promise.all([backend.storeMeta(success(`a${round}`)), backend.storeMeta({ ...success(`b${round}`), status: "STARTED" })]);
      await client.script("FLUSH");
      expect(await backend.chords.addPart({ ...part, taskId: `t${round}` })).toEqual({ count: round, size: null });
      expect((await backend.getMany([`a${round}`, `b${round}`])).map(({ status }) => status)).toEqual(["SUCCESS", "STARTED"]);
    }
  });

  it("says that Redis is out of memory, keeps what it has, and stores again when there is room", async () => {
    const redis = await server({ args: ["--maxmemory", "4mb", "--maxmemory-policy", "noeviction"] });
    const backend = backendAt(redis.url);
    await backend.storeMeta(success("kept"));
    const large = "x".repeat(500_000);
    const failed = await Promise.allSettled(Array.from({ length: 20 }, (_, i) => backend.storeMeta(success(`large-${i}`, large))));
    const reasons = failed.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason as Error] : []));
    expect(reasons.length).toBeGreaterThan(0);
    expect(reasons[0]).toMatchObject({ code: "CELERIAC_BACKEND_STORE_FAILED", retryable: true });
    expect(reasons[0]?.message).toContain("maxmemory");
    expect((await backend.getMeta("kept")).result).toBe("kept");
    await backend.forget(failed.map((_, i) => `large-${i}`));
    await backend.storeMeta(success("after"));
    expect((await backend.getMeta("after")).result).toBe("after");
  });

  it("refuses the task whose key holds something else, and stores the others of the batch", async () => {
    const redis = await server();
    const backend = backendAt(redis.url);
    await clientOf(redis).rpush("celery-task-meta-list", "x");
    const outcomes = await Promise.allSettled(["a", "list", "b"].map((id) => backend.storeMeta(success(id))));
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(String((outcomes[1] as PromiseRejectedResult).reason)).toMatch(/task list could not be stored: .*holds something else/);
    expect((await backend.getMany(["a", "b"])).map(({ status }) => status)).toEqual(["SUCCESS", "SUCCESS"]);
    await clientOf(redis).zadd("celery-taskset-meta-g.j", 0, "no member at all");
    await expect(backend.chords.parts("g")).rejects.toThrow("[1, task id, state, result]");
  });

  it("reads from a read-only replica, and says that it is one when something is to be stored", async () => {
    const master = await server();
    const replica = await server({ args: ["--replicaof", "127.0.0.1", String(master.port)] });
    await backendAt(master.url).storeMeta(success("a"));
    const backend = backendAt(replica.url);
    await expect.poll(async () => (await backend.getMeta("a")).status, { timeout: 15_000 }).toBe("SUCCESS");
    await expect(backend.storeMeta(success("b"))).rejects.toThrow("read-only replica");
  });

  it("leaves no connection behind when it is closed", async () => {
    const redis = await server();
    const client = clientOf(redis);
    const before = ((await client.client("LIST")) as string).trim().split("\n").length;
    const backend = backendAt(redis.url);
    const waited = backend.wait("never", { timeoutMs: 20_000 });
    const refused = expect(waited).rejects.toThrow("closed");
    await expect.poll(async () => ((await client.pubsub("CHANNELS")) as unknown[]).length).toBe(1);
    await backend.close();
    await refused;
    await expect.poll(async () => ((await client.client("LIST")) as string).trim().split("\n").length).toBe(before);
  });
});
