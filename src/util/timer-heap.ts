// Many deadlines on one timer of the clock: the earliest is armed, the others wait in a heap. Cancelling leaves a hole, which is
// skipped when it comes up, or swept when there are more holes than deadlines.
import { BinaryHeap } from "./binary-heap.ts";
import type { Clock, Timer } from "./clock.ts";

interface Deadline {
  readonly at: number;
  callback: (() => void) | undefined;
}

/** So many holes are not worth a sweep. */
const FEW = 64;

/** Timers that share one timer of the clock. */
export class TimerHeap {
  readonly #clock: Clock;
  readonly #unref: boolean;
  readonly #heap = new BinaryHeap<Deadline>((a, b) => a.at < b.at);
  #live = 0;
  #armed: Timer | undefined;
  #armedAt = Number.POSITIVE_INFINITY;

  /** @param options.unref do not keep the process alive for them */
  constructor(clock: Clock, options: { readonly unref?: boolean } = {}) {
    this.#clock = clock;
    this.#unref = options.unref ?? false;
  }

  /** How many have neither fired nor been cancelled. */
  get size(): number {
    return this.#live;
  }

  /** Calls `callback` once after `delayMs`. */
  set(callback: () => void, delayMs: number): Timer {
    const deadline: Deadline = { at: this.#clock.monotonic() + delayMs, callback };
    this.#heap.push(deadline);
    this.#live++;
    this.#arm();
    return { cancel: () => this.#cancel(deadline) };
  }

  /** Cancels all of them. */
  clear(): void {
    for (const deadline of this.#heap) deadline.callback = undefined;
    this.#heap.clear();
    this.#live = 0;
    this.#arm();
  }

  #cancel(deadline: Deadline): void {
    if (!deadline.callback) return;
    deadline.callback = undefined;
    this.#live--;
    if (this.#heap.size > FEW && this.#heap.size > 2 * this.#live) this.#heap.retain((one) => one.callback !== undefined);
    this.#arm();
  }

  #fire(): void {
    this.#armed = undefined;
    this.#armedAt = Number.POSITIVE_INFINITY;
    const now = this.#clock.monotonic();
    for (let top = this.#heap.peek(); top && (top.at <= now || !top.callback); top = this.#heap.peek()) {
      this.#heap.pop();
      const { callback } = top;
      if (!callback) continue;
      top.callback = undefined;
      this.#live--;
      callback();
    }
    this.#arm();
  }

  /** A timer that is armed too early is left: it fires, finds nothing due and arms the next one. So cancelling is cheap. */
  #arm(): void {
    while (this.#heap.size > 0 && !this.#heap.peek()?.callback) this.#heap.pop();
    const at = this.#heap.peek()?.at ?? Number.POSITIVE_INFINITY;
    if (at >= this.#armedAt && this.#live > 0) return;
    this.#armed?.cancel();
    this.#armed = undefined;
    this.#armedAt = at;
    if (this.#live === 0) return;
    // Rounded up: the system's timers count whole milliseconds and may fire a little early.
    const delayMs = Math.max(0, Math.ceil(at - this.#clock.monotonic()));
    this.#armed = this.#clock.setTimer(() => this.#fire(), delayMs, { unref: this.#unref });
  }
}
