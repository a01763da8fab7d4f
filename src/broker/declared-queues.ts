import { isDeepStrictEqual } from "node:util";
import type { Queue } from "./contract.ts";

interface Declared {
  readonly queue: Queue;
  readonly done: Promise<void>;
}

/** The queues that a connection has declared, so that each is declared once and not with every message. */
export class DeclaredQueues {
  readonly #byName = new Map<string, Declared>();

  /** The declaration that was made before, or is under way; else `declare` makes it. */
  once(queue: Queue, declare: () => Promise<void>): Promise<void> {
    const known = this.#byName.get(queue.name);
    if (known !== undefined && (known.queue === queue || isDeepStrictEqual(known.queue, queue))) return known.done;
    const done = declare();
    // A queue that may go by itself must be declared again: nobody would tell us that it has gone.
    if (queue.autoDelete === true || queue.expiresMs !== undefined || queue.arguments?.["x-expires"] !== undefined) return done;
    const declared = { queue, done };
    this.#byName.set(queue.name, declared);
    done.catch(() => {
      if (this.#byName.get(queue.name) === declared) this.#byName.delete(queue.name);
    });
    return done;
  }

  forget(name: string): void {
    this.#byName.delete(name);
  }

  clear(): void {
    this.#byName.clear();
  }
}
