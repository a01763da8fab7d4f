import { mkdirSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ConfigError } from "../../errors/celeriac-error.ts";
import { openDatabase } from "./open-database.ts";
import { APPLICATION_ID, MIGRATIONS } from "./schema.ts";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "celeriac-open-"));
  path = join(folder, "celeriac.db");
});
afterEach(() => rmSync(folder, { recursive: true }));

async function refusal(at = path, version?: string, options = {}): Promise<string> {
  const error: unknown = await openDatabase(at, options, version === undefined ? undefined : () => version).then(
    ({ db }) => {
      db.close();
      return undefined;
    },
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ConfigError);
  expect((error as ConfigError).code).toBe("CELERIAC_STORE_UNUSABLE");
  return (error as ConfigError).message;
}

function pragma(db: DatabaseSync, name: string): unknown {
  return Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0];
}

describe("opening a database", () => {
  it("makes one, marked as ours, with its pragmas", async () => {
    const { db, wal } = await openDatabase(path, {});
    expect(wal).toBe(true);
    expect([pragma(db, "user_version"), pragma(db, "application_id"), pragma(db, "page_size")]).toEqual([
      MIGRATIONS.length,
      APPLICATION_ID,
      8192,
    ]);
    expect([pragma(db, "journal_mode"), pragma(db, "synchronous"), pragma(db, "busy_timeout")]).toEqual(["wal", 1, 0]);
    db.close();
  });
  it("makes commits durable when asked", async () => {
    const { db } = await openDatabase(path, { synchronous: "full" });
    expect(pragma(db, "synchronous")).toBe(2);
    db.close();
  });
  it("finds what it made before", async () => {
    const first = await openDatabase(path, {});
    first.db.exec("INSERT INTO counters VALUES ('kept', 7)");
    first.db.close();
    const { db } = await openDatabase(path, {});
    expect(db.prepare("SELECT value FROM counters WHERE name = 'kept'").get()).toEqual({ value: 7 });
    db.close();
  });
  it("takes an empty file for a new database", async () => {
    writeFileSync(path, "");
    const { db } = await openDatabase(path, {});
    expect(pragma(db, "user_version")).toBe(MIGRATIONS.length);
    db.close();
  });
  it("makes the tables once when several connections come at the same moment", async () => {
    const opened = await Promise.all(Array.from({ length: 8 }, () => openDatabase(path, {})));
    for (const { db } of opened) db.close();
    expect(opened).toHaveLength(8);
  });
  it("refuses a database of a newer version", async () => {
    const { db } = await openDatabase(path, {});
    db.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}`);
    db.close();
    expect(await refusal()).toMatch(/newer Celeriac.*upgrade celeriac/);
  });
  it("refuses the database of another program and leaves it as it is", async () => {
    const other = new DatabaseSync(path);
    other.exec("CREATE TABLE customers (id INTEGER PRIMARY KEY)");
    other.close();
    expect(await refusal()).toMatch(/database of another program/);
    const again = new DatabaseSync(path);
    expect(again.prepare("SELECT name FROM sqlite_schema").all()).toEqual([{ name: "customers" }]);
    again.close();
  });
  it("refuses a file that is no database", async () => {
    writeFileSync(
      path,
      "this is a text and no database, long enough for a header of a hundred bytes or so, which SQLite reads first of all",
    );
    expect(await refusal()).toMatch(/no SQLite database/);
  });
  it("refuses a corrupt database", async () => {
    const { db } = await openDatabase(path, {});
    db.close();
    const { size } = statSync(path);
    truncateSync(path, 8192);
    const garbled = new Uint8Array(size - 8192).fill(0x5a);
    writeFileSync(path, garbled, { flag: "a" });
    expect(await refusal()).toMatch(/corrupt/);
  });
  it("refuses a path whose folder does not exist", async () => {
    expect(await refusal(join(folder, "missing", "celeriac.db"))).toMatch(/folder .*missing does not exist/);
  });
  it("refuses a path through a file, and one that is a folder", async () => {
    writeFileSync(join(folder, "file"), "");
    expect(await refusal(join(folder, "file", "celeriac.db"))).toMatch(/is no folder/);
    mkdirSync(path);
    expect(await refusal()).toMatch(/is a folder/);
  });
  it("refuses a place that cannot be written", async () => {
    // Not even root makes files there.
    if (process.platform === "linux") expect(await refusal("/proc/celeriac.db")).toMatch(/cannot be (written|opened)/);
  });
  it("refuses a SQLite that may corrupt the database, unless it is forced", async () => {
    expect(await refusal(path, "3.51.2")).toMatch(/SQLite 3.51.2 .*forceUnsafeSqlite/);
    const warned = new Promise<Error>((resolve) => process.once("warning", resolve));
    const { db, wal } = await openDatabase(path, { forceUnsafeSqlite: true }, () => "3.51.2");
    expect(wal).toBe(false);
    expect(pragma(db, "journal_mode")).toBe("truncate");
    expect((await warned).message).toMatch(/rollback journal/);
    db.close();
  });
});
