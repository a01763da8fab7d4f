// A clock that stands still until a test moves it. Timers fire in the order of their times, those of one time in the order they were set,
// and between two of them the event loop turns once, so that what a callback started with promises sees the time at which it was started.
import type { Clock, Timer } from "../util/clock.ts";

interface PendingTimer {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

/** A {@link Clock} whose time is moved by hand. */
export class FakeClock implements Clock {
  readonly #startedAt: number;
  #now: number;
  #order = 0;
  readonly #pending = new Set<PendingTimer>();

  /** @param startMs the time it starts at, in milliseconds since 1970. @default 2026-01-01T00:00:00Z */
  constructor(startMs: number = Date.UTC(2026, 0, 1)) {
    this.#startedAt = startMs;
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now - this.#startedAt;
  }

  setTimer(callback: () => void, delayMs: number): Timer {
    const timer: PendingTimer = { at: this.#now + Math.max(delayMs, 0), order: this.#order++, callback };
    this.#pending.add(timer);
    return {
      cancel: () => {
        this.#pending.delete(timer);
      },
    };
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason as Error);
        return;
      }
      const onAbort = (): void => {
        timer.cancel();
        reject(signal?.reason as Error);
      };
      const timer = this.setTimer(() => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      }, delayMs);
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  }

  /** How many timers and sleeps are waiting. A test that ends with any left has leaked one. */
  get pendingTimers(): number {
    return this.#pending.size;
  }

  /** Milliseconds until the next timer fires; undefined where none waits. */
  get nextTimerMs(): number | undefined {
    const next = this.#next();
    return next && next.at - this.#now;
  }

  /** Moves time forward, firing what falls due, the timers that callbacks set included. The event loop turns before, between and after. */
  async advance(ms: number): Promise<void> {
    const target = this.#now + ms;
    await turnOfEventLoop();
    for (let timer = this.#next(); timer !== undefined && timer.at <= target; timer = this.#next()) {
      this.#fire(timer);
      await turnOfEventLoop();
    }
    this.#now = Math.max(this.#now, target);
    await turnOfEventLoop();
  }

  /** Moves time forward at once, firing what falls due; promises see only the end. For code that has none. */
  advanceNow(ms: number): void {
    const target = this.#now + ms;
    for (let timer = this.#next(); timer !== undefined && timer.at <= target; timer = this.#next()) this.#fire(timer);
    this.#now = Math.max(this.#now, target);
  }

  #fire(timer: PendingTimer): void {
    this.#pending.delete(timer);
    // Another advance() may have gone further while the event loop turned: time never goes back.
    this.#now = Math.max(this.#now, timer.at);
    timer.callback();
  }

  #next(): PendingTimer | undefined {
    let next: PendingTimer | undefined;
    for (const timer of this.#pending) {
      if (next === undefined || timer.at < next.at || (timer.at === next.at && timer.order < next.order)) next = timer;
    }
    return next;
  }
}

function turnOfEventLoop(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
