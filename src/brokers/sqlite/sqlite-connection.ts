import type {
  Binding,
  ConsumeParams,
  Delivery,
  DeliveryTag,
  DriverConnection,
  DriverConsumer,
  Exchange,
  Publication,
  Queue,
  QueueInfo,
  Settlement,
} from "../../broker/contract.ts";
import { noQueueTakes } from "../../broker/no-queue-takes.ts";
import { BrokerError } from "../../errors/celeriac-error.ts";
import { type Holder, type PreparedMessage, prepareMessage } from "./message-row.ts";
import type { SqliteBrokerHub } from "./sqlite-broker-hub.ts";
import type { SqliteConsumer } from "./sqlite-consumer.ts";

/** Messages that one call publishes in one transaction; a longer call takes several, and lets others in between. */
const PUBLISHED_AT_ONCE = 2048;
/** Rows that are purged in one transaction. */
const PURGED_AT_ONCE = 2000;

/** One user of a database's broker. */
export class SqliteConnection implements DriverConnection, Holder {
  /** Deliveries that came by `get`. */
  held = 0;
  readonly #hub: SqliteBrokerHub;
  readonly #release: () => Promise<void>;
  readonly #onLost: (error: Error) => void;
  readonly #consumers = new Set<SqliteConsumer>();
  readonly #exclusive = new Set<string>();
  /** What was begun before the end is done before it. */
  readonly #running = new Set<Promise<unknown>>();
  #state: "open" | "closing" | "lost" = "open";
  #closed: Promise<void> | undefined;

  constructor(hub: SqliteBrokerHub, onLost: (error: Error) => void, release: () => Promise<void>) {
    this.#hub = hub;
    this.#release = release;
    this.#onLost = (error) => {
      if (this.#state !== "open") return;
      this.#state = "lost";
      onLost(error);
    };
    hub.onLost.add(this.#onLost);
  }

  declareExchange(exchange: Exchange): Promise<void> {
    return this.#do("declareExchange", () => this.#hub.change((topology) => topology.declareExchange(exchange)));
  }

  deleteExchange(name: string): Promise<void> {
    return this.#do("deleteExchange", () => this.#hub.change((topology) => topology.deleteExchange(name)));
  }

  declareQueue(queue: Queue): Promise<QueueInfo> {
    return this.#do("declareQueue", async () => {
      const entry = await this.#hub.change((topology, owner) => {
        this.#checkExclusive(queue.name);
        return topology.declareQueue(queue, owner, this.#now());
      });
      if (queue.exclusive === true) this.#exclusive.add(queue.name);
      return this.#hub.store.read(() => this.#hub.topology.infoOf(entry, this.#now()));
    });
  }

  deleteQueue(name: string): Promise<void> {
    return this.#do("deleteQueue", async () => {
      const isThere = await this.#hub.change((topology) => {
        this.#checkExclusive(name);
        return topology.find(name) !== undefined;
      });
      if (!isThere) return;
      // Many messages are removed little by little first.
      await this.#purge(name);
      await this.#hub.change((topology) => {
        const entry = topology.find(name);
        if (entry === undefined) return;
        topology.deleteQueue(entry);
        this.#hub.dropGoneQueues();
      });
      this.#exclusive.delete(name);
    });
  }

  bindQueue(queue: string, binding: Binding): Promise<void> {
    return this.#do("bindQueue", () => this.#hub.change((topology) => topology.bind(queue, binding)));
  }

  unbindQueue(queue: string, binding: Binding): Promise<void> {
    return this.#do("unbindQueue", () => this.#hub.change((topology) => topology.unbind(this.#hub.require(queue), binding)));
  }

  queueInfo(name: string): Promise<QueueInfo | undefined> {
    return this.#do("queueInfo", async () => {
      await this.#hub.takeBack();
      return this.#hub.store.read(() => {
        this.#hub.refresh();
        const entry = this.#hub.topology.find(name);
        return entry && this.#hub.topology.infoOf(entry, this.#now());
      });
    });
  }

  listQueues(): Promise<readonly QueueInfo[]> {
    return this.#do("listQueues", async () => {
      await this.#hub.takeBack();
      return this.#hub.store.read(() => {
        this.#hub.refresh();
        return [...this.#hub.topology.all()].map((entry) => this.#hub.topology.infoOf(entry, this.#now()));
      });
    });
  }

  purge(queue: string): Promise<number> {
    return this.#do("purge", () => this.#purge(queue));
  }

  async publish(publications: readonly Publication[]): Promise<void> {
    if (this.#state !== "open") throw this.#refusal("publish");
    if (publications.length === 0) return;
    const messages = publications.map(prepareMessage);
    const running = messages.length <= PUBLISHED_AT_ONCE ? this.#hub.publish(messages) : this.#publishInParts(messages);
    this.#running.add(running);
    try {
      const untaken = await running;
      if (untaken.length > 0) throw noQueueTakes(untaken);
    } finally {
      this.#running.delete(running);
    }
  }

  get(queue: string, options?: { readonly noAck?: boolean }): Promise<Delivery | undefined> {
    return this.#do("get", () => this.#hub.get(queue, options?.noAck === true, this, () => this.#checkExclusive(queue)));
  }

  consume(params: ConsumeParams): Promise<DriverConsumer> {
    return this.#do("consume", async () => {
      const consumer = await this.#hub.consume(params, (queue) => this.#checkExclusive(queue));
      this.#consumers.add(consumer);
      return consumer;
    });
  }

  settle(tag: DeliveryTag, settlement: Settlement): Promise<boolean> {
    // The hot path: closing waits for settlements by draining the store, so none is tracked here.
    if (this.#state !== "open") return Promise.reject(this.#refusal("settle"));
    return this.#hub.settle(tag, settlement);
  }

  close(): Promise<void> {
    return (this.#closed ??= this.#close());
  }

  async #close(): Promise<void> {
    const wasLost = this.#state === "lost";
    this.#state = "closing";
    this.#hub.onLost.delete(this.#onLost);
    try {
      await Promise.allSettled(this.#running);
      if (!wasLost) await this.#leave();
    } finally {
      await this.#release();
    }
  }

  async #leave(): Promise<void> {
    await Promise.all([...this.#consumers].map((consumer) => consumer.cancel()));
    const mine = new Set<Holder>([this, ...this.#consumers]);
    await this.#hub.giveBack((holder) => mine.has(holder));
    if (this.#exclusive.size === 0) return;
    await this.#hub.change((topology) => {
      for (const name of this.#exclusive) {
        const entry = topology.find(name);
        if (entry !== undefined && entry.owner !== null) topology.deleteQueue(entry);
      }
    });
  }

  async #publishInParts(messages: readonly PreparedMessage[]): Promise<readonly Publication[]> {
    const parts: Promise<readonly Publication[]>[] = [];
    for (let at = 0; at < messages.length; at += PUBLISHED_AT_ONCE)
      parts.push(this.#hub.publish(messages.slice(at, at + PUBLISHED_AT_ONCE)));
    return (await Promise.all(parts)).flat();
  }

  async #purge(queue: string): Promise<number> {
    let purged = 0;
    // What a killed worker held waits again, whether another worker has noticed or not.
    await this.#hub.takeBack();
    for (const condition of ["lease IS NULL AND due IS NULL", "due IS NOT NULL"]) {
      const sql = `DELETE FROM messages WHERE id IN (SELECT id FROM messages WHERE queue = ? AND ${condition} LIMIT ${PURGED_AT_ONCE})`;
      for (let removed = PURGED_AT_ONCE; removed === PURGED_AT_ONCE; purged += removed) {
        removed = await this.#hub.change(() => {
          const { id } = this.#hub.require(queue);
          this.#checkExclusive(queue);
          return Number(this.#hub.store.prepare(sql).run(id).changes);
        });
      }
    }
    return purged;
  }

  /** An exclusive queue is for the connection that declared it. */
  #checkExclusive(name: string): void {
    const entry = this.#hub.topology.find(name);
    if (entry === undefined || entry.owner === null || this.#exclusive.has(name)) return;
    throw new BrokerError("CELERIAC_BROKER_REFUSED", {
      operation: `the use of the queue ${JSON.stringify(name)}`,
      reason: "it is exclusive to the connection that declared it; use a queue of your own",
    });
  }

  #now(): number {
    return this.#hub.store.clock.now();
  }

  #refusal(operation: string): Error {
    if (this.#state === "closing") return new BrokerError("CELERIAC_BROKER_CLOSED", { operation });
    return new BrokerError("CELERIAC_BROKER_LOST", {
      url: `sqlite://${this.#hub.store.path}`,
      reason: `${operation} was called after the database had failed`,
    });
  }

  async #do<T>(operation: string, run: () => Promise<T>): Promise<T> {
    if (this.#state !== "open") throw this.#refusal(operation);
    const running = run();
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }
}
