import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { acquireStore, type StoreLease } from "./acquire-store.ts";
import type { SqliteStore } from "./sqlite-store.ts";
import { RunAgain } from "./write-queue.ts";

let folder: string;
let lease: StoreLease;
let store: SqliteStore;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "celeriac-store-"));
  lease = await acquireStore(join(folder, "celeriac.db"));
  store = lease.store;
});
afterEach(async () => {
  await lease.release();
  rmSync(folder, { recursive: true });
});

const put = (name: string, value = 1): void => void store.prepare("INSERT INTO counters VALUES (?, ?)").run(name, value);
const names = (): unknown[] =>
  store.prepare("SELECT name FROM counters WHERE name LIKE 't%' AND name <> 'topology' ORDER BY name").all().flat();
/** How many transactions another connection sees go by. */
const observed = async (run: () => Promise<unknown>): Promise<number> => {
  const other = new DatabaseSync(store.path, { readOnly: true });
  const version = other.prepare("PRAGMA data_version");
  version.get();
  let commits = 0;
  let seen = version.get()?.["data_version"];
  const look = (): void => {
    const now = version.get()?.["data_version"];
    if (now !== seen) commits++;
    seen = now;
  };
  const running = run();
  let done = false;
  void running.finally(() => (done = true));
  while (!done) {
    await new Promise((resolve) => setImmediate(resolve));
    look();
  }
  other.close();
  return commits;
};

describe("group commit", () => {
  it("runs what is written in one turn in one transaction, in its order", async () => {
    const order: number[] = [];
    const commits = await observed(() =>
      Promise.all(Array.from({ length: 100 }, (_, i) => store.write(() => (order.push(i), put(`t${i}`))))),
    );
    expect(commits).toBe(1);
    expect(order).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(await store.read(names)).toHaveLength(100);
  });
  it("gives each operation its own value, after the commit", async () => {
    const seen = store
      .write(() => (put("t1"), "one"))
      .then((value) => [value, new DatabaseSync(store.path).prepare("SELECT 1 AS x FROM counters WHERE name = 't1'").get()]);
    const other = store.write(() => 2);
    expect(await other).toBe(2);
    expect(await seen).toEqual(["one", { x: 1 }]);
  });
  it("lets an operation that throws fail alone", async () => {
    const outcomes = await Promise.allSettled([
      store.write(() => put("t1")),
      store.write(() => {
        put("t2");
        throw new Error("no");
      }),
      store.write(() => put("t3")),
      store.write(() => put("t1")),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "rejected"]);
    expect((outcomes[1] as PromiseRejectedResult).reason).toEqual(new Error("no"));
    expect((await store.read(names)).toSorted()).toEqual(["t1", "t3"]);
  });
  it("runs an operation again that asks for it, alone or among others", async () => {
    for (const company of [0, 2]) {
      let runs = 0;
      const others = Array.from({ length: company }, (_, i) => store.write(() => put(`t${company}-${i}`)));
      await store.write(() => {
        put(`t${company}-x`);
        if (++runs === 1) throw new RunAgain();
      });
      await Promise.all(others);
      expect(runs).toBe(2);
    }
    expect(await store.read(names)).toHaveLength(4);
  });
  it("spreads many operations over several transactions", async () => {
    const commits = await observed(() => Promise.all(Array.from({ length: 1000 }, (_, i) => store.write(() => put(`t${i}`)))));
    expect(commits).toBeGreaterThanOrEqual(4);
    expect(await store.read(names)).toHaveLength(1000);
  });
  it("runs what was enqueued last in the same transaction, after the rest", async () => {
    let found: unknown;
    const commits = await observed(async () => {
      const done = new Promise<void>((resolve, reject) =>
        store.enqueueLast({ weight: 0, run: () => (found = names()), committed: resolve, failed: reject }),
      );
      await Promise.all([store.write(() => put("t1")), done]);
    });
    expect(found).toEqual(["t1"]);
    expect(commits).toBe(1);
  });
  it("waits for another process's lock without blocking the event loop", async () => {
    const other = new DatabaseSync(store.path);
    other.exec("BEGIN IMMEDIATE");
    let written = false;
    const writing = store.write(() => put("t1")).then(() => (written = true));
    for (let turns = 0; turns < 500; turns++) await new Promise((resolve) => setImmediate(resolve));
    expect(written).toBe(false);
    other.exec("COMMIT");
    other.close();
    await writing;
    expect(await store.read(names)).toEqual(["t1"]);
  });
  it("says that a full database is full, loses nothing, and goes on when there is room", async () => {
    const small = await acquireStore(join(folder, "small.db"), { maxPageCount: 80 });
    const insert = (i: number): Promise<void> =>
      small.store.write(
        () =>
          void small.store
            .prepare("INSERT INTO results (seq, task_id, status, document) VALUES (?, ?, 'X', ?)")
            .run(i, `${i}`, "x".repeat(20_000)),
      );
    let written = 0;
    let failure: unknown;
    while (failure === undefined) {
      await insert(written + 1).then(
        () => written++,
        (error: unknown) => (failure = error),
      );
    }
    expect(failure).toMatchObject({ code: "CELERIAC_STORE_FULL", retryable: true });
    expect((failure as Error).message).toMatch(/small\.db is full/);
    expect(await small.store.read(() => small.store.prepare("SELECT count(*) FROM results").get())).toEqual([written]);
    await small.store.write(() => void small.store.prepare("DELETE FROM results WHERE seq < 4").run());
    await insert(written + 1);
    await small.release();
  });
});

describe("acquireStore", () => {
  it("gives all who open one file the same store, by whatever path, until the last has let go", async () => {
    symlinkSync(folder, `${folder}-link`);
    try {
      const other = await acquireStore(join(`${folder}-link`, "celeriac.db"));
      expect(other.store).toBe(store);
      await other.release();
      await other.release();
      await store.write(() => put("t1"));
    } finally {
      rmSync(`${folder}-link`);
    }
    await lease.release();
    lease = await acquireStore(store.path);
    expect(lease.store).not.toBe(store);
  });
  it("makes the store durable for all when one asks for it", async () => {
    const other = await acquireStore(store.path, { synchronous: "full" });
    expect(store.prepare("PRAGMA synchronous").get()).toEqual([2]);
    await other.release();
  });
  it("does not keep a store that could not be opened", async () => {
    const path = join(folder, "missing", "x.db");
    await expect(acquireStore(path)).rejects.toThrow(/does not exist/);
    await expect(acquireStore(path)).rejects.toThrow(/does not exist/);
  });
});
