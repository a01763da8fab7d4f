// Routes prepared messages and inserts them, sixteen rows a statement: a call into SQLite costs as much as a small row.
import type { SqliteStore } from "../../stores/sqlite/sqlite-store.ts";
import type { PreparedMessage } from "./message-row.ts";
import type { QueueEntry, TopologyTable } from "./topology-table.ts";

const ROWS = 16;
const COLUMNS = 8;
const INSERT = "INSERT INTO messages (queue, priority, due, expires, exchange, routing_key, meta, body) VALUES ";
const ROW = "(?, ?, ?, ?, ?, ?, ?, ?)";
const INSERT_ONE = INSERT + ROW;
const INSERT_MANY = INSERT + Array.from({ length: ROWS }, () => ROW).join(", ");

/** Told of each queue that a message went into. */
export type OnInserted = (queue: QueueEntry, due: number | undefined) => void;

/** Inserts each message into the queues that it is routed to. In a transaction, after a refresh of the topology. */
export function insertMessages(
  store: SqliteStore,
  topology: TopologyTable,
  messages: readonly PreparedMessage[],
  now: number,
  onInserted: OnInserted,
): void {
  const values: (string | number | Uint8Array | null)[] = [];
  const many = messages.length >= ROWS ? store.prepare(INSERT_MANY) : undefined;
  let exchange: string | undefined;
  let routingKey: string | undefined;
  let targets: readonly QueueEntry[] = [];
  let inserted = false;
  /** The queues that were told of already: a call mostly has one address. */
  let announced: readonly QueueEntry[] | undefined;
  for (const message of messages) {
    if (message.routingKey !== routingKey || message.exchange !== exchange) {
      ({ exchange, routingKey } = message);
      targets = topology.targets(exchange, routingKey);
    }
    const due = message.visibleAt !== undefined && message.visibleAt > now ? Math.ceil(message.visibleAt) : undefined;
    for (const target of targets) {
      values.push(
        target.id,
        priorityIn(target, message.priority),
        due ?? null,
        expiryIn(target, message.expirationMs, now),
        exchange === "" ? null : message.exchange,
        routingKey === target.name ? null : message.routingKey,
        message.meta,
        message.body,
      );
      inserted = true;
      if (due !== undefined || targets !== announced) onInserted(target, due);
      if (many !== undefined && values.length === ROWS * COLUMNS) {
        many.run(...values);
        values.length = 0;
      }
    }
    if (due === undefined) announced = targets;
  }
  const one = values.length > 0 ? store.prepare(INSERT_ONE) : undefined;
  for (let at = 0; at < values.length; at += COLUMNS) one?.run(...values.slice(at, at + COLUMNS));
  if (inserted) store.wakeOthers();
}

function priorityIn({ queue }: QueueEntry, priority: number): number {
  return Math.max(0, Math.min(Math.trunc(priority), queue.maxPriority ?? 255, 255));
}

function expiryIn({ queue }: QueueEntry, expirationMs: number | undefined, now: number): number | null {
  const ttlMs = Math.min(expirationMs ?? Number.POSITIVE_INFINITY, queue.messageTtlMs ?? Number.POSITIVE_INFINITY);
  return ttlMs === Number.POSITIVE_INFINITY ? null : Math.ceil(now + ttlMs);
}
