import { getEventListeners } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { Backend, type BackendParams } from "../../src/backend/backend.ts";
import { createDocumentCodec } from "../../src/backend/document-codec.ts";
import { TimeoutError } from "../../src/errors/task-errors.ts";
import type { ResultMeta } from "../../src/protocol/result-meta.ts";
import { SerializerRegistry } from "../../src/serialization/serializer-registry.ts";
import { FakeClock } from "../../src/testing/fake-clock.ts";
import { createFlakyBackend, type FlakyBackend } from "../support/flaky-backend.ts";

const registry = new SerializerRegistry();
const codec = createDocumentCodec({ registry, accept: registry.acceptList(["json"]) });
let made = 0;

interface Bench {
  readonly flaky: FlakyBackend;
  readonly clock: FakeClock;
  /** Waits. */
  readonly backend: Backend;
  /** Stores, on a connection of its own that has no trouble. */
  readonly worker: Backend;
}

let bench: Bench | undefined;

function prepare(push: boolean, params: Partial<BackendParams> = {}): Bench {
  const [flaky, clock, url] = [createFlakyBackend({ push }), new FakeClock(), `memory://waiter-${++made}`];
  const common = { url, codec, expiresMs: null, clock };
  bench = {
    flaky,
    clock,
    backend: new Backend({ driver: flaky.driver, ...common, ...params }),
    worker: new Backend({ driver: createFlakyBackend().driver, ...common }),
  };
  return bench;
}

/** After each test: nobody waits, nothing is open, no timer runs. */
afterEach(async () => {
  if (!bench) return;
  const { backend, worker, flaky, clock } = bench;
  bench = undefined;
  await clock.advance(0);
  expect({ waiting: backend.waiting, watched: [...flaky.watched], timers: clock.pendingTimers }).toEqual({
    waiting: 0,
    watched: [],
    timers: 0,
  });
  await backend.close();
  await worker.close();
  expect({ ...flaky.open, timers: clock.pendingTimers }).toEqual({ connections: 0, watches: 0, timers: 0 });
});

function metaOf(taskId: string, status = "SUCCESS", result: unknown = taskId): ResultMeta {
  return { taskId, status, result, traceback: null, children: [], dateDone: null };
}

for (const push of [true, false]) {
  /** Polling needs time to pass; what is pushed must come without. */
  const wayMs = push ? 0 : 1000;
  describe(push ? "waiting for results that are pushed" : "waiting for results that are polled", () => {
    it("resolves when the task ends, and tells each state on the way", async () => {
      const { backend, worker, clock } = prepare(push);
      const states: string[] = [];
      const waited = backend.wait("a", { onMeta: (meta) => void states.push(meta.status) });
      for (const status of ["STARTED", "PROGRESS", "SUCCESS"]) {
        await clock.advance(wayMs);
        await worker.storeMeta(metaOf("a", status));
      }
      await clock.advance(wayMs);
      expect(await waited).toMatchObject({ taskId: "a", status: "SUCCESS", result: "a" });
      expect(states).toEqual(["STARTED", "PROGRESS", "SUCCESS"]);
    });
    it("resolves at once for a task that ended before", async () => {
      const { backend, worker } = prepare(push);
      await worker.storeMeta(metaOf("a", "FAILURE", null));
      expect((await backend.wait("a")).status).toBe("FAILURE");
    });
    it("waits for many at once, in the order of the ids, one named twice included", async () => {
      const { backend, worker, clock } = prepare(push);
      const waited = backend.waitFor(["c", "a", "b", "a"]);
      await clock.advance(0);
      for (const id of ["a", "b", "c"]) await worker.storeMeta(metaOf(id));
      await clock.advance(wayMs);
      expect((await waited).map((meta) => meta.taskId)).toEqual(["c", "a", "b", "a"]);
      expect(await backend.waitFor([])).toEqual([]);
    });
    it("serves several waits for one task", async () => {
      const { backend, worker, clock } = prepare(push);
      const states: string[] = [];
      const first = backend.wait("a");
      await worker.storeMeta(metaOf("a", "STARTED"));
      await clock.advance(wayMs);
      const second = backend.wait("a", { onMeta: (meta) => void states.push(meta.status) });
      const group = backend.waitFor(["a", "b"]);
      await worker.storeMany(["a", "b"].map((taskId) => ({ taskId, status: "SUCCESS", document: codec.encode(metaOf(taskId)) })));
      await clock.advance(wayMs);
      expect((await Promise.all([first, second])).map((meta) => meta.result)).toEqual(["a", "a"]);
      expect((await group).map((meta) => meta.result)).toEqual(["a", "b"]);
      expect(states).toEqual(["STARTED", "SUCCESS"]);
    });
    it("rejects with the last state when the time is over, and leaves others waiting", async () => {
      const { backend, worker, clock } = prepare(push);
      const patient = backend.wait("a", { timeoutMs: 60_000 });
      const outcomes = Promise.allSettled([
        backend.wait("a", { timeoutMs: 5000 }),
        backend.wait("b", { timeoutMs: 5000 }),
        backend.waitFor(["a", "b"], { timeoutMs: 5000 }),
      ]);
      await worker.storeMeta(metaOf("a", "STARTED"));
      await clock.advance(5000);
      const [a, b, both] = await outcomes;
      expect(a).toMatchObject({ reason: { code: "CELERIAC_RESULT_TIMEOUT", details: { taskId: "a", state: "STARTED", timeoutMs: 5000 } } });
      expect(b).toMatchObject({ reason: { details: { taskId: "b", state: "PENDING" } } });
      expect(both).toMatchObject({ reason: expect.any(TimeoutError) });
      await worker.storeMeta(metaOf("a"));
      await clock.advance(wayMs);
      expect((await patient).status).toBe("SUCCESS");
    });
    it("rejects with the signal's reason when it is aborted, before or during the wait", async () => {
      const { backend, clock } = prepare(push);
      const [controller, reason] = [new AbortController(), new Error("enough")];
      const waits = [backend.wait("a", { signal: controller.signal }), backend.waitFor(["a", "b"], { signal: controller.signal })];
      const outcomes = Promise.allSettled(waits);
      await clock.advance(0);
      controller.abort(reason);
      expect(await outcomes).toEqual([
        { status: "rejected", reason },
        { status: "rejected", reason },
      ]);
      await expect(backend.wait("a", { signal: controller.signal })).rejects.toBe(reason);
    });
    it("leaves no listener on the signal when the task has ended", async () => {
      const { backend, worker } = prepare(push);
      const { signal } = new AbortController();
      await worker.storeMeta(metaOf("a"));
      await backend.wait("a", { signal, timeoutMs: 60_000 });
      expect(getEventListeners(signal, "abort")).toEqual([]);
    });
    it("rejects with what onMeta throws", async () => {
      const { backend, worker, clock } = prepare(push);
      const waited = backend.waitFor(["a", "b"], {
        onMeta: () => {
          throw new Error("not this");
        },
      });
      const outcome = expect(waited).rejects.toThrow("not this");
      await clock.advance(0);
      await worker.storeMeta(metaOf("a", "STARTED"));
      await clock.advance(wayMs);
      await outcome;
    });
    it("rejects the waits for a document that cannot be read, and no others", async () => {
      const { backend, worker, clock } = prepare(push);
      const outcomes = Promise.allSettled([backend.wait("bad"), backend.wait("good")]);
      await clock.advance(0);
      await worker.store({ taskId: "bad", status: "X", document: "{no json" });
      await worker.storeMeta(metaOf("good"));
      await clock.advance(wayMs);
      expect(await outcomes).toMatchObject([{ reason: { code: "CELERIAC_DECODE_FAILED" } }, { status: "fulfilled" }]);
    });
    it("rejects when the backend is closed", async () => {
      const { backend, clock } = prepare(push);
      const outcome = expect(backend.wait("a", { timeoutMs: 1000 })).rejects.toMatchObject({ code: "CELERIAC_BACKEND_CLOSED" });
      await clock.advance(0);
      await backend.close();
      await outcome;
    });
    it("rejects at once where there never was a connection", async () => {
      const { backend, flaky } = prepare(push);
      flaky.onCall = () => {
        throw new Error("connection refused");
      };
      await expect(backend.wait("a")).rejects.toMatchObject({ code: "CELERIAC_BACKEND_UNAVAILABLE" });
    });
    it("goes on after the connection was lost, and misses nothing meanwhile", async () => {
      const { backend, worker, flaky, clock } = prepare(push);
      const waited = backend.waitFor(["a", "b", "c"], { timeoutMs: 600_000 });
      await clock.advance(10);
      await worker.storeMeta(metaOf("a"));
      await clock.advance(wayMs);
      let down = true;
      flaky.onCall = () => {
        if (down) throw new Error("connection refused");
      };
      flaky.lose();
      await worker.storeMeta(metaOf("b"));
      await clock.advance(30_000);
      down = false;
      await clock.advance(20_000);
      await worker.storeMeta(metaOf("c"));
      await clock.advance(wayMs);
      expect((await waited).map((meta) => meta.status)).toEqual(["SUCCESS", "SUCCESS", "SUCCESS"]);
    });
    it("waits for 10,000 tasks by as many waits, on one connection and few reads", async () => {
      const { backend, worker, flaky, clock } = prepare(push);
      const ids = Array.from({ length: 10_000 }, (_, i) => `t${i}`);
      const waits = ids.map((id) => backend.wait(id, { timeoutMs: 60_000 }));
      await clock.advance(0);
      expect(backend.waiting).toBe(10_000);
      expect(clock.pendingTimers).toBeLessThanOrEqual(2);
      expect(flaky.calls.filter((call) => call === "get").length).toBeLessThanOrEqual(10);
      await worker.storeMany(ids.map((taskId) => ({ taskId, status: "SUCCESS", document: codec.encode(metaOf(taskId)) })));
      await clock.advance(wayMs);
      expect((await Promise.all(waits)).map((meta) => meta.result)).toEqual(ids);
    });
    it("leaves nothing behind when thousands of waits are abandoned", async () => {
      const { backend, clock } = prepare(push);
      const controller = new AbortController();
      const waits = Array.from({ length: 3000 }, (_, i) =>
        backend.wait(`t${i % 1000}`, { timeoutMs: 1000 + i, signal: i % 2 ? controller.signal : AbortSignal.any([]) }),
      );
      const outcomes = Promise.allSettled(waits);
      await clock.advance(10);
      controller.abort();
      await clock.advance(5000);
      expect((await outcomes).every((outcome) => outcome.status === "rejected")).toBe(true);
      expect(backend.waiting).toBe(0);
      expect(clock.pendingTimers).toBe(0);
    });
  });
}

describe("waiting for results that are pushed", () => {
  it("uses one watch for all, and reads a task only after it is watched", async () => {
    const { backend, worker, flaky, clock } = prepare(true);
    const waits: Promise<ResultMeta>[] = [];
    for (const id of ["a", "b", "c"]) {
      waits.push(backend.wait(id));
      await clock.advance(0);
    }
    expect(flaky.calls.slice(0, 3)).toEqual(["open", "watch", "get"]);
    expect(flaky.calls.filter((call) => call === "watch")).toHaveLength(1);
    for (const id of ["a", "b", "c"]) await worker.storeMeta(metaOf(id));
    await Promise.all(waits);
  });
  it("finds what was stored while it began to watch", async () => {
    const { backend, worker, flaky } = prepare(true);
    flaky.onCall = async (name) => {
      if (name === "watch") await worker.storeMeta(metaOf("a"));
    };
    expect((await backend.wait("a")).status).toBe("SUCCESS");
  });
  it("does not go back to an older state that was read while a newer one was told", async () => {
    const { backend, worker, flaky, clock } = prepare(true);
    const states: string[] = [];
    await worker.storeMeta(metaOf("a", "STARTED"));
    const { open } = flaky.driver;
    Object.assign(flaky.driver, {
      open: async (params: never) => {
        const connection = await open(params);
        const { get } = connection;
        connection.get = async (ids) => {
          const found = await get.call(connection, ids);
          await worker.storeMeta(metaOf("a", "PROGRESS"));
          return found;
        };
        return connection;
      },
    });
    const waited = backend.wait("a", { onMeta: (meta) => void states.push(meta.status) });
    await clock.advance(0);
    await worker.storeMeta(metaOf("a"));
    await waited;
    expect(states).toEqual(["PROGRESS", "SUCCESS"]);
  });
  it("finds by reading again what was never told", async () => {
    const { backend, worker, flaky, clock } = prepare(true);
    const { open } = flaky.driver;
    Object.assign(flaky.driver, {
      open: async (params: never) => {
        const connection = await open(params);
        connection.watch = async () => ({ add: async () => {}, remove: () => {}, close: () => {} });
        return connection;
      },
    });
    const waited = backend.wait("a");
    await clock.advance(0);
    await worker.storeMeta(metaOf("a"));
    await clock.advance(10_000);
    expect((await waited).status).toBe("SUCCESS");
  });
  it("ends the watch of a task that nobody waits for any more, also when it is still being set up", async () => {
    const { backend, flaky, clock } = prepare(true);
    const [early, late] = [new AbortController(), new AbortController()];
    const outcomes = Promise.allSettled([backend.wait("a", { signal: early.signal }), backend.wait("b", { signal: late.signal })]);
    flaky.onCall = (name) => {
      if (name === "watch") early.abort();
    };
    await clock.advance(0);
    expect([...flaky.watched]).toEqual(["b"]);
    late.abort();
    await clock.advance(0);
    expect([...flaky.watched]).toEqual([]);
    expect((await outcomes).every((outcome) => outcome.status === "rejected")).toBe(true);
  });
  it("goes on when the connection is lost just while one more task is added", async () => {
    const { backend, worker, flaky, clock } = prepare(true);
    const first = backend.wait("a");
    await clock.advance(0);
    flaky.onCall = (name) => {
      if (name !== "add") return;
      flaky.onCall = () => {};
      flaky.lose();
    };
    const second = backend.wait("b");
    await clock.advance(100);
    for (const id of ["a", "b"]) await worker.storeMeta(metaOf(id));
    expect((await Promise.all([first, second])).map((meta) => meta.status)).toEqual(["SUCCESS", "SUCCESS"]);
  });
  it("survives connections that are lost again and again while waits come and go", async () => {
    const { backend, worker, flaky, clock } = prepare(true);
    const waits: Promise<ResultMeta>[] = [];
    for (let i = 0; i < 60; i++) {
      waits.push(backend.wait(`t${i}`));
      if (i % 3 === 0) flaky.lose();
      if (i % 2 === 0) await clock.advance(7);
      if (i % 5 === 0) flaky.lose();
      void worker.storeMeta(metaOf(`t${i}`));
    }
    await clock.advance(60_000);
    expect(await Promise.all(waits)).toHaveLength(60);
    expect(flaky.open.watches).toBeLessThanOrEqual(1);
  });
});

describe("waiting for results that are polled", () => {
  it("asks ever less often while nothing happens, for all tasks together", async () => {
    const { backend, worker, flaky, clock } = prepare(false, { pollPauses: { minMs: 10, maxMs: 500 } });
    const waited = backend.waitFor(["a", "b"]);
    await clock.advance(1000);
    const first = flaky.calls.filter((call) => call === "get").length;
    await clock.advance(10_000);
    const second = flaky.calls.filter((call) => call === "get").length - first;
    expect(first).toBeGreaterThan(5);
    expect(second).toBe(20);
    const late = backend.wait("c");
    await clock.advance(0);
    for (const id of ["a", "b", "c"]) await worker.storeMeta(metaOf(id));
    await clock.advance(10);
    await Promise.all([waited, late]);
  });
  it("keeps asking for the old ones while new ones come all the time", async () => {
    const { backend, worker, clock } = prepare(false, { pollPauses: { minMs: 10, maxMs: 500 } });
    let ended = false;
    const first = backend.wait("a").then(() => (ended = true));
    await clock.advance(1);
    await worker.storeMeta(metaOf("a"));
    const others = new AbortController();
    const outcomes: Promise<unknown>[] = [];
    for (let i = 0; i < 20 && !ended; i++) {
      outcomes.push(backend.wait(`t${i}`, { signal: others.signal }).catch(() => "aborted"));
      await clock.advance(3);
    }
    expect(ended).toBe(true);
    others.abort();
    await Promise.all([first, ...outcomes]);
  });
});
