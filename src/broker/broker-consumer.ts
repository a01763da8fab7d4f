// A consumer as everyone but drivers has it. It lives as long as its connection: after a loss, consume again.
import { BrokerError, type CeleriacError, UsageError } from "../errors/celeriac-error.ts";
import type { DriverConsumer } from "./contract.ts";

/** Someone who takes messages from queues of a {@link Broker}. */
export class BrokerConsumer {
  readonly #driver: DriverConsumer;
  readonly #queues: Set<string>;
  readonly #normalise: (operation: string, error: unknown) => CeleriacError;
  readonly #onCancel: (consumer: BrokerConsumer) => void;
  #prefetch: number;
  #isActive = true;

  /** @internal made by {@link Broker.consume} */
  constructor(
    driver: DriverConsumer,
    queues: Set<string>,
    prefetch: number,
    host: { normalise(operation: string, error: unknown): CeleriacError; onCancel(consumer: BrokerConsumer): void },
  ) {
    this.#driver = driver;
    this.#queues = queues;
    this.#prefetch = prefetch;
    this.#normalise = (operation, error) => host.normalise(operation, error);
    this.#onCancel = (consumer) => host.onCancel(consumer);
  }

  /** Whether it still takes messages: it was not cancelled and its connection not lost. */
  get active(): boolean {
    return this.#isActive;
  }

  /** Names of the queues that it takes from. */
  get queues(): readonly string[] {
    return [...this.#queues];
  }

  /** How many unsettled deliveries it holds at most; 0 means no limit. */
  get prefetch(): number {
    return this.#prefetch;
  }

  /** Takes from one more queue. */
  async addQueue(queue: string): Promise<void> {
    if (!this.#isActive) throw new BrokerError("CELERIAC_BROKER_CLOSED", { operation: `addQueue(${JSON.stringify(queue)}) of a consumer` });
    if (this.#queues.has(queue)) return;
    try {
      await this.#driver.addQueue(queue);
    } catch (error) {
      throw this.#normalise(`consuming the queue ${queue}`, error);
    }
    this.#queues.add(queue);
  }

  /** Takes no more from a queue; what it delivered stays to be settled. */
  async removeQueue(queue: string): Promise<void> {
    if (!this.#queues.delete(queue) || !this.#isActive) return;
    try {
      await this.#driver.removeQueue(queue);
    } catch (error) {
      throw this.#normalise(`ending the consuming of the queue ${queue}`, error);
    }
  }

  /** Changes how many unsettled deliveries are held at most; 0 means no limit. */
  setPrefetch(count: number): void {
    checkPrefetch(count);
    if (count === this.#prefetch) return;
    this.#prefetch = count;
    if (this.#isActive) this.#driver.setPrefetch(count);
  }

  /** Takes no more. What was delivered stays to be settled. Safe to call twice, and after its connection was lost. */
  async cancel(): Promise<void> {
    if (!this.#isActive) return;
    this.end();
    this.#onCancel(this);
    try {
      await this.#driver.cancel();
    } catch (error) {
      throw this.#normalise("cancelling a consumer", error);
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.cancel();
  }

  /** @internal its connection has ended */
  end(): void {
    this.#isActive = false;
  }
}

/** Refuses a prefetch that is no whole number. */
export function checkPrefetch(count: number): void {
  if (Number.isInteger(count) && count >= 0) return;
  throw new UsageError("CELERIAC_USAGE", {
    message: `expected the prefetch of a consumer to be a whole number from 0 (no limit) up, got: ${String(count)}`,
  });
}
