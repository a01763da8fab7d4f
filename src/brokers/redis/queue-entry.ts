import type { Queue } from "../../broker/contract.ts";

/** A queue as this process knows it. */
export interface QueueEntry {
  readonly name: string;
  /** Tells it from an earlier queue of that name; empty for a queue that only Python has declared. */
  readonly id: string;
  /** As it was declared, without its bindings. */
  readonly queue: Queue;
  /** The connection that it is exclusive to, as `<process>/<number>`. */
  readonly owner: string | undefined;
  /** What follows the envelope in a field of `unacked`: so Python's workers restore the message into this queue and no other. */
  readonly suffix: string;
}

/** What follows the envelope in a field of `unacked`, for a queue of this name. */
export function suffixOf(name: string): string {
  return `, "", ${JSON.stringify(name)}]`;
}

/** Makes the record of a queue. */
export function queueEntry(queue: Queue, id: string, owner: string | undefined): QueueEntry {
  return Object.freeze({ name: queue.name, id, queue, owner, suffix: suffixOf(queue.name) });
}
