// A connection to a memory broker: `open` until it is `closed` by its owner or `lost`. Whatever ends it gives back what it holds.
import type {
  Binding,
  ConsumeParams,
  Delivery,
  DeliveryTag,
  DriverConnection,
  DriverConsumer,
  Exchange,
  OpenParams,
  Publication,
  Queue,
  QueueInfo,
  Settlement,
} from "../../broker/contract.ts";
import { BrokerError } from "../../errors/celeriac-error.ts";
import { MemoryConsumer } from "./memory-consumer.ts";
import type { MemoryStore } from "./memory-store.ts";
import { makeDelivery, type StoredMessage } from "./stored-message.ts";

/** Promises that say the same are one: no message costs one of its own. */
const DONE: Promise<void> = Promise.resolve();
const SETTLED: Promise<boolean> = Promise.resolve(true);
const NOT_OURS: Promise<boolean> = Promise.resolve(false);

/** A live connection to a memory broker. */
export class MemoryConnection implements DriverConnection {
  /** What it holds, by tag, oldest first. */
  readonly held: Map<DeliveryTag, StoredMessage> = new Map();
  readonly consumers: Set<MemoryConsumer> = new Set();
  readonly #store: MemoryStore;
  readonly #params: OpenParams;
  readonly #onEnd: () => void;
  #state: "open" | "closed" | "lost" = "open";

  /** @param onEnd called when it has ended, in whatever way */
  constructor(store: MemoryStore, params: OpenParams, onEnd: () => void) {
    this.#store = store;
    this.#params = params;
    this.#onEnd = onEnd;
    store.connections.add(this);
  }

  declareExchange(exchange: Exchange): Promise<void> {
    return this.run("declareExchange", () => this.#store.declareExchange(exchange));
  }

  deleteExchange(name: string): Promise<void> {
    return this.run("deleteExchange", () => this.#store.deleteExchange(name));
  }

  declareQueue(queue: Queue): Promise<QueueInfo> {
    return this.run("declareQueue", () => this.#store.declareQueue(queue, this));
  }

  deleteQueue(name: string): Promise<void> {
    return this.run("deleteQueue", () => this.#store.deleteQueue(name));
  }

  bindQueue(queue: string, binding: Binding): Promise<void> {
    return this.run("bindQueue", () => this.#store.bindQueue(queue, binding));
  }

  unbindQueue(queue: string, binding: Binding): Promise<void> {
    return this.run("unbindQueue", () => this.#store.unbindQueue(queue, binding));
  }

  queueInfo(name: string): Promise<QueueInfo | undefined> {
    return this.run("queueInfo", () => this.#store.queueInfo(name));
  }

  listQueues(): Promise<readonly QueueInfo[]> {
    return this.run("listQueues", () => this.#store.listQueues());
  }

  purge(queue: string): Promise<number> {
    return this.run("purge", () => this.#store.queue(queue, this).purge());
  }

  publish(publications: readonly Publication[]): Promise<void> {
    try {
      this.#assertOpen("publish");
      this.#store.publish(publications);
      return DONE;
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  get(name: string, options?: { readonly noAck?: boolean }): Promise<Delivery | undefined> {
    return this.run("get", () => {
      const queue = this.#store.queue(name, this);
      queue.touch();
      const stored = queue.take();
      if (stored === undefined) return undefined;
      const delivery = makeDelivery(stored);
      if (options?.noAck === true) {
        stored.state = "gone";
      } else {
        stored.holder = this;
        this.held.set(delivery.tag, stored);
      }
      return delivery;
    });
  }

  consume(params: ConsumeParams): Promise<DriverConsumer> {
    return this.run("consume", () => {
      for (const name of params.queues) this.#store.queue(name, this);
      const consumer = new MemoryConsumer(this.#store, this, params);
      this.consumers.add(consumer);
      for (const name of params.queues) this.#store.attach(consumer, name);
      return consumer;
    });
  }

  settle(tag: DeliveryTag, settlement: Settlement): Promise<boolean> {
    const stored = this.held.get(tag);
    if (stored === undefined) return NOT_OURS;
    this.held.delete(tag);
    this.#release(stored);
    switch (settlement.kind) {
      case "ack":
        stored.state = "gone";
        break;
      case "reject":
        this.#store.reject(stored);
        break;
      case "requeue":
        this.#requeue(stored, settlement);
        break;
    }
    return SETTLED;
  }

  close(): Promise<void> {
    if (this.#state === "open") {
      this.#state = "closed";
      this.#end();
    }
    return DONE;
  }

  /** Ends it as the death of its process would: what it holds is delivered again, and the death is counted. */
  lose(error: Error): void {
    if (this.#state !== "open") return;
    this.#state = "lost";
    this.#end("worker");
    queueMicrotask(() => this.#params.onLost(error));
  }

  /** Does something that needs the connection to be open; what it throws becomes a rejection. */
  run<T>(operation: string, call: () => T): Promise<T> {
    try {
      this.#assertOpen(operation);
      return Promise.resolve(call());
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  #assertOpen(operation: string): void {
    if (this.#state === "closed") throw new BrokerError("CELERIAC_BROKER_CLOSED", { operation });
    if (this.#state === "lost")
      throw new BrokerError("CELERIAC_BROKER_LOST", { url: this.#params.url, reason: `${operation} came after its end` });
  }

  #release(stored: StoredMessage): void {
    const { consumer } = stored;
    stored.holder = undefined;
    stored.consumer = undefined;
    if (consumer === undefined) return;
    consumer.held--;
    if (consumer.isStarved) this.#store.serveLater(consumer);
  }

  #requeue(stored: StoredMessage, settlement: Settlement & { readonly kind: "requeue" }): void {
    stored.visibleAt = settlement.visibleAt ?? 0;
    // Parking is no redelivery: it sets nothing.
    if (settlement.visibleAt === undefined) stored.redelivered = true;
    if (settlement.death !== undefined) stored.deaths = { ...stored.deaths, [settlement.death]: stored.deaths[settlement.death] + 1 };
    this.#store.giveBack(stored);
  }

  #end(death?: "worker"): void {
    for (const consumer of this.consumers) void consumer.cancel();
    const held = [...this.held.values()];
    this.held.clear();
    for (const stored of held) {
      this.#release(stored);
      this.#requeue(stored, death === undefined ? { kind: "requeue" } : { kind: "requeue", death });
    }
    this.#store.forget(this);
    this.#onEnd();
  }
}
