import type { ConsumeParams, Delivery, DriverConsumer } from "../../broker/contract.ts";
import type { LocalQueue } from "./local-queue.ts";
import type { Holder } from "./message-row.ts";

/** Most messages that one consumer takes in one transaction: more would keep the event loop and the other processes waiting. */
export const MOST_AT_ONCE = 200;

/** What a consumer needs of the process's hub. */
export interface ConsumerHost {
  /** Adds one more queue. */
  addQueue(consumer: SqliteConsumer, queue: string): Promise<void>;
  /** Takes a queue away. */
  removeQueue(consumer: SqliteConsumer, queue: string): Promise<void>;
  /** Takes all away. */
  removeConsumer(consumer: SqliteConsumer): Promise<void>;
  /** Looks for messages in the next transaction. */
  requestTick(): void;
}

/** Someone who takes messages from queues. What it takes and when is decided in the hub's transactions. */
export class SqliteConsumer implements DriverConsumer, Holder {
  /** Deliveries that are not settled. */
  held = 0;
  /** Whether it takes no more. */
  cancelled = false;
  /** Its queues; the first of them is served first, and they take turns. */
  readonly queues: LocalQueue[] = [];
  readonly noAck: boolean;
  readonly #host: ConsumerHost;
  readonly #params: ConsumeParams;
  #prefetch: number;

  constructor(host: ConsumerHost, params: ConsumeParams) {
    this.#host = host;
    this.#params = params;
    this.#prefetch = params.prefetch;
    this.noAck = params.noAck === true;
  }

  /** How many messages it would take now. */
  get free(): number {
    if (this.cancelled) return 0;
    if (this.#prefetch === 0 || this.noAck) return MOST_AT_ONCE;
    return Math.max(0, Math.min(MOST_AT_ONCE, this.#prefetch - this.held));
  }

  /** Hands deliveries over. */
  deliver(deliveries: readonly Delivery[]): void {
    this.#params.onDeliveries(deliveries);
  }

  /** Tells that a queue is gone. */
  tellGone(queue: string, reason: string): void {
    this.#params.onCancel?.(queue, reason);
  }

  addQueue(queue: string): Promise<void> {
    return this.#host.addQueue(this, queue);
  }

  removeQueue(queue: string): Promise<void> {
    return this.#host.removeQueue(this, queue);
  }

  setPrefetch(count: number): void {
    this.#prefetch = count;
    if (!this.cancelled) this.#host.requestTick();
  }

  async cancel(): Promise<void> {
    if (this.cancelled) return;
    this.cancelled = true;
    await this.#host.removeConsumer(this);
  }
}
