// One open store for each file of this process, however many connections use it.
import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { openDatabase } from "./open-database.ts";
import { SqliteStore } from "./sqlite-store.ts";
import type { StoreOptions } from "./store-options.ts";

/** A share in an open store. */
export interface StoreLease {
  readonly store: SqliteStore;
  /** Gives the share back; the last one closes the file. Safe to call twice. */
  release(): Promise<void>;
}

interface Entry {
  readonly opening: Promise<SqliteStore>;
  users: number;
}

const open = new Map<string, Entry>();
/** Files that are being closed: to be opened again only afterwards. */
const closing = new Map<string, Promise<void>>();

/** Opens the database at this path, or joins those in this process who have it open. */
export async function acquireStore(path: string, options: StoreOptions = {}): Promise<StoreLease> {
  const real = realPath(path);
  let entry = open.get(real);
  if (entry === undefined) {
    entry = { opening: openAfter(closing.get(real), real, options), users: 0 };
    open.set(real, entry);
  }
  const mine = entry;
  mine.users++;
  let store: SqliteStore;
  try {
    store = await mine.opening;
  } catch (error) {
    if (open.get(real) === mine) open.delete(real);
    throw error;
  }
  if (options.synchronous === "full") store.requireFullDurability();
  let released: Promise<void> | undefined;
  return { store, release: () => (released ??= release(real, mine, store)) };
}

async function openAfter(closed: Promise<void> | undefined, real: string, options: StoreOptions): Promise<SqliteStore> {
  await closed;
  return new SqliteStore(real, await openDatabase(real, options), options);
}

async function release(real: string, entry: Entry, store: SqliteStore): Promise<void> {
  if (--entry.users > 0) return;
  open.delete(real);
  const closed = store.close().finally(() => closing.delete(real));
  closing.set(real, closed);
  await closed;
}

/** Two paths of one file, by a link or by the folder they are given from, are one store. */
function realPath(path: string): string {
  const absolute = resolve(path);
  if (existsSync(absolute)) return realpathSync(absolute);
  const folder = dirname(absolute);
  return existsSync(folder) ? join(realpathSync(folder), basename(absolute)) : absolute;
}
