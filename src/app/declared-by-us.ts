// The queues that this app has declared on a broker since it connected: spares the hot path a promise for each message.
import type { Broker } from "../broker/broker.ts";
import type { Queue } from "../broker/contract.ts";

/** Declares each queue once for each connection. */
export class DeclaredByUs {
  readonly #known: WeakMap<Broker, Set<Queue>> = new WeakMap();

  /** Whether a queue needs no declaring. Those that may go by themselves always do. */
  has(broker: Broker, queue: Queue): boolean {
    return this.#known.get(broker)?.has(queue) === true;
  }

  /** Declares a queue. */
  async declare(broker: Broker, queue: Queue): Promise<void> {
    await broker.declare(queue);
    if (queue.autoDelete === true || queue.expiresMs !== undefined) return;
    let known = this.#known.get(broker);
    if (known === undefined) {
      known = new Set();
      this.#known.set(broker, known);
      broker.onLost(() => this.#known.get(broker)?.clear());
    }
    known.add(queue);
  }
}
