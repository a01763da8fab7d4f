// Takes waiting messages of one queue in a transaction. The rows are read in the order of the index, then marked: a run of rows of one
// priority is marked by its range of ids, which is a third faster than UPDATE ... RETURNING. The cost does not depend on how many wait.
import type { SqliteStore } from "../../stores/sqlite/sqlite-store.ts";
import { CLAIMED_COLUMNS, type ClaimedRow } from "./message-row.ts";
import type { QueueEntry } from "./topology-table.ts";

/** The statement that finds what is next in a queue. */
export const SELECT_WAITING: string = `SELECT ${CLAIMED_COLUMNS} FROM messages WHERE queue = ? AND lease IS NULL AND due IS NULL ORDER BY priority DESC, id LIMIT ?`;
/** The statement that finds delayed messages whose time has come. */
export const PROMOTE_DUE: string =
  "UPDATE messages SET due = NULL WHERE id IN (SELECT id FROM messages WHERE queue = ? AND due IS NOT NULL AND due <= ? ORDER BY due LIMIT ?)";
/** The statement that finds when the next delayed message is due. */
export const SELECT_NEXT_DUE: string = "SELECT due FROM messages WHERE queue = ? AND due IS NOT NULL ORDER BY due LIMIT 1";

const SAME_RUN = "id BETWEEN ? AND ? AND queue = ? AND priority = ? AND lease IS NULL AND due IS NULL";
/** A range of ids may hold rows of other queues between ours; past so many to one of ours single updates are cheaper. */
const WIDEST_RANGE = 4;
/** Delayed messages that become visible in one transaction at most. */
const PROMOTED_AT_ONCE = 500;

/** Rows of one lease, in the order of their ids. */
export interface ClaimedRun {
  readonly source: QueueEntry;
  readonly lease: number;
  readonly rows: readonly ClaimedRow[];
}

/** What a claim found. */
export interface Claim {
  readonly runs: readonly ClaimedRun[];
  readonly count: number;
  /** Whether there may be more. */
  readonly more: boolean;
}

/** How messages are taken. */
export interface ClaimParams {
  readonly limit: number;
  readonly now: number;
  /** Deletes them in place of marking them. */
  readonly noAck: boolean;
  nextLease(): number;
}

/** Takes up to `limit` waiting messages; drops those that have expired. */
export function claimMessages(store: SqliteStore, source: QueueEntry, { limit, now, noAck, nextLease }: ClaimParams): Claim {
  const runs: ClaimedRun[] = [];
  let count = 0;
  for (;;) {
    const wanted = limit - count;
    const found = store.prepare(SELECT_WAITING).all(source.id, wanted) as unknown as ClaimedRow[];
    const rows = dropExpired(store, found, now);
    for (let from = 0; from < rows.length;) {
      let until = from + 1;
      while (until < rows.length && rows[until]?.[1] === rows[from]?.[1]) until++;
      const run = from === 0 && until === rows.length ? rows : rows.slice(from, until);
      const lease = nextLease();
      mark(store, source, run, noAck ? undefined : lease);
      runs.push({ source, lease, rows: run });
      from = until;
    }
    count += rows.length;
    if (found.length < wanted) return { runs, count, more: false };
    if (count >= limit) return { runs, count, more: true };
  }
}

/** Makes delayed messages visible whose time has come; gives when the next is due, which is in the past where some are left. */
export function promoteDue(store: SqliteStore, queue: number, now: number): number {
  const next = nextDue(store, queue);
  if (next > now) return next;
  store.prepare(PROMOTE_DUE).run(queue, now, PROMOTED_AT_ONCE);
  return nextDue(store, queue);
}

/** When the next delayed message of a queue is due; Infinity where there is none. */
export function nextDue(store: SqliteStore, queue: number): number {
  const row = store.prepare(SELECT_NEXT_DUE).get(queue) as unknown as [number] | undefined;
  return row?.[0] ?? Number.POSITIVE_INFINITY;
}

function dropExpired(store: SqliteStore, found: readonly ClaimedRow[], now: number): readonly ClaimedRow[] {
  const isExpired = (row: ClaimedRow): boolean => row[2] !== null && row[2] <= now;
  if (!found.some(isExpired)) return found;
  const remove = store.prepare("DELETE FROM messages WHERE id = ?");
  for (const row of found) if (isExpired(row)) remove.run(row[0]);
  return found.filter((row) => !isExpired(row));
}

function mark(store: SqliteStore, source: QueueEntry, run: readonly ClaimedRow[], lease: number | undefined): void {
  const [first, last] = [run[0], run[run.length - 1]];
  if (first === undefined || last === undefined) return;
  const range = last[0] - first[0] + 1;
  if (range > run.length * WIDEST_RANGE) {
    const one = store.prepare(lease === undefined ? "DELETE FROM messages WHERE id = ?" : "UPDATE messages SET lease = ? WHERE id = ?");
    for (const [id] of run) one.run(...(lease === undefined ? [id] : [lease, id]));
    return;
  }
  const sql =
    lease === undefined
      ? `DELETE FROM messages NOT INDEXED WHERE ${SAME_RUN}`
      : `UPDATE messages NOT INDEXED SET lease = ? WHERE ${SAME_RUN}`;
  const where = [first[0], last[0], source.id, first[1]];
  const { changes } = store.prepare(sql).run(...(lease === undefined ? where : [lease, ...where]));
  if (Number(changes) !== run.length)
    throw new Error(`${run.length} messages were claimed and ${changes} marked; the index messages_waiting is not what it should be`);
}
