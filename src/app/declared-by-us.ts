// The queues that this app has declared on a broker since it connected: spares the hot path a promise for each message.
import type { Broker } from "../broker/broker.ts";
import type { Queue } from "../broker/contract.ts";

interface DeclaredOn {
  readonly known: Set<Queue>;
  /** Declarations under way of queues that were found to be gone. */
  readonly anew: Map<Queue, Promise<void>>;
}

/** Declares each queue once for each connection. */
export class DeclaredByUs {
  readonly #brokers: WeakMap<Broker, DeclaredOn> = new WeakMap();

  /** Whether a queue needs no declaring. Those that may go by themselves always do. */
  has(broker: Broker, queue: Queue): boolean {
    return this.#brokers.get(broker)?.known.has(queue) === true;
  }

  /** Declares a queue. */
  async declare(broker: Broker, queue: Queue): Promise<void> {
    await broker.declare(queue);
    this.#note(broker, queue);
  }

  /** Declares a queue that was found to be gone, whatever was declared before; once for all who find it at the same time. */
  declareAnew(broker: Broker, queue: Queue): Promise<void> {
    const { known, anew } = this.#on(broker);
    const underWay = anew.get(queue);
    if (underWay !== undefined) return underWay;
    known.delete(queue);
    const declared = broker
      .declare(queue, { anew: true })
      .then(() => this.#note(broker, queue))
      .finally(() => anew.delete(queue));
    anew.set(queue, declared);
    return declared;
  }

  #note(broker: Broker, queue: Queue): void {
    if (queue.autoDelete !== true && queue.expiresMs === undefined) this.#on(broker).known.add(queue);
  }

  #on(broker: Broker): DeclaredOn {
    let on = this.#brokers.get(broker);
    if (on === undefined) {
      const known = new Set<Queue>();
      on = { known, anew: new Map() };
      this.#brokers.set(broker, on);
      broker.onLost(() => known.clear());
    }
    return on;
  }
}
