// A worker that looks alive is alive: where messages wait, slots are free and still nothing has come for a while, the consumer is rebuilt.
// A queue counts its delayed messages as waiting, so a rebuild may have been for nothing: each one that brings no message doubles the
// time until the next.
import type { Clock, Timer } from "../../util/clock.ts";
import type { Logger } from "../../util/logger.ts";

/** What the watchdog looks at, and what it may do. */
export interface ProgressWatchdogParams {
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long nothing may come, in milliseconds. */
  readonly stallMs: number;
  /** How many messages were received so far. */
  received(): number;
  /** Whether more could be received now: slots are free, and a rebuild would disturb nobody. */
  hasRoom(): boolean;
  /** How many messages wait in the queues. */
  waiting(): Promise<number>;
  /** Builds the consumer anew. */
  rebuild(waiting: number): void;
}

/** What one look found. */
export type WatchdogReport = "moving" | "busy" | "empty" | "unknown" | "rebuilt";

const MAX_FACTOR = 64;

/** Looks after the progress of a worker's consumer. */
export class ProgressWatchdog {
  readonly #params: ProgressWatchdogParams;
  #timer: Timer | undefined;
  #running = false;
  #receivedBefore = 0;
  #quietSince = 0;
  #factor = 1;

  constructor(params: ProgressWatchdogParams) {
    this.#params = params;
  }

  /** Begins to look. Safe to call twice. */
  start(): void {
    if (this.#running || this.#params.stallMs <= 0) return;
    this.#running = true;
    this.#receivedBefore = this.#params.received();
    this.#quietSince = this.#params.clock.monotonic();
    this.#arm();
  }

  /** Ends it. Safe to call twice. */
  stop(): void {
    this.#running = false;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** One look. Never rejects. */
  async runOnce(): Promise<WatchdogReport> {
    const { received, hasRoom, waiting, rebuild, clock, logger, stallMs } = this.#params;
    const now = clock.monotonic();
    if (received() !== this.#receivedBefore) {
      this.#receivedBefore = received();
      this.#quietSince = now;
      this.#factor = 1;
      return "moving";
    }
    if (!hasRoom()) {
      this.#quietSince = now;
      return "busy";
    }
    if (now - this.#quietSince < stallMs * this.#factor) return "empty";
    let count: number;
    try {
      count = await waiting();
    } catch (error) {
      // A broker that cannot be asked is the connection's affair, which has its own way of noticing.
      logger.debug({ err: error }, "the watchdog could not ask how many messages wait");
      return "unknown";
    }
    if (count === 0 || received() !== this.#receivedBefore) return "empty";
    this.#quietSince = now;
    const quiet = (stallMs * this.#factor) / 1000;
    logger[this.#factor === 1 ? "warn" : "debug"](
      { waiting: count },
      `nothing was fetched for ${quiet} s although ${count} messages wait and slots are free: the consumer is rebuilt`,
    );
    this.#factor = Math.min(this.#factor * 2, MAX_FACTOR);
    rebuild(count);
    return "rebuilt";
  }

  #arm(): void {
    if (!this.#running) return;
    const { clock, stallMs } = this.#params;
    this.#timer = clock.setTimer(
      () => {
        void this.runOnce().then(() => this.#arm());
      },
      stallMs,
      { unref: true },
    );
  }
}
