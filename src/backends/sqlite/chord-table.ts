// The members of chords as rows, and their number beside the size of the chord, so that counting does not grow with the chord.
import type { ChordPart, ChordProgress, Document } from "../../backend/contract.ts";
import type { SqliteStore } from "../../stores/sqlite/sqlite-store.ts";
import { expiryOf } from "./result-table.ts";

/** Stands for "no index" in the primary key, in which a NULL would be equal to no other. */
const NO_INDEX = -1;

type PartRow = readonly [taskId: string, groupIndex: number, status: string, result: Document];

/** The chords of one database. All that changes something belongs into a transaction. */
export class ChordTable {
  readonly #store: SqliteStore;

  constructor(store: SqliteStore) {
    this.#store = store;
  }

  /** Sets how many members there are, unless more are known. */
  setSize(groupId: string, size: number, expiresMs: number | null, now: number): void {
    this.#dropExpired(groupId, now);
    this.#store
      .prepare(
        `INSERT INTO chords (group_id, size, count, expires) VALUES (?, ?, 0, ?)
         ON CONFLICT (group_id) DO UPDATE SET size = max(ifnull(size, 0), excluded.size), expires = excluded.expires`,
      )
      .run(groupId, size, expiryOf(now, expiresMs));
  }

  /** Adds a member, in place of one of the same task and index, and counts. */
  addPart({ groupId, taskId, groupIndex, status, result }: ChordPart, expiresMs: number | null, now: number): ChordProgress {
    this.#dropExpired(groupId, now);
    const key = [groupId, taskId, groupIndex ?? NO_INDEX] as const;
    const replaced = this.#store
      .prepare("UPDATE chord_parts SET status = ?, result = ? WHERE group_id = ? AND task_id = ? AND group_index = ?")
      .run(status, result, ...key);
    const isNew = Number(replaced.changes) === 0;
    if (isNew)
      this.#store
        .prepare("INSERT INTO chord_parts (group_id, task_id, group_index, status, result) VALUES (?, ?, ?, ?, ?)")
        .run(...key, status, result);
    const added = isNew ? 1 : 0;
    const row = this.#store
      .prepare(
        `INSERT INTO chords (group_id, size, count, expires) VALUES (?, NULL, ?, ?)
         ON CONFLICT (group_id) DO UPDATE SET count = count + excluded.count, expires = excluded.expires RETURNING count, size`,
      )
      .get(groupId, added, expiryOf(now, expiresMs)) as unknown as [number, number | null];
    return { count: row[0], size: row[1] };
  }

  /** The members in the order of their index, those without one last. */
  parts(groupId: string, now: number): readonly ChordPart[] {
    const rows = this.#store
      .prepare(
        `SELECT task_id, group_index, status, result FROM chord_parts
         WHERE group_id = ? AND EXISTS (SELECT 1 FROM chords WHERE chords.group_id = chord_parts.group_id AND (expires IS NULL OR expires > ?))
         ORDER BY group_index < 0, group_index, chord_parts.rowid`,
      )
      .all(groupId, now) as unknown as PartRow[];
    return rows.map(([taskId, index, status, result]) => ({
      groupId,
      taskId,
      groupIndex: index === NO_INDEX ? null : index,
      status,
      result,
    }));
  }

  /** Removes a chord: its size and its members. */
  forget(groupId: string): void {
    this.#store.prepare("DELETE FROM chord_parts WHERE group_id = ?").run(groupId);
    this.#store.prepare("DELETE FROM chords WHERE group_id = ?").run(groupId);
  }

  /** Removes expired chords, at most so many; gives their number. */
  cleanup(now: number, limit: number): number {
    const rows = this.#store.prepare("SELECT group_id FROM chords WHERE expires <= ? LIMIT ?").all(now, limit) as unknown as [string][];
    for (const [groupId] of rows) this.forget(groupId);
    return rows.length;
  }

  #dropExpired(groupId: string, now: number): void {
    if (this.#store.prepare("SELECT 1 FROM chords WHERE group_id = ? AND expires <= ?").get(groupId, now) !== undefined)
      this.forget(groupId);
  }
}
