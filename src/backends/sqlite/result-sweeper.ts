// Removes what has expired: when the database is opened and every few minutes after, a little in each transaction.
import type { SqliteStore } from "../../stores/sqlite/sqlite-store.ts";
import type { Timer } from "../../util/clock.ts";
import type { ChordTable } from "./chord-table.ts";

const EVERY_MS = 300_000;
const ROWS_AT_ONCE = 500;
const TABLES = ["results", "result_groups"];

/** Removes expired documents of one database, by itself and when asked. */
export class ResultSweeper {
  readonly #store: SqliteStore;
  readonly #chords: ChordTable;
  #timer: Timer | undefined;
  #running: Promise<unknown> = Promise.resolve();

  constructor(store: SqliteStore, chords: ChordTable) {
    this.#store = store;
    this.#chords = chords;
  }

  /** Sweeps now and from time to time. */
  start(): void {
    this.#running = this.runOnce().catch((error: unknown) => {
      process.emitWarning(`expired results could not be removed: ${String(error)}`, "CeleriacWarning");
    });
    this.#timer = this.#store.clock.setTimer(() => this.start(), EVERY_MS, { unref: true });
  }

  /** Ends it; resolves when a sweep that runs has ended. */
  async stop(): Promise<void> {
    this.#timer?.cancel();
    await this.#running;
  }

  /** Removes all that has expired; resolves to how many documents, groups and chords that were. */
  async runOnce(): Promise<number> {
    const now = this.#store.clock.now();
    let removed = 0;
    for (const table of TABLES) {
      const sql = `DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} WHERE expires <= ? LIMIT ${ROWS_AT_ONCE})`;
      removed += await this.#repeat(table, now, () => Number(this.#store.prepare(sql).run(now).changes));
    }
    return removed + (await this.#repeat("chords", now, () => this.#chords.cleanup(now, ROWS_AT_ONCE)));
  }

  async #repeat(table: string, now: number, remove: () => number): Promise<number> {
    const some = `SELECT 1 FROM ${table} WHERE expires <= ? LIMIT 1`;
    let all = 0;
    for (let removed = ROWS_AT_ONCE; removed === ROWS_AT_ONCE; all += removed) {
      // Looked at without a lock first: mostly there is nothing.
      const found = await this.#store.read(() => this.#store.prepare(some).get(now) !== undefined);
      removed = found ? await this.#store.write(remove, ROWS_AT_ONCE, true) : 0;
    }
    return all;
  }
}
