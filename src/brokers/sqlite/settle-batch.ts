// Ends deliveries, all of one turn of the event loop in one operation. Acknowledgements of neighbours in one claim are one statement.
import type { Settlement } from "../../broker/contract.ts";
import type { SqliteStore } from "../../stores/sqlite/sqlite-store.ts";
import { RunAgain, type WriteOperation } from "../../stores/sqlite/write-queue.ts";
import type { SqliteDelivery } from "./message-row.ts";

/** The statement that acknowledges deliveries of one claim. */
export const ACKNOWLEDGE: string = "DELETE FROM messages WHERE lease = ? AND id BETWEEN ? AND ?";
const GIVE_BACK = `UPDATE messages SET lease = NULL, due = ?, redelivered = redelivered | ?,
  child_deaths = child_deaths + ?, worker_deaths = worker_deaths + ? WHERE lease = ? AND id = ?`;

interface Entry {
  readonly delivery: SqliteDelivery;
  readonly settlement: Settlement;
  readonly resolve: (settled: boolean) => void;
  readonly reject: (error: unknown) => void;
  settled: boolean;
}

/** What a batch tells its owner. */
export interface SettleEvents {
  /** A message was refused and is about to be removed. In the transaction. */
  onRefused(delivery: SqliteDelivery): void;
  /** A message was given back, to be visible at `due`. In the transaction. */
  onGivenBack(delivery: SqliteDelivery, due: number | undefined): void;
  /** Nothing was written: the deliveries are held as before. */
  onFailed(deliveries: readonly SqliteDelivery[]): void;
}

/** Settlements that are written together. */
export class SettleBatch implements WriteOperation {
  readonly makesRoom = true;
  readonly #store: SqliteStore;
  readonly #events: SettleEvents;
  readonly #onRun: () => void;
  readonly #acks: Entry[] = [];
  readonly #others: Entry[] = [];
  #ordered = true;
  #oneByOne = false;

  /** @param onRun told when the batch is being written and takes no more */
  constructor(store: SqliteStore, events: SettleEvents, onRun: () => void) {
    this.#store = store;
    this.#events = events;
    this.#onRun = onRun;
  }

  get weight(): number {
    return this.#acks.length + this.#others.length;
  }

  /** Adds a settlement; resolves to whether the delivery was still ours. */
  add(delivery: SqliteDelivery, settlement: Settlement): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const entry: Entry = { delivery, settlement, resolve, reject, settled: false };
      if (settlement.kind === "ack" || (settlement.kind === "reject" && delivery.source.queue.arguments === undefined)) {
        const before = this.#acks[this.#acks.length - 1]?.delivery;
        if (before !== undefined && compare(before, delivery) > 0) this.#ordered = false;
        this.#acks.push(entry);
      } else {
        this.#others.push(entry);
      }
    });
  }

  run(): void {
    this.#onRun();
    if (!this.#ordered) {
      this.#acks.sort((a, b) => compare(a.delivery, b.delivery));
      this.#ordered = true;
    }
    this.#acknowledge();
    for (const entry of this.#others) entry.settled = entry.settlement.kind === "requeue" ? this.#giveBack(entry) : this.#refuse(entry);
  }

  committed(): void {
    for (const entry of this.#acks) entry.resolve(entry.settled);
    for (const entry of this.#others) entry.resolve(entry.settled);
  }

  failed(error: unknown): void {
    const entries = [...this.#acks, ...this.#others];
    this.#events.onFailed(entries.map((entry) => entry.delivery));
    for (const entry of entries) entry.reject(error);
  }

  #acknowledge(): void {
    const acks = this.#acks;
    const statement = this.#store.prepare(ACKNOWLEDGE);
    for (let from = 0; from < acks.length;) {
      const first = acks[from]?.delivery;
      if (first === undefined) break;
      let until = from + 1;
      let last = first;
      for (; until < acks.length && !this.#oneByOne; until++) {
        const next = acks[until]?.delivery;
        if (next === undefined || next.lease !== last.lease || next.index !== last.index + 1) break;
        last = next;
      }
      const removed = Number(statement.run(first.lease, first.id, last.id).changes);
      if (removed !== 0 && removed !== until - from) {
        // Some were lost and some not, as after the deletion of a queue: find out which.
        this.#oneByOne = true;
        throw new RunAgain();
      }
      for (; from < until; from++) {
        const entry = acks[from];
        if (entry !== undefined) entry.settled = removed > 0;
      }
    }
  }

  #giveBack({ delivery, settlement }: Entry): boolean {
    if (settlement.kind !== "requeue") return false;
    const { death, visibleAt } = settlement;
    const due = visibleAt === undefined ? undefined : Math.ceil(visibleAt);
    const parked = visibleAt !== undefined && death === undefined;
    const { changes } = this.#store
      .prepare(GIVE_BACK)
      .run(due ?? null, parked ? 0 : 1, death === "child" ? 1 : 0, death === "worker" ? 1 : 0, delivery.lease, delivery.id);
    if (Number(changes) === 0) return false;
    this.#store.wakeOthers();
    this.#events.onGivenBack(delivery, due);
    return true;
  }

  #refuse({ delivery }: Entry): boolean {
    const isOurs = this.#store.prepare("SELECT 1 FROM messages WHERE lease = ? AND id = ?").get(delivery.lease, delivery.id) !== undefined;
    if (!isOurs) return false;
    this.#events.onRefused(delivery);
    this.#store.prepare(ACKNOWLEDGE).run(delivery.lease, delivery.id, delivery.id);
    return true;
  }
}

function compare(a: SqliteDelivery, b: SqliteDelivery): number {
  return a.lease - b.lease || a.index - b.index;
}
