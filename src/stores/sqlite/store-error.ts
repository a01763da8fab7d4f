// Turns what node:sqlite throws into errors with a sentence, and tells the few kinds apart that need different treatment.
import { BrokerError, CeleriacError } from "../../errors/celeriac-error.ts";

const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_READONLY = 8;
const SQLITE_IOERR = 10;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;
const SQLITE_NOTADB = 26;

/** The primary result code of an error that SQLite gave; undefined for any other error. */
export function sqliteCode(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("errcode" in error) || typeof error.errcode !== "number") return undefined;
  return error.errcode & 0xff;
}

/** Whether another process holds the lock: trying again will help. */
export function isBusy(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === SQLITE_BUSY || code === SQLITE_LOCKED;
}

/** Whether there is no room for what was to be written. */
export function isFull(error: unknown): boolean {
  return sqliteCode(error) === SQLITE_FULL;
}

/** The error as callers should see it. What is no error of SQLite stays as it is. */
export function describeStoreError(path: string, error: unknown): unknown {
  const code = sqliteCode(error);
  if (code === undefined || error instanceof CeleriacError) return error;
  const options = { cause: error };
  if (code === SQLITE_FULL) return new BrokerError("CELERIAC_STORE_FULL", { path }, options);
  const problem = openProblem(error);
  if (problem !== undefined) return new BrokerError("CELERIAC_STORE_UNUSABLE", { path, problem }, options);
  return new BrokerError("CELERIAC_STORE_FAILED", { path, reason: reasonOf(error) }, options);
}

/** Why a database cannot be used at all, as the end of a sentence; undefined where the error is of another kind. */
export function openProblem(error: unknown): string | undefined {
  switch (sqliteCode(error)) {
    case SQLITE_NOTADB:
      return "it is no SQLite database; give the path of another file, or move this one away";
    case SQLITE_CORRUPT:
      return `it is corrupt (${reasonOf(error)}); restore it from a backup, or move it away with its -wal file and let a new one be made`;
    case SQLITE_READONLY:
      return "it cannot be written; give this user the right to write the file and its folder";
    case SQLITE_CANTOPEN:
      return "it cannot be opened; check that its folder exists and that this user may write in it";
    case SQLITE_IOERR:
      return `reading or writing it failed (${reasonOf(error)}); check the disk, and that it is no network file system`;
    default:
      return undefined;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
