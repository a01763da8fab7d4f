// How many messages a worker holds at most: so many for each slot, and one more for each that only waits for its time.

/** What a prefetch is applied to. */
export interface PrefetchTarget {
  setPrefetch(count: number): void;
}

/** AMQP's field for it has 16 bits. */
const LARGEST = 65_535;

/** The prefetch of a worker's consumer. */
export class Prefetch {
  #slots: number;
  readonly #multiplier: number;
  #factor = 1;
  #waiting = 0;
  #target: PrefetchTarget | undefined;
  #applied = -1;

  /** @param multiplier messages for each slot; 0 means no limit */
  constructor(slots: number, multiplier: number) {
    this.#slots = slots;
    this.#multiplier = multiplier;
  }

  /** The count to ask for now; 0 means no limit. */
  get count(): number {
    const count = this.#slots * this.#multiplier * this.#factor;
    if (count === 0) return 0;
    return count + this.#waiting > LARGEST ? 0 : count + this.#waiting;
  }

  /** Applies it to this consumer from now on. */
  attach(target: PrefetchTarget): void {
    this.#target = target;
    this.#applied = this.count;
  }

  /** The consumer is gone. */
  detach(): void {
    this.#target = undefined;
  }

  /** The pool runs another number of tasks at a time. */
  setSlots(slots: number): void {
    this.#slots = slots;
    this.#apply();
  }

  /** So many times the usual is fetched. */
  setFactor(factor: number): void {
    this.#factor = factor;
    this.#apply();
  }

  /** One more message is held that only waits. */
  increment(): void {
    this.#waiting++;
    this.#apply();
  }

  /** One less. */
  decrement(): void {
    this.#waiting--;
    this.#apply();
  }

  #apply(): void {
    const { count } = this;
    if (!this.#target || count === this.#applied) return;
    this.#applied = count;
    this.#target.setPrefetch(count);
  }
}
