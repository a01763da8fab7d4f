// What is declared, as rows, and the copy of it that this process routes by. Each change raises a number in the table `counters`;
// a transaction that routes compares that number first (2 microseconds), so it never routes by an old copy.
import type { Binding, Exchange, Queue, QueueInfo } from "../../broker/contract.ts";
import { route } from "../../broker/virtual/route.ts";
import {
  type BindingRow,
  bindQueue,
  createTopology,
  declareExchange,
  declareQueue,
  deleteExchange,
  deleteQueue,
  type Topology,
  unbindQueue,
} from "../../broker/virtual/topology.ts";
import type { SqliteStore } from "../../stores/sqlite/sqlite-store.ts";

const UNUSED = "FROM queues WHERE expires_ms IS NOT NULL AND NOT EXISTS (SELECT 1 FROM consumers WHERE consumers.queue = queues.id)";

/** A queue of the table. */
export interface QueueEntry {
  readonly id: number;
  readonly name: string;
  /** The process that an exclusive queue goes with. */
  readonly owner: number | null;
  readonly queue: Queue;
}

/** The declarations of one database. All but `current` and `infoOf` belong into a transaction, after `refresh`. */
export class TopologyTable {
  readonly #onTouched: (goesAt: number) => void;
  readonly #store: SqliteStore;
  #topology: Topology = createTopology();
  #version = -1;
  readonly #byName = new Map<string, QueueEntry>();
  readonly #targets = new Map<string, Map<string, readonly QueueEntry[]>>();
  #targetCount = 0;

  /** @param onTouched told when a queue will go unless it is used before */
  constructor(store: SqliteStore, onTouched: (goesAt: number) => void) {
    this.#store = store;
    this.#onTouched = onTouched;
    store.onRollback(() => {
      // It may hold what was never committed, under a number that another process will use.
      this.#version = -1;
    });
  }

  /** Brings the copy up to date; tells whether it was not. */
  refresh(): boolean {
    const version = this.#one("SELECT value FROM counters WHERE name = 'topology'");
    if (version === this.#version) return false;
    this.#load();
    this.#version = version;
    return true;
  }

  /** The queue of this name, as of the last refresh. */
  find(name: string): QueueEntry | undefined {
    return this.#byName.get(name);
  }

  /** All queues, as of the last refresh. */
  all(): IterableIterator<QueueEntry> {
    return this.#byName.values();
  }

  /** The queues that a publication goes to. */
  targets(exchange: string, routingKey: string): readonly QueueEntry[] {
    const known = this.#targets.get(exchange)?.get(routingKey);
    if (known !== undefined) return known;
    const found = route(this.#topology, exchange, routingKey).flatMap((name) => this.#byName.get(name) ?? []);
    // Keys may be made up without end, as those of events are not but a program's might be.
    if (++this.#targetCount > 10_000) this.#forgetTargets();
    let keys = this.#targets.get(exchange);
    if (keys === undefined) this.#targets.set(exchange, (keys = new Map()));
    keys.set(routingKey, found);
    return found;
  }

  /** Whether an exchange may rightly reach nobody, as of the last refresh. */
  isFanout(exchange: string): boolean {
    return this.#topology.exchanges.get(exchange)?.type === "fanout";
  }

  /** Declares an exchange. */
  declareExchange(exchange: Exchange): void {
    if (!declareExchange(this.#topology, exchange)) return;
    this.#insertExchange(exchange);
    this.#changed();
  }

  /** Deletes an exchange and its bindings. */
  deleteExchange(name: string): void {
    if (!deleteExchange(this.#topology, name)) return;
    this.#run("DELETE FROM exchanges WHERE name = ?", name);
    this.#run("DELETE FROM bindings WHERE exchange = ?", name);
    this.#changed();
  }

  /** Declares a queue with its bindings; an exclusive one belongs to `owner`. */
  declareQueue(queue: Queue, owner: number | null, now: number): QueueEntry {
    const before = this.#topology.version;
    const isNew = declareQueue(this.#topology, queue);
    if (isNew) this.#insertQueue(queue, owner, now);
    if (this.#topology.version !== before) {
      for (const binding of queue.bindings ?? []) this.#insertBinding(queue.name, binding);
      this.#changed();
    }
    const entry = this.#byName.get(queue.name);
    if (entry === undefined) throw new Error(`the queue ${queue.name} was declared and is not there`);
    this.touch(entry, now);
    return entry;
  }

  /** Deletes a queue, its bindings, all of its messages and what its consumers left. */
  deleteQueue(entry: QueueEntry): void {
    const gone = deleteQueue(this.#topology, entry.name);
    this.#byName.delete(entry.name);
    // One statement for each of the partial indexes: no scan of the whole table.
    this.#run("DELETE FROM messages WHERE queue = ? AND lease IS NULL AND due IS NULL", entry.id);
    this.#run("DELETE FROM messages WHERE queue = ? AND due IS NOT NULL", entry.id);
    this.#run("DELETE FROM messages WHERE lease IS NOT NULL AND queue = ?", entry.id);
    this.#run("DELETE FROM bindings WHERE queue = ?", entry.id);
    this.#run("DELETE FROM consumers WHERE queue = ?", entry.id);
    this.#run("DELETE FROM queues WHERE id = ?", entry.id);
    for (const name of gone) this.#run("DELETE FROM exchanges WHERE name = ?", name);
    this.#changed();
  }

  /** Binds a queue. */
  bind(name: string, binding: Binding): void {
    if (!bindQueue(this.#topology, name, binding)) return;
    this.#insertBinding(name, binding);
    this.#changed();
  }

  /** Takes a binding away. */
  unbind(entry: QueueEntry, binding: Binding): void {
    const gone = unbindQueue(this.#topology, entry.name, binding);
    this.#run(
      "DELETE FROM bindings WHERE exchange = ? AND queue = ? AND routing_key = ?",
      binding.exchange.name,
      entry.id,
      binding.routingKey,
    );
    if (gone !== undefined) this.#run("DELETE FROM exchanges WHERE name = ?", gone);
    this.#changed();
  }

  /** Notes one more consumer. */
  addConsumer(entry: QueueEntry, owner: number, now: number): void {
    this.#run("INSERT INTO consumers (queue, owner) VALUES (?, ?)", entry.id, owner);
    this.touch(entry, now);
  }

  /** Notes one consumer less; a queue with autoDelete goes with its last. */
  removeConsumer(entry: QueueEntry, owners: Iterable<number>, now: number): void {
    for (const owner of owners) {
      const sql = "DELETE FROM consumers WHERE id = (SELECT id FROM consumers WHERE queue = ? AND owner = ? LIMIT 1)";
      if (Number(this.#store.prepare(sql).run(entry.id, owner).changes) > 0) break;
    }
    this.touch(entry, now);
    if (entry.queue.autoDelete === true && this.consumersOf(entry) === 0) this.deleteQueue(entry);
  }

  /** How many consumers a queue has, in all processes. */
  consumersOf(entry: QueueEntry): number {
    return this.#one("SELECT count(*) FROM consumers WHERE queue = ?", entry.id);
  }

  /** Notes that a queue was used, where it goes when it is not. */
  touch(entry: QueueEntry, now: number): void {
    if (entry.queue.expiresMs === undefined) return;
    this.#onTouched(now + entry.queue.expiresMs);
    this.#run("UPDATE queues SET used_at = ? WHERE id = ?", now, entry.id);
  }

  /** Deletes what goes with an owner that is gone: its exclusive queues, and those with autoDelete that it was the last to consume. */
  removeOwner(owner: number): void {
    const consumed = this.#store.prepare("SELECT DISTINCT queue FROM consumers WHERE owner = ?").all(owner) as unknown as [number][];
    this.#run("DELETE FROM consumers WHERE owner = ?", owner);
    const left = new Set(consumed.map(([id]) => id));
    for (const entry of this.#byName.values()) {
      const abandoned = entry.queue.autoDelete === true && left.has(entry.id) && this.consumersOf(entry) === 0;
      if (entry.owner === owner || abandoned) this.deleteQueue(entry);
    }
  }

  /** Passes what belongs to one owner to another: the same process under a new number. */
  changeOwner(from: number, to: number): void {
    this.#run("UPDATE queues SET owner = ? WHERE owner = ?", to, from);
    this.#run("DELETE FROM consumers WHERE owner = ?", from);
    this.#changed();
  }

  /** Deletes the queues that nobody used for as long as they said. */
  removeUnused(now: number): void {
    const rows = this.#store.prepare(`SELECT name ${UNUSED} AND used_at + expires_ms <= ?`).all(now) as unknown as [string][];
    for (const [name] of rows) {
      const entry = this.#byName.get(name);
      if (entry !== undefined) this.deleteQueue(entry);
    }
  }

  /** When the next queue goes, unless it is used before; Infinity where none does. */
  nextUnused(): number {
    const row = this.#store.prepare(`SELECT min(used_at + expires_ms) ${UNUSED}`).get() as unknown as [number | null] | undefined;
    return row?.[0] ?? Number.POSITIVE_INFINITY;
  }

  /** What is known of a queue. */
  infoOf(entry: QueueEntry, now: number): QueueInfo {
    const waiting = this.#one("SELECT count(*) FROM messages WHERE queue = ? AND lease IS NULL AND due IS NULL", entry.id);
    const delayed = this.#one("SELECT count(*) FROM messages WHERE queue = ? AND due IS NOT NULL", entry.id);
    const expired = this.#one(
      "SELECT count(*) FROM messages INDEXED BY messages_expiring WHERE expires <= ? AND queue = ? AND lease IS NULL",
      now,
      entry.id,
    );
    return { name: entry.name, messages: waiting + delayed - expired, consumers: this.consumersOf(entry) };
  }

  #load(): void {
    const exchanges = this.#store
      .prepare("SELECT name, type, durable, auto_delete, arguments FROM exchanges")
      .all() as unknown as ExchangeRow[];
    const queues = this.#store
      .prepare("SELECT id, name, owner, auto_delete, expires_ms, message_ttl_ms, max_priority, arguments, durable FROM queues")
      .all() as unknown as QueueRow[];
    const bindings = this.#store.prepare("SELECT exchange, routing_key, queue FROM bindings").all() as unknown as [
      string,
      string,
      number,
    ][];
    this.#byName.clear();
    const names = new Map<number, string>();
    for (const row of queues) {
      const queue = queueOf(row);
      this.#byName.set(queue.name, { id: row[0], name: queue.name, owner: row[2], queue });
      names.set(row[0], queue.name);
    }
    this.#topology = createTopology({
      exchanges: exchanges.map(exchangeOf),
      queues: [...this.#byName.values()].map((entry) => entry.queue),
      bindings: bindings.flatMap(([exchange, routingKey, id]): BindingRow[] => {
        const queue = names.get(id);
        return queue === undefined ? [] : [{ exchange, routingKey, queue }];
      }),
    });
    this.#forgetTargets();
  }

  #insertExchange(exchange: Exchange): void {
    this.#run(
      "INSERT OR IGNORE INTO exchanges (name, type, durable, auto_delete, arguments) VALUES (?, ?, ?, ?, ?)",
      exchange.name,
      exchange.type,
      exchange.durable === false ? 0 : 1,
      exchange.autoDelete === true ? 1 : 0,
      exchange.arguments === undefined ? null : JSON.stringify(exchange.arguments),
    );
  }

  #insertQueue(declared: Queue, owner: number | null, now: number): void {
    const { bindings: _, ...queue } = declared;
    const id = this.#one(
      `INSERT INTO queues (name, owner, auto_delete, expires_ms, message_ttl_ms, max_priority, arguments, durable, used_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
      queue.name,
      queue.exclusive === true ? owner : null,
      queue.autoDelete === true ? 1 : 0,
      queue.expiresMs ?? null,
      queue.messageTtlMs ?? null,
      queue.maxPriority ?? null,
      queue.arguments === undefined ? null : JSON.stringify(queue.arguments),
      queue.durable === false ? 0 : 1,
      now,
    );
    this.#byName.set(queue.name, { id, name: queue.name, owner: queue.exclusive === true ? owner : null, queue });
  }

  #insertBinding(name: string, binding: Binding): void {
    const entry = this.#byName.get(name);
    if (entry === undefined || binding.exchange.name === "") return;
    this.#insertExchange(binding.exchange);
    this.#run(
      "INSERT OR IGNORE INTO bindings (exchange, queue, routing_key) VALUES (?, ?, ?)",
      binding.exchange.name,
      entry.id,
      binding.routingKey,
    );
  }

  #changed(): void {
    this.#version = this.#one("UPDATE counters SET value = value + 1 WHERE name = 'topology' RETURNING value");
    this.#forgetTargets();
    this.#store.wakeOthers();
  }

  #forgetTargets(): void {
    this.#targets.clear();
    this.#targetCount = 0;
  }

  #run(sql: string, ...values: (string | number | null)[]): void {
    this.#store.prepare(sql).run(...values);
  }

  #one(sql: string, ...values: (string | number | null)[]): number {
    return Number((this.#store.prepare(sql).get(...values) as unknown as [unknown] | undefined)?.[0]);
  }
}

type ExchangeRow = readonly [name: string, type: Exchange["type"], durable: number, autoDelete: number, args: string | null];
type QueueRow = readonly [
  id: number,
  name: string,
  owner: number | null,
  autoDelete: number,
  expiresMs: number | null,
  messageTtlMs: number | null,
  maxPriority: number | null,
  args: string | null,
  durable: number,
];

function exchangeOf([name, type, durable, autoDelete, args]: ExchangeRow): Exchange {
  return {
    name,
    type,
    durable: durable !== 0,
    autoDelete: autoDelete !== 0,
    ...(args !== null && { arguments: JSON.parse(args) as Record<string, unknown> }),
  };
}

function queueOf([, name, owner, autoDelete, expiresMs, messageTtlMs, maxPriority, args, durable]: QueueRow): Queue {
  return {
    name,
    durable: durable !== 0,
    exclusive: owner !== null,
    autoDelete: autoDelete !== 0,
    ...(expiresMs !== null && { expiresMs }),
    ...(messageTtlMs !== null && { messageTtlMs }),
    ...(maxPriority !== null && { maxPriority }),
    ...(args !== null && { arguments: JSON.parse(args) as Record<string, unknown> }),
  };
}
