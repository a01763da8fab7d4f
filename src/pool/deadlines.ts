// All deadlines of a pool on one timer: a heap by time, in which each entry knows its place, so that a job that ends in time takes its
// deadline out at once. A day-long limit on millions of short jobs costs no memory.
import type { Clock, Timer } from "../util/clock.ts";

/** Something that will be done at a time, unless it is cancelled. */
export interface Deadline {
  /** Safe after it was done. */
  cancel(): void;
}

interface Entry extends Deadline {
  readonly at: number;
  readonly action: () => void;
  /** Its index in the heap; -1 when it is out. */
  place: number;
}

/** Does things when their time has come, with one timer for all. */
export class Deadlines {
  readonly #clock: Clock;
  readonly #heap: Entry[] = [];
  #timer: Timer | undefined;
  #timerAt = Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How many are to come. */
  get size(): number {
    return this.#heap.length;
  }

  /** Does `action` once after `delayMs`. The process is not kept alive for it. */
  add(delayMs: number, action: () => void): Deadline {
    const entry: Entry = { at: this.#clock.monotonic() + delayMs, action, place: this.#heap.length, cancel: () => this.#remove(entry) };
    this.#heap.push(entry);
    this.#up(entry);
    this.#arm();
    return entry;
  }

  /** Cancels all. */
  clear(): void {
    for (const entry of this.#heap) entry.place = -1;
    this.#heap.length = 0;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#timerAt = Infinity;
  }

  /** A timer that is set for earlier than needed stays: when it fires it is set anew, which is cheaper than moving it for each job. */
  #arm(): void {
    const first = this.#heap[0];
    if (!first || first.at >= this.#timerAt) return;
    this.#timer?.cancel();
    this.#timerAt = first.at;
    this.#timer = this.#clock.setTimer(() => this.#fire(), Math.max(0, Math.ceil(first.at - this.#clock.monotonic())), { unref: true });
  }

  #fire(): void {
    this.#timer = undefined;
    this.#timerAt = Infinity;
    const now = this.#clock.monotonic();
    for (let first = this.#heap[0]; first && first.at <= now; first = this.#heap[0]) {
      this.#remove(first);
      first.action();
    }
    this.#arm();
  }

  #remove(entry: Entry): void {
    const place = entry.place;
    if (place < 0) return;
    entry.place = -1;
    const last = this.#heap.pop();
    if (last === undefined || last === entry) return;
    last.place = place;
    this.#heap[place] = last;
    this.#up(last);
    this.#down(last);
  }

  #up(entry: Entry): void {
    while (entry.place > 0) {
      const parent = this.#heap[(entry.place - 1) >> 1];
      if (!parent || parent.at <= entry.at) return;
      this.#swap(parent, entry);
    }
  }

  #down(entry: Entry): void {
    for (;;) {
      const left = this.#heap[entry.place * 2 + 1];
      const right = this.#heap[entry.place * 2 + 2];
      const least = left && right && right.at < left.at ? right : left;
      if (!least || least.at >= entry.at) return;
      this.#swap(entry, least);
    }
  }

  #swap(a: Entry, b: Entry): void {
    [a.place, b.place] = [b.place, a.place];
    this.#heap[a.place] = a;
    this.#heap[b.place] = b;
  }
}
