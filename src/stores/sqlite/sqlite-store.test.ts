import { copyFileSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
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

/** Resolves when the store has found out, which it does only when it is used or listened to. */
const lost = (from: SqliteStore): Promise<Error> =>
  new Promise((resolve) => {
    from.onLost(resolve);
    from.monitor.keepAlive();
    from.monitor.listen({ onChange: () => {} });
  });
const removeFiles = (path: string): void => {
  for (const suffix of ["", "-wal", "-shm", ".wake"]) rmSync(`${path}${suffix}`, { force: true });
};

describe("a file that is taken away from an open store", () => {
  it("is noticed by who listens; what is written after is refused with a sentence, and the next to open it finds a new file", async () => {
    await store.write(() => put("t1"));
    const found = lost(store);
    removeFiles(store.path);
    expect(await found).toMatchObject({ code: "CELERIAC_STORE_REPLACED", retryable: true });
    await expect(store.write(() => put("t2"))).rejects.toThrow(/celeriac\.db was deleted while it was open/);
    await expect(store.read(names)).rejects.toThrow(/was deleted while it was open/);
    const next = await acquireStore(store.path);
    expect(next.store).not.toBe(store);
    expect(await next.store.read(() => next.store.prepare("SELECT count(*) FROM counters").get())).toEqual([2]);
    // Closing the old one must not touch what belongs to the new one.
    await next.store.write(() => void next.store.prepare("INSERT INTO counters VALUES ('t9', 1)").run());
    await lease.release();
    const third = await acquireStore(store.path);
    expect(third.store).toBe(next.store);
    await Promise.all([third.release(), next.release()]);
    lease = await acquireStore(store.path);
    store = lease.store;
    expect(await store.read(names)).toEqual(["t9"]);
  });
  it("gives way to a backup that is moved in its place, whose log is not the old one", async () => {
    await store.write(() => put("t1"));
    const backup = join(folder, "backup.db");
    store.prepare("VACUUM INTO ?").run(backup);
    await store.write(() => put("t2"));
    const found = lost(store);
    renameSync(backup, store.path);
    expect((await found).message).toMatch(/was replaced while it was open/);
    await lease.release();
    lease = await acquireStore(store.path);
    store = lease.store;
    expect(await store.read(names)).toEqual(["t1"]);
    expect(readdirSync(folder).filter((name) => name.includes("-wal.of-replaced-"))).toHaveLength(1);
  });
  it("is noticed also where only the write-ahead log was deleted, and what was in that is kept", async () => {
    await store.write(() => put("t1"));
    const found = lost(store);
    rmSync(`${store.path}-wal`);
    expect((await found).message).toMatch(/was deleted while it was open/);
    await lease.release();
    lease = await acquireStore(store.path);
    store = lease.store;
    expect(await store.read(names)).toEqual(["t1"]);
  });
  it("is not supposed where the file is merely copied or linked", async () => {
    copyFileSync(store.path, join(folder, "copy.db"));
    const turn = new Promise<void>((resolve) => {
      store.monitor.keepAlive();
      store.monitor.listen({ onChange: () => {}, onTick: resolve });
    });
    await turn;
    expect(store.lost).toBeUndefined();
    await store.write(() => put("t1"));
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
