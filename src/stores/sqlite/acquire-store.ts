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
    const opened = entry;
    const forget = (): void => void (open.get(real) === opened && open.delete(real));
    opened.opening.then((store) => store.onLost(forget), forget);
  }
  const mine = entry;
  mine.users++;
  const store = await mine.opening;
  // The next one opens what is at the path by then; those who share this store give it back one by one.
  if (store.lost !== undefined) {
    await release(real, mine, store);
    return acquireStore(path, options);
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
  if (open.get(real) === entry) open.delete(real);
  const closed: Promise<void> = store.close().finally(() => {
    if (closing.get(real) === closed) closing.delete(real);
  });
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
