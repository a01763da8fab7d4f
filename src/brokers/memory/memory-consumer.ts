import type { ConsumeParams, Delivery, DriverConsumer } from "../../broker/contract.ts";
import type { MemoryConnection } from "./memory-connection.ts";
import type { MemoryStore } from "./memory-store.ts";

/** Deliveries handed over at once; what is more comes with the next turn of the event loop, so that a long queue does not stop it. */
const MAX_BATCH = 1000;

/** Someone who takes messages from queues of a memory broker. */
export class MemoryConsumer implements DriverConsumer {
  readonly connection: MemoryConnection;
  readonly noAck: boolean;
  readonly queues: Set<string> = new Set();
  /** Unsettled deliveries that it holds. */
  held = 0;
  /** Set while a queue has something for it that it cannot take. */
  isStarved = false;
  /** What the present round of serving has given it. */
  batch: Delivery[] = [];
  readonly #store: MemoryStore;
  readonly #params: ConsumeParams;
  #prefetch: number;
  #isCancelled = false;

  constructor(store: MemoryStore, connection: MemoryConnection, params: ConsumeParams) {
    this.#store = store;
    this.connection = connection;
    this.#params = params;
    this.#prefetch = params.prefetch;
    this.noAck = params.noAck ?? false;
  }

  /** Whether it can take one more now. */
  get canTake(): boolean {
    return (this.#prefetch === 0 || this.noAck || this.held < this.#prefetch) && this.batch.length < MAX_BATCH;
  }

  addQueue(queue: string): Promise<void> {
    return this.connection.run(`consuming the queue ${JSON.stringify(queue)}`, () => this.#store.attach(this, queue));
  }

  removeQueue(queue: string): Promise<void> {
    this.#store.detach(this, queue);
    return Promise.resolve();
  }

  setPrefetch(count: number): void {
    this.#prefetch = count;
    this.#store.serveLater(this);
  }

  cancel(): Promise<void> {
    this.#isCancelled = true;
    for (const queue of this.queues) this.#store.detach(this, queue);
    this.connection.consumers.delete(this);
    return Promise.resolve();
  }

  /** Hands over what the round of serving gave it. */
  handOver(): void {
    const { batch } = this;
    if (batch.length === 0) return;
    if (batch.length >= MAX_BATCH) this.#store.serveLater(this);
    this.batch = [];
    this.#params.onDeliveries(batch);
  }

  /** Tells it that a queue was deleted under it. */
  onQueueDeleted(queue: string): void {
    this.queues.delete(queue);
    if (this.#isCancelled) return;
    queueMicrotask(() => this.#params.onCancel?.(queue, `the queue ${queue} was deleted`));
  }
}
