import { channel } from "node:diagnostics_channel";
import { afterEach, describe, expect, it } from "vitest";
import { Backend, type BackendParams } from "../../src/backend/backend.ts";
import type { BackendDiagnostic } from "../../src/backend/backend-diagnostics.ts";
import { createDocumentCodec } from "../../src/backend/document-codec.ts";
import type { ResultMeta } from "../../src/protocol/result-meta.ts";
import { SerializerRegistry } from "../../src/serialization/serializer-registry.ts";
import { FakeClock } from "../../src/testing/fake-clock.ts";
import { createFlakyBackend, type FlakyBackend } from "../support/flaky-backend.ts";

const registry = new SerializerRegistry();
const codec = createDocumentCodec({ registry, accept: registry.acceptList(["json"]) });
let made = 0;
const opened: Backend[] = [];

function backendOf(flaky: FlakyBackend | undefined, params: Partial<BackendParams> = {}): Backend {
  const backend = new Backend({ driver: flaky?.driver, url: `memory://facade-${++made}`, codec, expiresMs: null, ...params });
  opened.push(backend);
  return backend;
}

function metaOf(taskId: string, status = "SUCCESS", result: unknown = 1): ResultMeta {
  return { taskId, status, result, traceback: null, children: [], dateDone: "2026-01-01T00:00:00.000000+00:00" };
}

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "none",
    (error: { code?: string }) => error.code ?? String(error),
  );

afterEach(async () => {
  for (const backend of opened.splice(0)) await backend.close();
});

describe("a backend", () => {
  it("gives back what was stored, and PENDING for what is unknown", async () => {
    const backend = backendOf(createFlakyBackend());
    await backend.storeMeta(metaOf("a", "SUCCESS", { n: [1, "ü"] }));
    expect(await backend.getMeta("a")).toEqual(metaOf("a", "SUCCESS", { n: [1, "ü"] }));
    expect(await backend.getMany(["x", "a"])).toMatchObject([
      { taskId: "x", status: "PENDING", result: null, dateDone: null },
      { taskId: "a" },
    ]);
    await backend.forget(["a"]);
    expect((await backend.getMeta("a")).status).toBe("PENDING");
  });
  it("stores what is given in one turn by one call, each with its own outcome", async () => {
    const flaky = createFlakyBackend();
    const backend = backendOf(flaky);
    await backend.connect();
    await Promise.all([
      backend.storeMeta(metaOf("a")),
      backend.storeMeta(metaOf("b")),
      backend.storeMany([{ taskId: "c", status: "X", document: codec.encode(metaOf("c")) }]),
    ]);
    expect(flaky.calls.filter((call) => call === "store")).toHaveLength(1);
    expect((await backend.getMany(["a", "b", "c"])).map((meta) => meta.status)).toEqual(["SUCCESS", "SUCCESS", "SUCCESS"]);
  });
  it("lets results expire when the settings say, or the entry says otherwise", async () => {
    const clock = new FakeClock();
    const backend = backendOf(createFlakyBackend(), { expiresMs: 1000, options: { clock }, clock });
    await backend.storeMeta(metaOf("a"));
    await backend.store({ taskId: "b", status: "SUCCESS", document: codec.encode(metaOf("b")), expiresMs: null });
    await clock.advance(1001);
    expect((await backend.getMany(["a", "b"])).map((meta) => meta.status)).toEqual(["PENDING", "SUCCESS"]);
    expect(await backend.cleanup()).toBe(0);
  });
  it("saves, restores and deletes groups in Celery's form", async () => {
    const backend = backendOf(createFlakyBackend());
    await backend.groups.save("g", [["g", null], [[["a", null], null]]]);
    expect(await backend.groups.restore("g")).toEqual([["g", null], [[["a", null], null]]]);
    await backend.groups.delete("g");
    expect(await backend.groups.restore("g")).toBeUndefined();
  });
  it("counts the members of chords, and refuses to where the driver cannot", async () => {
    const flaky = createFlakyBackend();
    const backend = backendOf(flaky);
    await backend.chords.setSize("g", 2);
    const part = { groupId: "g", taskId: "a", groupIndex: 0, status: "SUCCESS", result: codec.encodeValue(3) };
    expect(await backend.chords.addPart(part)).toEqual({ count: 1, size: 2 });
    expect(codec.decodeValue((await backend.chords.parts("g"))[0]?.result ?? "")).toBe(3);
    await backend.chords.forget("g");
    expect(await backend.chords.parts("g")).toEqual([]);
    const { driver } = createFlakyBackend();
    const without = backendOf({ ...flaky, driver: { ...driver, capabilities: { ...driver.capabilities, chords: false } } });
    await expect(without.chords.setSize("g", 2)).rejects.toThrow(
      "needs a result backend that can count the members of a chord, and memory cannot",
    );
  });
  it("is disabled without a driver: stores nothing and refuses to read", async () => {
    const backend = backendOf(undefined);
    expect(backend.enabled).toBe(false);
    await backend.connect();
    await backend.storeMeta(metaOf("a"));
    await backend.storeMany([{ taskId: "a", status: "X", document: "" }]);
    expect(await backend.cleanup()).toBe(0);
    const reads = [
      () => backend.getMeta("a"),
      () => backend.getMany(["a"]),
      () => backend.forget(["a"]),
      () => backend.wait("a"),
      () => backend.waitFor(["a"]),
      () => backend.groups.restore("g"),
      () => backend.chords.parts("g"),
    ];
    for (const read of reads) expect(await codeOf(read())).toBe("CELERIAC_BACKEND_DISABLED");
  });
  it("stores what was given before it is closed, and refuses everything after", async () => {
    const [flaky, url] = [createFlakyBackend(), "memory://facade-close"];
    const [other, backend] = [backendOf(flaky, { url }), backendOf(flaky, { url })];
    await other.connect();
    const stored = Promise.all(Array.from({ length: 10 }, (_, i) => backend.storeMeta(metaOf(`t${i}`))));
    await Promise.all([backend.close(), backend.close()]);
    await stored;
    expect((await other.getMany(Array.from({ length: 10 }, (_, i) => `t${i}`))).every((meta) => meta.status === "SUCCESS")).toBe(true);
    const entry = { taskId: "a", status: "X", document: "" };
    for (const call of [
      () => backend.store(entry),
      () => backend.storeMany([entry]),
      () => backend.connect(),
      () => backend.getMeta("a"),
      () => backend.forget(["a"]),
      () => backend.wait("a"),
      () => backend.groups.delete("g"),
      () => backend.chords.forget("g"),
      () => backend.cleanup(),
    ]) {
      expect(await codeOf(call())).toBe("CELERIAC_BACKEND_CLOSED");
    }
    await backend.close();
    expect(flaky.open.connections).toBe(1);
  });
  it("can be closed before it was ever used", async () => {
    const flaky = createFlakyBackend();
    await backendOf(flaky).close();
    expect(flaky.calls).toEqual([]);
  });
});

describe("errors of a backend", () => {
  it("tell where it is and why it failed, without the password", async () => {
    const flaky = createFlakyBackend();
    flaky.onCall = () => {
      throw new Error("connection refused");
    };
    const backend = backendOf(flaky, { url: "memory://user:secret@host" });
    const error = await backend.getMeta("a").catch((e: unknown) => e as Error);
    expect(error).toMatchObject({ code: "CELERIAC_BACKEND_UNAVAILABLE", retryable: true, cause: { message: "connection refused" } });
    expect((error as Error).message).toBe("the result backend at memory://user:**@host cannot be reached: connection refused");
  });
  it("name the task and the state that could not be stored, and cost the others nothing", async () => {
    const flaky = createFlakyBackend();
    const backend = backendOf(flaky);
    const inner = flaky.driver.open.bind(flaky.driver);
    Object.assign(flaky.driver, {
      open: async (params: never) => {
        const connection = await inner(params);
        const { store } = connection;
        connection.store = (entries) => {
          if (entries.some((one) => one.taskId === "poison")) throw new RangeError("larger than 512 MB");
          return store.call(connection, entries);
        };
        return connection;
      },
    });
    const outcomes = await Promise.allSettled([
      backend.storeMeta(metaOf("a")),
      backend.storeMeta(metaOf("poison", "FAILURE", null)),
      backend.storeMeta(metaOf("b")),
    ]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(outcomes[1]).toMatchObject({
      reason: {
        code: "CELERIAC_BACKEND_STORE_FAILED",
        details: { taskId: "poison", state: "FAILURE" },
        cause: { code: "CELERIAC_BACKEND_REFUSED" },
      },
    });
    expect((await backend.getMany(["a", "b"])).map((meta) => meta.status)).toEqual(["SUCCESS", "SUCCESS"]);
    await expect(backend.storeMany(["a", "poison", "c"].map((taskId) => ({ taskId, status: "X", document: "x" })))).rejects.toMatchObject({
      details: { taskId: "poison" },
    });
  });
  it("are not tried again unless the settings say so", async () => {
    const flaky = createFlakyBackend();
    const backend = backendOf(flaky);
    flaky.onCall = (name) => {
      if (name === "store" || name === "get") throw new Error("timeout");
    };
    expect(await codeOf(backend.storeMeta(metaOf("a")))).toBe("CELERIAC_BACKEND_STORE_FAILED");
    expect(await codeOf(backend.getMeta("a"))).toBe("CELERIAC_BACKEND_UNAVAILABLE");
    expect(flaky.calls).toEqual(["open", "store", "get"]);
  });
  it("are tried again with growing waits where the settings say so, as often as they say", async () => {
    const [flaky, clock] = [createFlakyBackend(), new FakeClock()];
    const backend = backendOf(flaky, { clock, retry: { alwaysRetry: true, maxRetries: 3, baseSleepMs: 10, maxSleepMs: 10_000 } });
    let failures = 3;
    flaky.onCall = (name) => {
      if (name !== "open" && failures-- > 0) throw new Error("timeout");
    };
    const read = backend.getMeta("a");
    await clock.advance(10 + 20 + 40);
    expect((await read).status).toBe("PENDING");
    failures = 4;
    const second = codeOf(backend.getMeta("a"));
    await clock.advance(10 + 20 + 40 + 80);
    expect(await second).toBe("CELERIAC_BACKEND_UNAVAILABLE");
    expect(flaky.calls.filter((call) => call === "get")).toHaveLength(8);
  });
  it("do not mix up the order of one task's states when storing is tried again", async () => {
    const [flaky, clock] = [createFlakyBackend(), new FakeClock()];
    // The wait is drawn between 0 and this: long enough not to be over within the test's own turns.
    const backend = backendOf(flaky, { clock, retry: { alwaysRetry: true, baseSleepMs: 500, maxSleepMs: 500 } });
    let failures = 2;
    flaky.onCall = (name) => {
      if (name === "store" && failures-- > 0) throw new Error("timeout");
    };
    const first = backend.storeMeta(metaOf("a", "STARTED"));
    await clock.advance(0);
    const second = backend.storeMeta(metaOf("a", "PROGRESS"));
    await clock.advance(0);
    const third = backend.storeMeta(metaOf("a", "FAILURE", null));
    await clock.advance(0);
    expect(flaky.calls.filter((call) => call === "store").length).toBeLessThanOrEqual(2);
    await clock.advance(1000);
    await Promise.all([first, second, third]);
    expect((await backend.getMeta("a")).status).toBe("FAILURE");
  });
  it("of a store that is being tried again are told when the backend is closed", async () => {
    const [flaky, clock] = [createFlakyBackend(), new FakeClock()];
    const backend = backendOf(flaky, { clock, retry: { alwaysRetry: true } });
    flaky.onCall = (name) => {
      if (name === "store" || name === "get") throw new Error("timeout");
    };
    const stored = codeOf(backend.storeMeta(metaOf("a")));
    const read = codeOf(backend.getMeta("a"));
    await clock.advance(0);
    await backend.close();
    expect(await stored).toBe("CELERIAC_BACKEND_STORE_FAILED");
    expect(await read).toBe("CELERIAC_BACKEND_UNAVAILABLE");
    expect(clock.pendingTimers).toBe(0);
  });
  it("end with a new connection after the old one was lost", async () => {
    const flaky = createFlakyBackend();
    const keeper = backendOf(createFlakyBackend(), { url: "memory://facade-lost" });
    await keeper.connect();
    const backend = backendOf(flaky, { url: "memory://facade-lost" });
    await backend.storeMeta(metaOf("a"));
    flaky.lose();
    expect((await backend.getMeta("a")).status).toBe("SUCCESS");
    expect(flaky.calls.filter((call) => call === "open")).toHaveLength(2);
    expect(flaky.open.connections).toBe(1);
  });
});

describe("the cache of a backend", () => {
  it("keeps results that have ended, as many as the setting says, until they are stored again or forgotten", async () => {
    const flaky = createFlakyBackend();
    const backend = backendOf(flaky, { cacheMax: 2 });
    for (const id of ["a", "b", "c"]) await backend.storeMeta(metaOf(id, "FAILURE", null));
    await backend.storeMeta(metaOf("running", "STARTED"));
    const gets = async (id: string): Promise<number> => {
      const before = flaky.calls.filter((call) => call === "get").length;
      await backend.getMeta(id);
      return flaky.calls.filter((call) => call === "get").length - before;
    };
    expect([await gets("a"), await gets("a"), await gets("running"), await gets("running")]).toEqual([1, 0, 1, 1]);
    expect([await gets("b"), await gets("a"), await gets("c"), await gets("a"), await gets("b")]).toEqual([1, 0, 1, 0, 1]);
    await backend.storeMeta(metaOf("b", "SUCCESS"));
    expect((await backend.getMeta("b")).status).toBe("SUCCESS");
    await backend.forget(["b"]);
    expect((await backend.getMeta("b")).status).toBe("PENDING");
  });
  it("is off at -1 and without limit at 0 and null", async () => {
    for (const [cacheMax, gets] of [
      [-1, 2],
      [0, 1],
      [null, 1],
    ] as const) {
      const flaky = createFlakyBackend();
      const backend = backendOf(flaky, { cacheMax });
      await backend.storeMeta(metaOf("a"));
      await backend.getMeta("a");
      await backend.getMeta("a");
      expect(flaky.calls.filter((call) => call === "get")).toHaveLength(gets);
      expect((await backend.wait("a")).status).toBe("SUCCESS");
    }
  });
});

describe("diagnostics of a backend", () => {
  it("tell each operation with its duration, its count and its error", async () => {
    const told: BackendDiagnostic[] = [];
    const listener = (message: unknown): void => void told.push(message as BackendDiagnostic);
    const names = ["store", "get", "lost"].map((name) => `celeriac:backend:${name}`);
    for (const name of names) channel(name).subscribe(listener);
    const flaky = createFlakyBackend();
    const backend = backendOf(flaky, { url: "memory://u:p@diagnosed" });
    await Promise.all([backend.storeMeta(metaOf("a")), backend.storeMeta(metaOf("b"))]);
    flaky.onCall = () => {
      throw new Error("no");
    };
    await codeOf(backend.getMany(["a", "b", "c"]));
    flaky.lose();
    for (const name of names) channel(name).unsubscribe(listener);
    expect(told).toMatchObject([
      { operation: "store", count: 2, error: undefined, url: "memory://u:**@diagnosed" },
      { operation: "get", count: 3, error: { code: "CELERIAC_BACKEND_UNAVAILABLE" } },
      { operation: "lost", error: { message: "the server went away" } },
    ]);
    for (const one of told) expect(one.durationMs).toBeGreaterThanOrEqual(0);
  });
});
