// Routes prepared messages and inserts them. A call into SQLite costs as much as a small row, and each value that is bound a tenth of one;
// so neighbours that differ in their content only, which those of a bulk do, are inserted many at once and share the other values.
import type { StatementSync } from "node:sqlite";
import type { Publication } from "../../broker/contract.ts";
import type { SqliteStore } from "../../stores/sqlite/sqlite-store.ts";
import type { PreparedMessage } from "./message-row.ts";
import type { QueueEntry, TopologyTable } from "./topology-table.ts";

const ROWS = 32;
const INSERT = "INSERT INTO messages (queue, priority, due, expires, exchange, routing_key, meta, body) VALUES ";
const INSERT_ONE = `${INSERT}(?, ?, ?, ?, ?, ?, ?, ?)`;
const INSERT_MANY = INSERT + Array.from({ length: ROWS }, () => "(?1, ?2, ?3, ?4, ?5, ?6, ?, ?)").join(", ");

/** Told of each queue that a message went into. */
export type OnInserted = (queue: QueueEntry, due: number | undefined) => void;

const NONE: readonly Publication[] = Object.freeze([]);

/**
 * Inserts each message into the queues that it is routed to. In a transaction, after a refresh of the topology.
 * @returns the mandatory ones that no queue took
 */
export function insertMessages(
  store: SqliteStore,
  topology: TopologyTable,
  messages: readonly PreparedMessage[],
  now: number,
  onInserted: OnInserted,
): readonly Publication[] {
  const rows = new RowInserter(store);
  let exchange: string | undefined;
  let routingKey: string | undefined;
  let targets: readonly QueueEntry[] = [];
  let inserted = false;
  let untaken: Publication[] | undefined;
  /** The queues that were told of already: a call mostly has one address. */
  let announced: readonly QueueEntry[] | undefined;
  for (const message of messages) {
    if (message.routingKey !== routingKey || message.exchange !== exchange) {
      ({ exchange, routingKey } = message);
      targets = topology.targets(exchange, routingKey);
    }
    if (targets.length === 0) {
      if (message.mandatory !== undefined && !topology.isFanout(message.exchange)) (untaken ??= []).push(message.mandatory);
      continue;
    }
    const due = message.visibleAt !== undefined && message.visibleAt > now ? Math.ceil(message.visibleAt) : undefined;
    for (const target of targets) {
      rows.add(message, target, due ?? null, expiryIn(target, message.expirationMs, now));
      inserted = true;
      if (due !== undefined || targets !== announced) onInserted(target, due);
    }
    if (due === undefined) announced = targets;
  }
  rows.flush();
  if (inserted) store.wakeOthers();
  return untaken ?? NONE;
}

/** Collects rows that share all but their content. */
class RowInserter {
  readonly #store: SqliteStore;
  /** Meta and body of each row. */
  #contents: (string | Uint8Array | null)[] = [];
  #many: StatementSync | undefined;
  #queue = 0;
  #priority = 0;
  #due: number | null = null;
  #expires: number | null = null;
  #exchange: string | null = null;
  #routingKey: string | null = null;

  constructor(store: SqliteStore) {
    this.#store = store;
  }

  add(message: PreparedMessage, target: QueueEntry, due: number | null, expires: number | null): void {
    const priority = priorityIn(target, message.priority);
    const exchange = message.exchange === "" ? null : message.exchange;
    const routingKey = message.routingKey === target.name ? null : message.routingKey;
    const isAlike =
      this.#queue === target.id &&
      this.#priority === priority &&
      this.#due === due &&
      this.#expires === expires &&
      this.#exchange === exchange &&
      this.#routingKey === routingKey;
    if (!isAlike) {
      this.flush();
      this.#queue = target.id;
      this.#priority = priority;
      this.#due = due;
      this.#expires = expires;
      this.#exchange = exchange;
      this.#routingKey = routingKey;
    }
    this.#contents.push(message.meta, message.body);
    if (this.#contents.length === ROWS * 2) this.#insertMany();
  }

  /** Inserts what is left. */
  flush(): void {
    const contents = this.#contents;
    if (contents.length === 0) return;
    const one = this.#store.prepare(INSERT_ONE);
    for (let at = 0; at < contents.length; at += 2) {
      one.run(
        this.#queue,
        this.#priority,
        this.#due,
        this.#expires,
        this.#exchange,
        this.#routingKey,
        contents[at] ?? null,
        contents[at + 1] ?? null,
      );
    }
    contents.length = 0;
  }

  #insertMany(): void {
    this.#many ??= this.#store.prepare(INSERT_MANY);
    this.#many.run(this.#queue, this.#priority, this.#due, this.#expires, this.#exchange, this.#routingKey, ...this.#contents);
    this.#contents.length = 0;
  }
}

function priorityIn({ queue }: QueueEntry, priority: number): number {
  return Math.max(0, Math.min(Math.trunc(priority), queue.maxPriority ?? 255, 255));
}

function expiryIn({ queue }: QueueEntry, expirationMs: number | undefined, now: number): number | null {
  const ttlMs = Math.min(expirationMs ?? Number.POSITIVE_INFINITY, queue.messageTtlMs ?? Number.POSITIVE_INFINITY);
  return ttlMs === Number.POSITIVE_INFINITY ? null : Math.ceil(now + ttlMs);
}
