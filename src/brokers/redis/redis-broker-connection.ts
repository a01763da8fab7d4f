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
import { BrokerError } from "../../errors/celeriac-error.ts";
import { RedisFailure } from "../../stores/redis/redis-failure.ts";
import type { QueueEntry } from "./queue-entry.ts";
import type { RedisConsumer } from "./redis-consumer.ts";
import type { Holder } from "./redis-delivery.ts";
import type { RedisHub } from "./redis-hub.ts";

/** One user of a Redis' broker. */
export class RedisBrokerConnection implements DriverConnection, Holder {
  /** Deliveries that came by `get`. */
  held = 0;
  readonly #hub: RedisHub;
  readonly #name: string;
  readonly #release: () => Promise<void>;
  readonly #onLost: (error: Error) => void;
  readonly #consumers = new Set<RedisConsumer>();
  readonly #exclusive = new Set<string>();
  /** What was begun before the end is done before it. */
  readonly #running = new Set<Promise<unknown>>();
  #state: "open" | "closing" | "lost" = "open";
  #closed: Promise<void> | undefined;

  constructor(hub: RedisHub, onLost: (error: Error) => void, release: () => Promise<void>) {
    this.#hub = hub;
    this.#name = hub.nextName();
    this.#release = release;
    this.#onLost = (error) => {
      if (this.#state !== "open") return;
      this.#state = "lost";
      onLost(error);
    };
    hub.onLost.add(this.#onLost);
  }

  declareExchange(exchange: Exchange): Promise<void> {
    return this.#do("declareExchange", () => this.#hub.registry.declareExchange(exchange));
  }

  deleteExchange(name: string): Promise<void> {
    return this.#do("deleteExchange", () => this.#hub.registry.deleteExchange(name));
  }

  declareQueue(queue: Queue): Promise<QueueInfo> {
    return this.#do("declareQueue", async () => {
      const known = await this.#hub.registry.find(queue.name);
      if (known !== undefined) this.#checkExclusive(known);
      if (queue.exclusive === true) await this.#hub.lease.ensure(() => this.#hub.connection);
      const entry = await this.#hub.registry.declareQueue(queue, queue.exclusive === true ? this.#name : undefined);
      this.#checkExclusive(entry);
      if (queue.exclusive === true) this.#exclusive.add(queue.name);
      for (const binding of queue.bindings ?? []) await this.#hearFanout(entry, binding);
      return this.#infoOf(queue.name);
    });
  }

  deleteQueue(name: string): Promise<void> {
    return this.#do("deleteQueue", async () => {
      const entry = await this.#hub.registry.find(name);
      if (entry === undefined) return;
      this.#checkExclusive(entry);
      await this.#hub.deleteQueue(entry);
      this.#exclusive.delete(name);
    });
  }

  bindQueue(queue: string, binding: Binding): Promise<void> {
    return this.#do("bindQueue", async () => {
      await this.#hub.registry.bind(queue, binding);
      await this.#hearFanout(await this.#hub.registry.require(queue), binding);
    });
  }

  unbindQueue(queue: string, binding: Binding): Promise<void> {
    return this.#do("unbindQueue", async () => {
      await this.#hub.registry.unbind(queue, binding);
      if (binding.exchange.type === "fanout") await this.#hub.fanout.unbind(queue, binding.exchange.name, binding.routingKey);
    });
  }

  queueInfo(name: string): Promise<QueueInfo | undefined> {
    return this.#do("queueInfo", async () => ((await this.#hub.registry.find(name)) === undefined ? undefined : this.#infoOf(name)));
  }

  listQueues(): Promise<readonly QueueInfo[]> {
    return this.#do("listQueues", () => this.#hub.registry.list());
  }

  purge(queue: string): Promise<number> {
    return this.#do("purge", async () => {
      this.#checkExclusive(await this.#hub.registry.require(queue));
      return (await this.#hub.registry.purge(queue)) + this.#hub.fanout.purge(queue);
    });
  }

  publish(publications: readonly Publication[]): Promise<void> {
    // The hot path: closing waits for the hub's turn, so calls are tracked only where they share a promise with nobody.
    if (this.#state !== "open") return Promise.reject(this.#refusal("publish"));
    const published = this.#hub.publish(publications);
    if (!this.#running.has(published)) {
      this.#running.add(published);
      const forget = (): void => void this.#running.delete(published);
      void published.catch(() => undefined).finally(forget); // who published hears of the failure
    }
    return published;
  }

  get(queue: string, options?: { readonly noAck?: boolean }): Promise<Delivery | undefined> {
    return this.#do("get", async () => {
      const entry = await this.#hub.registry.require(queue);
      this.#checkExclusive(entry);
      return this.#hub.get(entry, options?.noAck === true, this);
    });
  }

  consume(params: ConsumeParams): Promise<DriverConsumer> {
    return this.#do("consume", async () => {
      const entries = await Promise.all([...new Set(params.queues)].map((name) => this.#hub.registry.require(name)));
      for (const entry of entries) this.#checkExclusive(entry);
      const consumer = await this.#hub.consume(params, entries);
      this.#consumers.add(consumer);
      return consumer;
    });
  }

  settle(tag: DeliveryTag, settlement: Settlement): Promise<boolean> {
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
    await this.#hub.giveBack((holder) => this.#isMine(holder));
    await this.#hub.fanout.leave(this);
    for (const name of this.#exclusive) {
      const entry = await this.#hub.registry.find(name);
      if (entry?.owner === this.#name) await this.#hub.deleteQueue(entry);
    }
  }

  #isMine(holder: Holder): boolean {
    return holder === this || this.#consumers.has(holder as RedisConsumer); // a set may be asked for anything
  }

  async #infoOf(name: string): Promise<QueueInfo> {
    const info = await this.#hub.registry.info(name);
    return { ...info, messages: info.messages + this.#hub.fanout.countOf(name) };
  }

  async #hearFanout(entry: QueueEntry, { exchange, routingKey }: Binding): Promise<void> {
    if (exchange.type === "fanout") await this.#hub.fanout.bind(entry, exchange.name, routingKey, this);
  }

  /** An exclusive queue is for the connection that declared it. */
  #checkExclusive(entry: QueueEntry): void {
    if (entry.owner === undefined || entry.owner === this.#name) return;
    throw new BrokerError("CELERIAC_BROKER_REFUSED", {
      operation: `the use of the queue ${JSON.stringify(entry.name)}`,
      reason: "it is exclusive to the connection that declared it; use a queue of your own",
    });
  }

  #refusal(operation: string): Error {
    if (this.#state === "closing") return new BrokerError("CELERIAC_BROKER_CLOSED", { operation });
    return new RedisFailure("lost", "", `${operation} was called after the connection to Redis was lost`);
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
