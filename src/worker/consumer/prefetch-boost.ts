// Tasks that take a fraction of a millisecond spend their time on the way, so a worker that nobody told how much to prefetch fetches more of
// them at once: fewer and larger transactions, and children that never wait. A task that takes longer ends that at once, and what was
// fetched too much goes back to its queue, so that other workers find it.
import type { Clock, Timer } from "../../util/clock.ts";
import type { Logger } from "../../util/logger.ts";
import type { Prefetch } from "./prefetch.ts";

/** What a boost works with. */
export interface PrefetchBoostParams {
  readonly prefetch: Prefetch;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How many requests the worker holds. */
  held(): number;
  /** Gives back so many of those that wait, at most. */
  giveBack(count: number): void;
}

/** How many times the usual is fetched. */
const FACTOR = 8;
/** A run below this is short, in seconds. */
const SHORT_SECONDS = 0.002;
/** A run above this ends a boost, in seconds. */
const LONG_SECONDS = 0.02;
/** So many short runs in a row begin a boost. */
const RUNS = 64;
/** While boosted, something must end in this time, in milliseconds. */
const STALL_MS = 50;

/** Raises and lowers a worker's prefetch by how long its tasks take. */
export class PrefetchBoost {
  readonly #params: PrefetchBoostParams;
  #shortRuns = 0;
  #endedBefore = 0;
  #ended = 0;
  #timer: Timer | undefined;

  constructor(params: PrefetchBoostParams) {
    this.#params = params;
  }

  /** Whether more than usual is fetched. */
  get active(): boolean {
    return this.#timer !== undefined;
  }

  /** A task took so long. */
  learn(seconds: number): void {
    this.#ended++;
    if (seconds > LONG_SECONDS) this.stop();
    if (seconds > SHORT_SECONDS) this.#shortRuns = 0;
    else if (++this.#shortRuns === RUNS) this.#start();
  }

  /** Back to the usual; what is held beyond it is given back. Safe to call where it is not active. */
  stop(): void {
    this.#shortRuns = 0;
    if (!this.#timer) return;
    this.#timer.cancel();
    this.#timer = undefined;
    const { prefetch, held, giveBack, logger } = this.#params;
    prefetch.setFactor(1);
    const surplus = held() - prefetch.count;
    logger.debug({ prefetch: prefetch.count, surplus: Math.max(surplus, 0) }, `prefetch: back to ${prefetch.count}`);
    if (surplus > 0) giveBack(surplus);
  }

  #start(): void {
    if (this.#timer) return;
    const { prefetch, logger } = this.#params;
    prefetch.setFactor(FACTOR);
    logger.debug({ prefetch: prefetch.count }, `prefetch: raised to ${prefetch.count}, for tasks take next to no time`);
    this.#watch();
  }

  /** A long task says nothing while it runs: that nothing ends is how it shows. */
  #watch(): void {
    this.#endedBefore = this.#ended;
    this.#timer = this.#params.clock.setTimer(
      () => {
        if (this.#ended === this.#endedBefore) this.stop();
        else this.#watch();
      },
      STALL_MS,
      { unref: true },
    );
  }
}
