// The backend suite is trusted because it fails: each driver here is the one in memory with one fault, and the suite must find it.
import { describe, expect, it } from "vitest";
import type { BackendCapabilities, BackendConnection, BackendDriver, ChordPart, Document } from "../../src/backend/contract.ts";
import { createBackendDriver } from "../../src/backends/memory/index.ts";
import { backendConformance } from "../../src/testing/conformance/backend/backend-conformance.ts";
import { systemClock } from "../../src/util/clock.ts";
import { type CollectedOutcome, runCollected } from "../support/collecting-runner.ts";

let stores = 0;

interface Fault {
  /** What is wrong with the driver. */
  readonly fault: string;
  /** A test of the suite that must find it. */
  readonly foundBy: RegExp;
  readonly capabilities?: Partial<BackendCapabilities>;
  /** Changes a connection. */
  breakIt?(connection: BackendConnection): Partial<BackendConnection>;
  /** Changes where a connection goes. */
  url?(url: string): string;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const asText = (document: Document): string => Buffer.from(document as Uint8Array).toString("utf8");

const FAULTS: readonly Fault[] = [
  {
    fault: "resolves before it has stored",
    foundBy: /reads back a document as soon as/,
    breakIt: (c) => ({ store: async (entries) => void turn().then(() => c.store(entries).catch(() => undefined)) }),
  },
  {
    fault: "stores the first document of a call only",
    foundBy: /stores many documents in one call/,
    breakIt: (c) => ({ store: (entries) => c.store(entries.slice(0, 1)) }),
  },
  {
    fault: "replaces SUCCESS",
    foundBy: /never replaces SUCCESS, not by another/,
    breakIt: (c) => ({ store: (entries) => c.store(entries.map((one) => ({ ...one, status: "X" }))) }),
  },
  {
    fault: "replaces SUCCESS between two calls at once, as it reads and then writes",
    foundBy: /goes by the state and not by|keeps to that order|same turn/,
    breakIt: (c) => ({
      store: async (entries) => {
        for (const one of entries) {
          const before = (await c.get([one.taskId])).get(one.taskId);
          await turn();
          if (before === undefined || !String(before).includes("SUCCESS")) await c.store([{ ...one, status: "X" }]);
        }
      },
    }),
  },
  {
    fault: "refuses to replace FAILURE",
    foundBy: /replaces FAILURE by any state/,
    breakIt: (c) => ({
      store: (entries) => c.store(entries.map((one) => (one.status === "FAILURE" ? { ...one, status: "SUCCESS" } : one))),
    }),
  },
  {
    fault: "gives an empty document for an unknown task",
    foundBy: /knows nothing of a task/,
    breakIt: (c) => ({ get: async (ids) => new Map([...ids.map((id) => [id, ""] as const), ...(await c.get(ids))]) }),
  },
  { fault: "reads at most 1,000 at once", foundBy: /reads 5,000 documents/, breakIt: (c) => ({ get: (ids) => c.get(ids.slice(0, 1000)) }) },
  {
    fault: "does not tell ids in different case apart",
    foundBy: /differ only in case/,
    breakIt: (c) => ({ store: (entries) => c.store(entries.map((one) => ({ ...one, taskId: one.taskId.toLowerCase() }))) }),
  },
  {
    fault: "keeps bytes as text",
    foundBy: /every byte of a binary document/,
    breakIt: (c) => ({
      store: (entries) =>
        c.store(entries.map((one) => (typeof one.document === "string" ? one : { ...one, document: asText(one.document) }))),
    }),
  },
  {
    fault: "keeps the whole buffer behind a view",
    foundBy: /view of/,
    breakIt: (c) => ({
      store: (entries) =>
        c.store(entries.map((one) => (typeof one.document === "string" ? one : { ...one, document: new Uint8Array(one.document.buffer) }))),
    }),
  },
  {
    fault: "cuts long documents",
    foundBy: /one mebibyte/,
    breakIt: (c) => ({ store: (entries) => c.store(entries.map((one) => ({ ...one, document: one.document.slice(0, 65_535) }))) }),
  },
  { fault: "forgets nothing", foundBy: /removes the documents that are named/, breakIt: () => ({ forget: async () => {} }) },
  {
    fault: "forgets the group of the same id",
    foundBy: /leaves a group of the same id/,
    breakIt: (c) => ({ forget: async (ids) => void (await Promise.all([c.forget(ids), ...ids.map((id) => c.deleteGroup(id))])) }),
  },
  {
    fault: "never lets a document expire",
    foundBy: /removes a document after its time/,
    breakIt: (c) => ({ store: (entries) => c.store(entries.map((one) => ({ ...one, expiresMs: null }))) }),
  },
  {
    fault: "lets every document expire",
    foundBy: /keeps for ever|keeps the others/,
    breakIt: (c) => ({ store: (entries) => c.store(entries.map((one) => ({ ...one, expiresMs: 1000 }))) }),
  },
  {
    fault: "counts nothing in cleanup",
    foundBy: /counts the documents/,
    capabilities: { expiry: false },
    breakIt: (c) => ({ cleanup: async () => (await c.cleanup(), 0) }),
  },
  {
    fault: "tells of nothing",
    foundBy: /tells of a document that is stored on another/,
    breakIt: (c) => ({ watch: async () => await (c.watch?.([], () => {}) as never) }),
  },
  {
    fault: "tells of a watch only what was there when it began",
    foundBy: /added later/,
    breakIt: (c) => ({ watch: async (ids, on) => ({ ...((await c.watch?.(ids, on)) as never as object), add: async () => {} }) as never }),
  },
  {
    fault: "tells of what was removed",
    foundBy: /no more of what is removed/,
    breakIt: (c) => ({ watch: async (ids, on) => ({ ...((await c.watch?.(ids, on)) as never as object), remove: () => {} }) as never }),
  },
  {
    fault: "tells after it was closed",
    foundBy: /nothing after it was closed/,
    breakIt: (c) => ({ watch: async (ids, on) => ({ ...((await c.watch?.(ids, on)) as never as object), close: () => {} }) as never }),
  },
  {
    fault: "tells every document twice, the second time an old one",
    foundBy: /in the order in which|newest of many/,
    breakIt: (c) => {
      const first = new Map<string, Document>();
      return {
        watch: (ids, on) =>
          c.watch?.(ids, (id, document) => {
            if (!first.has(id)) first.set(id, document);
            on(id, document);
            on(id, first.get(id) ?? document);
          }) as never,
      };
    },
  },
  { fault: "has a watch, though it says that it cannot push", foundBy: /has no watch/, capabilities: { push: false } },
  {
    fault: "accepts chords, though it says that it cannot count",
    foundBy: /refuses every chord operation/,
    capabilities: { chords: false },
  },
  {
    fault: "counts a redelivered member twice",
    foundBy: /counts a member once/,
    breakIt: (c) => ({ addChordPart: (part, ms) => c.addChordPart({ ...part, taskId: `${part.taskId} ${Math.random()}` }, ms) }),
  },
  {
    fault: "counts members by their index alone",
    foundBy: /two members with the same index/,
    breakIt: (c) => ({ addChordPart: (part, ms) => c.addChordPart({ ...part, taskId: "one" }, ms) }),
  },
  {
    fault: "counts after adding, in a second step",
    foundBy: /exact under 50 members/,
    breakIt: (c) => ({
      addChordPart: async (part, ms) => {
        const { size } = await c.addChordPart(part, ms);
        await turn();
        return { count: (await c.chordParts(part.groupId)).length, size };
      },
    }),
  },
  {
    fault: "replaces a chord's size by a smaller one",
    foundBy: /larger of two sizes/,
    breakIt: (c) => {
      let last = 0;
      return {
        setChordSize: (id, size, ms) => ((last = size), c.setChordSize(id, size, ms)),
        addChordPart: async (part, ms) => ({ ...(await c.addChordPart(part, ms)), size: last || null }),
      };
    },
  },
  {
    fault: "orders a chord's members as texts",
    foundBy: /as numbers/,
    breakIt: (c) => ({
      chordParts: async (id) =>
        (await c.chordParts(id)).toSorted((a: ChordPart, b: ChordPart) => String(a.groupIndex).localeCompare(String(b.groupIndex))),
    }),
  },
  { fault: "keeps a chord that was forgotten", foundBy: /forgets a chord/, breakIt: () => ({ forgetChord: async () => {} }) },
  { fault: "keeps a group that was deleted", foundBy: /deletes a group/, breakIt: () => ({ deleteGroup: async () => {} }) },
  {
    fault: "keeps groups among tasks",
    foundBy: /group and a task of the same id/,
    breakIt: (c) => ({
      saveGroup: (id, document, expiresMs) => c.store([{ taskId: id, status: "X", document, expiresMs }]),
      getGroup: async (id) => (await c.get([id])).get(id),
      deleteGroup: (id) => c.forget([id]),
    }),
  },
  { fault: "has a store for each connection", foundBy: /see what another stored/, url: (url) => `${url}-${++stores}` },
  { fault: "works on after it was closed", foundBy: /rejects get on a closed connection/, breakIt: () => ({ close: async () => {} }) },
  {
    fault: "throws when it is closed twice",
    foundBy: /safe to close twice/,
    breakIt: (c) => {
      let closed = false;
      return {
        close: async () => {
          if (closed) throw new Error("already closed");
          closed = true;
          await c.close();
        },
      };
    },
  },
  { fault: "cannot be opened", foundBy: /reads back a document/, url: () => "nothing://" },
];

function brokenDriver(fault: Fault): BackendDriver {
  const driver = createBackendDriver();
  return {
    ...driver,
    capabilities: { ...driver.capabilities, ...fault.capabilities },
    open: async (params) => {
      const connection = await driver.open({ ...params, url: fault.url?.(params.url) ?? params.url });
      const changed = fault.breakIt?.(connection) ?? {};
      return new Proxy(connection, {
        get: (target, name) => {
          if (name in changed) return changed[name as keyof BackendConnection];
          const value: unknown = Reflect.get(target, name, target);
          return typeof value === "function" ? (value.bind(target) as unknown) : value;
        },
      });
    },
  };
}

function runOn(driver: BackendDriver, wanted?: RegExp): Promise<CollectedOutcome> {
  return runCollected((runner) => {
    backendConformance({
      ...runner,
      driver,
      patienceMs: 200,
      print: () => {},
      createHarness: async () => {
        let now = 1_700_000_000_000;
        return {
          params: { url: `memory://broken-${++stores}`, options: { clock: { ...systemClock, now: () => now } } },
          advance: (milliseconds) => void (now += milliseconds),
          close: async () => {},
        };
      },
    });
  }, wanted);
}

describe("the backend suite", () => {
  it("passes on the driver in memory, which the broken ones are made of", async () => {
    const outcome = await runOn(brokenDriver({ fault: "none", foundBy: /./ }));
    expect([...outcome.failed]).toEqual([]);
    expect(outcome.passed.length).toBeGreaterThan(100);
    for (const title of outcome.skipped)
      expect(title).toMatch(/the capability (expiry|push|chords|persistent) of memory is (true|false): /);
  });
  for (const fault of FAULTS) {
    it(`finds a driver that ${fault.fault}`, async () => {
      const { passed, failed } = await runOn(brokenDriver(fault), fault.foundBy);
      expect(failed.size, `expected a test ${String(fault.foundBy)} to fail; passed: ${passed.join("; ")}`).toBeGreaterThan(0);
    });
  }
});
