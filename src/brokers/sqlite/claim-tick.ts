// The operation that fills the consumers of this process. It runs at the end of a transaction, so that it finds what the others of that
// transaction published and the room that their settlements made: settling one batch and claiming the next is one COMMIT.
import type { WriteOperation } from "../../stores/sqlite/write-queue.ts";
import { type ClaimedRun, claimMessages, promoteDue } from "./claim-messages.ts";
import { isWorthALook, type LocalQueue } from "./local-queue.ts";
import { SqliteDelivery } from "./message-row.ts";
import type { SqliteBrokerHub } from "./sqlite-broker-hub.ts";
import type { SqliteConsumer } from "./sqlite-consumer.ts";

interface Taken {
  readonly consumer: SqliteConsumer;
  readonly runs: readonly ClaimedRun[];
}

/** One look for messages, for all consumers. */
export class ClaimTick implements WriteOperation {
  readonly weight = 0;
  readonly makesRoom = true;
  readonly #hub: SqliteBrokerHub;
  readonly #turn: number;
  #taken: Taken[] = [];

  /** @param turn a number that goes up: which consumer, and which queue of each, is served first */
  constructor(hub: SqliteBrokerHub, turn: number) {
    this.#hub = hub;
    this.#turn = turn;
  }

  run(): void {
    this.#taken = [];
    const hub = this.#hub;
    hub.onTickRuns();
    hub.prepareTransaction();
    const { consumers } = hub;
    const now = hub.store.clock.now();
    for (let i = 0; i < consumers.length; i++) {
      const consumer = consumers[(i + this.#turn) % consumers.length];
      if (consumer !== undefined && consumer.free > 0) this.#fill(consumer, now);
    }
  }

  committed(): void {
    for (const { consumer, runs } of this.#taken) {
      const deliveries: SqliteDelivery[] = [];
      for (const { source, lease, rows } of runs) {
        for (const [index, row] of rows.entries()) deliveries.push(new SqliteDelivery(row, source, lease, index, consumer));
      }
      if (!consumer.noAck) this.#hub.hold(deliveries);
      consumer.deliver(deliveries);
    }
    this.#hub.afterTick();
  }

  failed(error: unknown): void {
    this.#hub.onTickFailed(error);
  }

  /** The queues of a consumer share what it has room for; what one leaves goes to the others. */
  #fill(consumer: SqliteConsumer, now: number): void {
    let rest = consumer.free;
    let worth = rotate(consumer.queues, this.#turn).filter((queue) => isWorthALook(queue, now));
    const runs: ClaimedRun[] = [];
    while (rest > 0 && worth.length > 0) {
      const share = Math.ceil(rest / worth.length);
      for (const queue of worth) {
        const limit = Math.min(share, rest);
        if (limit === 0) break;
        rest -= this.#take(consumer, queue, limit, now, runs);
      }
      worth = worth.filter((queue) => queue.maybeMore);
    }
    if (runs.length > 0) this.#taken.push({ consumer, runs });
  }

  #take(consumer: SqliteConsumer, queue: LocalQueue, limit: number, now: number, runs: ClaimedRun[]): number {
    const { store } = this.#hub;
    if (queue.nextDue <= now) queue.nextDue = promoteDue(store, queue.entry.id, now);
    const claim = claimMessages(store, queue.entry, { limit, now, noAck: consumer.noAck, nextLease: () => store.owners.nextLease() });
    runs.push(...claim.runs);
    queue.maybeMore = claim.more;
    return claim.count;
  }
}

function rotate<T>(items: readonly T[], by: number): readonly T[] {
  if (items.length < 2) return items;
  const at = by % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
}
