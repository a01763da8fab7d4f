// From time to time, as long as somebody consumes: restores what dead processes held, and deletes the queues that go by themselves.
import type { RedisConnection } from "../../stores/redis/redis-connection.ts";
import type { RedisBrokerOptions } from "./broker-options.ts";
import type { Keys } from "./keys.ts";
import type { QueueEntry } from "./queue-entry.ts";
import type { QueueRegistry } from "./queue-registry.ts";
import { restoreLeft } from "./restore.ts";

/** What the sweeper needs of the hub. */
export interface SweeperHost {
  readonly connection: RedisConnection;
  readonly keys: Keys;
  readonly options: RedisBrokerOptions;
  readonly registry: QueueRegistry;
  readonly owner: string;
  deleteQueue(queue: QueueEntry): Promise<void>;
  /** @param existing the ids of all queues by name */
  dropGoneQueues(existing: ReadonlyMap<string, string>): Promise<void>;
}

/** Sweeps in turns. */
export class Sweeper {
  readonly #host: SweeperHost;
  /** When a queue with a time to live was first seen unused. */
  readonly #unusedSince = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;

  constructor(host: SweeperHost) {
    this.#host = host;
  }

  /** Sweeps now and then from now on. */
  start(): void {
    if (this.#timer !== undefined) return;
    const every = this.#host.options.leaseMs / 2;
    // Other processes' lives: real time. Not all at the same moment.
    this.#timer = setInterval(() => this.#sweep(), every * (0.8 + Math.random() * 0.4));
    this.#timer.unref();
    this.#sweep();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** One turn. */
  async runOnce(): Promise<void> {
    const { connection, keys, options, registry, owner } = this.#host;
    const { dead } = await restoreLeft({ connection, keys, options }, owner);
    const entries = await registry.entries();
    await this.#host.dropGoneQueues(new Map(entries.map(({ name, id }) => [name, id])));
    for (const entry of entries) {
      if (await this.#mayGo(entry, dead)) await this.#host.deleteQueue(entry);
      else if (dead.length > 0) await registry.countConsumers(entry.name, "", true);
    }
  }

  #sweep(): void {
    if (this.#running !== undefined) return;
    this.#running = this.runOnce()
      .catch((error: unknown) => {
        // The next turn comes; a lost connection is told by the store.
        if (this.#timer !== undefined)
          process.emitWarning(`sweeping the queues in Redis failed and is tried again: ${(error as Error).message}`, "CeleriacWarning");
      })
      .finally(() => (this.#running = undefined));
  }

  async #mayGo(entry: QueueEntry, dead: readonly string[]): Promise<boolean> {
    const { queue, name, owner } = entry;
    if (owner !== undefined) return dead.includes(owner.split("/", 1)[0] ?? "") || !(await this.#isAlive(owner));
    if (queue.expiresMs === undefined && queue.autoDelete !== true) return false;
    const { connection, keys, registry } = this.#host;
    // Dead ones are remembered until a sweep has seen to it.
    const hadConsumers = (await connection.call("EXISTS", keys.consumers(name))) === 1;
    const consumers = await registry.countConsumers(name);
    // With autoDelete a queue goes with its last consumer, and not before its first.
    if (queue.autoDelete === true && hadConsumers && consumers === 0) return true;
    return queue.expiresMs !== undefined && this.#isUnused(entry, consumers);
  }

  #isUnused({ id, queue }: QueueEntry, consumers: number): boolean {
    if (consumers > 0) {
      this.#unusedSince.delete(id);
      return false;
    }
    const now = performance.now();
    const since = this.#unusedSince.get(id) ?? now;
    this.#unusedSince.set(id, since);
    return now - since >= (queue.expiresMs ?? Infinity);
  }

  async #isAlive(owner: string): Promise<boolean> {
    return (await this.#host.connection.call("ZSCORE", this.#host.keys.owners, owner.split("/", 1)[0] ?? "")) !== null;
  }
}
