import type { QueueEntry } from "./topology-table.ts";

/** What this process supposes about a queue that it consumes. Suppositions only: a transaction finds out. */
export interface LocalQueue {
  readonly entry: QueueEntry;
  /** How many consumers of this process take from it. */
  consumers: number;
  /** Whether messages may be waiting. */
  maybeMore: boolean;
  /** When the next delayed message is due; in the past where that is to be found out. */
  nextDue: number;
}

/** A queue of which nothing is known yet. */
export function createLocalQueue(entry: QueueEntry): LocalQueue {
  return { entry, consumers: 0, maybeMore: true, nextDue: Number.NEGATIVE_INFINITY };
}

/** Whether it is worth looking into the queue. */
export function isWorthALook(queue: LocalQueue, now: number): boolean {
  return queue.maybeMore || queue.nextDue <= now;
}
