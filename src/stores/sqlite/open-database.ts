// Opens the file: refuses what cannot work with a sentence, brings the tables to this version, sets the pragmas. The connection's own
// busy handler stays off (it would sleep on the event loop); whoever gets SQLITE_BUSY tries again asynchronously.
import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ConfigError } from "../../errors/celeriac-error.ts";
import { retryWhileBusy } from "./busy-retry.ts";
import { APPLICATION_ID, MIGRATIONS } from "./schema.ts";
import { isSafeForWal } from "./sqlite-version.ts";
import { openProblem } from "./store-error.ts";
import type { StoreOptions } from "./store-options.ts";

/** A database that is ready for use. */
export interface OpenedDatabase {
  readonly db: DatabaseSync;
  /** Whether readers and the writer do not block each other; false only with a SQLite that had to be forced. */
  readonly wal: boolean;
}

/** What is asked of SQLite's own version; replaced by tests. */
export type SqliteVersionSource = () => string;

const bundledVersion: SqliteVersionSource = () => process.versions["sqlite"] ?? "0.0.0";

/** Opens the database at this path, made where there is none. */
export async function openDatabase(
  path: string,
  options: StoreOptions,
  version: SqliteVersionSource = bundledVersion,
): Promise<OpenedDatabase> {
  const wal = checkVersion(path, options, version());
  checkPath(path);
  let db: DatabaseSync | undefined;
  try {
    const opened = (db = new DatabaseSync(path, { timeout: 0 }));
    await retryWhileBusy(path, () => configure(opened, options, wal));
    await retryWhileBusy(path, () => migrate(opened, path));
    await retryWhileBusy(path, () => probe(opened));
    return { db: opened, wal };
  } catch (error) {
    if (db?.isOpen) db.close();
    const problem = openProblem(error);
    if (problem === undefined) throw error;
    throw new ConfigError("CELERIAC_STORE_UNUSABLE", { path, problem }, { cause: error });
  }
}

function refuse(path: string, problem: string): ConfigError {
  return new ConfigError("CELERIAC_STORE_UNUSABLE", { path, problem });
}

function checkVersion(path: string, options: StoreOptions, version: string): boolean {
  if (isSafeForWal(version)) return true;
  const fault = `SQLite ${version} of this Node.js can corrupt a database that several processes write`;
  if (options.forceUnsafeSqlite !== true) {
    throw refuse(path, `${fault}; use Node.js 24.15 or newer, or set the option forceUnsafeSqlite and accept a slower journal`);
  }
  process.emitWarning(`${fault} in WAL mode; ${path} is kept with a rollback journal, which is about ten times slower`, "CeleriacWarning");
  return false;
}

/** SQLite says "unable to open" to all of these; say which it is. */
function checkPath(path: string): void {
  const folder = dirname(path);
  const folderStat = statSync(folder, { throwIfNoEntry: false });
  if (!folderStat) throw refuse(path, `its folder ${folder} does not exist; make it, or correct the path`);
  if (!folderStat.isDirectory()) throw refuse(path, `${folder} is no folder; correct the path`);
  const writable = (target: string): boolean => {
    try {
      accessSync(target, constants.R_OK | constants.W_OK);
      return true;
    } catch {
      return false;
    }
  };
  if (!writable(folder))
    throw refuse(path, `its folder ${folder} cannot be written by this user; SQLite keeps two more files beside the database`);
  if (!existsSync(path)) return;
  if (statSync(path).isDirectory()) throw refuse(path, "it is a folder; name a file in it");
  if (!writable(path)) throw refuse(path, "it cannot be written by this user; give it the right to write, or use another file");
}

function pragma(db: DatabaseSync, name: string): unknown {
  return Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0];
}

/**
 * Pages of the log after which a COMMIT copies them into the database, which makes it wait for the disk: 24 MiB. SQLite's own 1000 strike
 * every seventieth task that is sent and waited for one by one, which is its 99th percentile.
 */
const CHECKPOINT_PAGES = 3000;

function configure(db: DatabaseSync, options: StoreOptions, wal: boolean): void {
  // Only a database that has no page yet takes another page size.
  db.exec("PRAGMA page_size = 8192");
  const mode = wal ? "wal" : "truncate";
  if (pragma(db, "journal_mode") !== mode) db.exec(`PRAGMA journal_mode = ${mode}`);
  db.exec(`PRAGMA synchronous = ${options.synchronous === "full" ? "FULL" : "NORMAL"}; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0`);
  db.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  if (options.maxPageCount !== undefined) db.exec(`PRAGMA max_page_count = ${options.maxPageCount}`);
}

/** Reads the root of each table and index, so that gross corruption is told now and not by the first task. Its cost does not grow with the file. */
function probe(db: DatabaseSync): void {
  for (const { name } of db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").all()) {
    db.prepare(`SELECT * FROM "${String(name)}" LIMIT 1`).get();
  }
}

function migrate(db: DatabaseSync, path: string): void {
  if (Number(pragma(db, "user_version")) === MIGRATIONS.length && Number(pragma(db, "application_id")) === APPLICATION_ID) return;
  db.exec("BEGIN EXCLUSIVE");
  try {
    const version = Number(pragma(db, "user_version"));
    const application = Number(pragma(db, "application_id"));
    const tables = Number(db.prepare("SELECT count(*) AS n FROM sqlite_schema").get()?.["n"]);
    if (application !== APPLICATION_ID && (tables > 0 || application !== 0 || version !== 0)) {
      throw refuse(path, "it is a database of another program; give the path of another file");
    }
    if (version > MIGRATIONS.length) {
      throw refuse(
        path,
        `it was written by a newer Celeriac (its version is ${version}, this one knows up to ${MIGRATIONS.length}); upgrade celeriac in this program`,
      );
    }
    for (const step of MIGRATIONS.slice(version)) db.exec(step);
    db.exec(`PRAGMA user_version = ${MIGRATIONS.length}; PRAGMA application_id = ${APPLICATION_ID}; COMMIT`);
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}
