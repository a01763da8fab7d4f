// What only this driver has; the contract itself is tested by the conformance suite.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { BackendConnection } from "../../backend/contract.ts";
import { acquireStore } from "../../stores/sqlite/acquire-store.ts";
import { createBackendDriver } from "./index.ts";
import { NEWER_THAN, UPSERT } from "./result-table.ts";

let folder: string;
let path: string;
const opened: BackendConnection[] = [];

const open = async (url = `sqlite://${path}`): Promise<BackendConnection> => {
  const connection = await createBackendDriver().open({ url, options: {} });
  opened.push(connection);
  return connection;
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "celeriac-results-"));
  path = join(folder, "celeriac.db");
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((connection) => connection.close()));
  rmSync(folder, { recursive: true });
});

describe("the SQLite backend", () => {
  it.each([
    ["sqlite://:memory:", "CELERIAC_BACKEND_URL"],
    ["sqlite:///nowhere/at/all/x.db", "CELERIAC_STORE_UNUSABLE"],
  ])("refuses %s", async (url, code) => {
    await expect(open(url)).rejects.toMatchObject({ code });
  });
  it("stores what is stored in one turn in one transaction", async () => {
    const connection = await open();
    const other = new DatabaseSync(path, { readOnly: true });
    const version = (): unknown => other.prepare("PRAGMA data_version").get()?.["data_version"];
    const count = (): number => Number(other.prepare("SELECT count(*) AS n FROM results").get()?.["n"]);
    const before = version();
    const counts = new Set<number>();
    const storing = Promise.all(
      Array.from({ length: 100 }, (_, i) => connection.store([{ taskId: `t${i}`, status: "SUCCESS", document: "x", expiresMs: null }])),
    );
    let done = false;
    void storing.finally(() => (done = true));
    while (!done) {
      counts.add(count());
      await new Promise((resolve) => setImmediate(resolve));
    }
    counts.add(count());
    expect([...counts]).toEqual([0, 100]);
    expect(version()).not.toBe(before);
    other.close();
  });
  it("removes when it is opened what has expired since", async () => {
    const first = await open();
    await first.store([
      { taskId: "old", status: "SUCCESS", document: "x", expiresMs: -1 },
      { taskId: "kept", status: "SUCCESS", document: "x", expiresMs: 60_000 },
    ]);
    await first.close();
    const again = await open();
    await again.close();
    const { store, release } = await acquireStore(path);
    expect(store.prepare("SELECT task_id FROM results").all()).toEqual([["kept"]]);
    await release();
  });
  it("tells a watcher of another process's document by one question for all tasks", async () => {
    const connection = await open();
    const told = Promise.withResolvers<string>();
    const ids = Array.from({ length: 1000 }, (_, i) => `t${i}`);
    await connection.watch?.(ids, (taskId) => told.resolve(taskId));
    const other = new DatabaseSync(path); // another connection, as another process has
    other.exec("UPDATE counters SET value = value + 1 WHERE name = 'results'");
    other.exec(
      "INSERT INTO results (seq, task_id, status, document) SELECT value, 't777', 'SUCCESS', 'x' FROM counters WHERE name = 'results'",
    );
    other.close();
    expect(await told.promise).toBe("t777");
  });
  it("asks by index only", async () => {
    await open();
    const { store, release } = await acquireStore(path);
    const plan = (sql: string, ...values: (string | number)[]): unknown[] =>
      store
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all(...values)
        .map((row) => (row as unknown as unknown[])[3]);
    expect(plan(NEWER_THAN, 1, 10)).toEqual(["SEARCH results USING INTEGER PRIMARY KEY (rowid>?)"]);
    expect(plan(UPSERT, 1, "t", "SUCCESS", 1, "x", 1)).toEqual([]);
    await release();
  });
});
