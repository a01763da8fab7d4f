// Documents of tasks as rows. Each write gives its row a new number from one counter, so that whoever watches asks one question for all
// tasks: what has a number above the last one that I know?
import type { Document, StoreEntry } from "../../backend/contract.ts";
import type { SqliteStore } from "../../stores/sqlite/sqlite-store.ts";

/** The statement that stores a document, unless a SUCCESS that has not expired stands. */
export const UPSERT: string = `INSERT INTO results (seq, task_id, status, expires, document) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (task_id) DO UPDATE SET seq = excluded.seq, status = excluded.status, expires = excluded.expires, document = excluded.document
  WHERE status <> 'SUCCESS' OR expires <= ?`;
/** The statement that finds what was stored after a number. */
export const NEWER_THAN: string = "SELECT seq, task_id FROM results WHERE seq > ? ORDER BY seq LIMIT ?";

/** A row that came after what was known. */
export type NewerRow = readonly [seq: number, taskId: string];

/** The documents of tasks in one database. */
export class ResultTable {
  readonly #store: SqliteStore;

  constructor(store: SqliteStore) {
    this.#store = store;
  }

  /**
   * Stores documents; in a transaction.
   * @returns which of them were stored, and the number of the first; the others were refused because a SUCCESS stands
   */
  put(entries: readonly StoreEntry[], now: number): { readonly first: number; readonly stored: readonly boolean[] } {
    this.#store.willGrow();
    const next = this.#store.prepare("UPDATE counters SET value = value + ? WHERE name = 'results' RETURNING value");
    const first = Number((next.get(entries.length) as unknown as [number] | undefined)?.[0]) - entries.length + 1;
    const upsert = this.#store.prepare(UPSERT);
    const stored = entries.map(({ taskId, status, document, expiresMs }, i) => {
      const expires = expiryOf(now, expiresMs);
      return Number(upsert.run(first + i, taskId, status, expires, document, now).changes) > 0;
    });
    this.#store.wakeOthers();
    return { first, stored };
  }

  /** The documents of these tasks that have not expired. */
  get(taskIds: readonly string[], now: number): Map<string, Document> {
    const found = new Map<string, Document>();
    const select = this.#store.prepare("SELECT document FROM results WHERE task_id = ? AND (expires IS NULL OR expires > ?)");
    for (const taskId of taskIds) {
      const row = select.get(taskId, now) as unknown as [Document] | undefined;
      if (row !== undefined) found.set(taskId, row[0]);
    }
    return found;
  }

  /** Removes documents; in a transaction. */
  forget(taskIds: readonly string[]): void {
    const remove = this.#store.prepare("DELETE FROM results WHERE task_id = ?");
    for (const taskId of taskIds) remove.run(taskId);
  }

  /** The number that was given last. */
  lastSeq(): number {
    const row = this.#store.prepare("SELECT value FROM counters WHERE name = 'results'").get() as unknown as [number] | undefined;
    return row?.[0] ?? 0;
  }

  /** What came after this number, at most so many. */
  newerThan(seq: number, limit: number): readonly NewerRow[] {
    return this.#store.prepare(NEWER_THAN).all(seq, limit) as unknown as NewerRow[];
  }

  /** The document with this number; undefined where it was replaced since. */
  documentAt(seq: number): Document | undefined {
    return (this.#store.prepare("SELECT document FROM results WHERE seq = ?").get(seq) as unknown as [Document] | undefined)?.[0];
  }
}

/** When something expires that is kept for so long; null for never. */
export function expiryOf(now: number, expiresMs: number | null): number | null {
  return expiresMs === null ? null : Math.ceil(now + expiresMs);
}
