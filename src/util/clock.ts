/** A timer that can be cancelled. */
export interface Timer {
  /** Cancels it; safe after it fired. */
  cancel(): void;
}

/** Time as the program sees it. Injected everywhere, so that no test waits for time to pass. */
export interface Clock {
  /** Wall-clock time in milliseconds since 1970. For what is stored or sent. */
  now(): number;
  /** Milliseconds that only go forward. For differences. */
  monotonic(): number;
  /**
   * Calls `callback` once after `delayMs`; delays of any length are honoured.
   * @param options.unref do not keep the process alive for it
   */
  setTimer(callback: () => void, delayMs: number, options?: { readonly unref?: boolean }): Timer;
  /** Resolves after `delayMs`; rejects with the signal's reason when it is aborted first. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

/** setTimeout turns a longer delay into 1 ms. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** The clock of the operating system. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimer(callback, delayMs, options) {
    let handle: NodeJS.Timeout;
    const arm = (restMs: number): void => {
      handle = setTimeout(
        restMs > LONGEST_TIMEOUT_MS ? () => arm(restMs - LONGEST_TIMEOUT_MS) : callback,
        Math.min(Math.max(restMs, 0), LONGEST_TIMEOUT_MS),
      );
      if (options?.unref) handle.unref();
    };
    arm(delayMs);
    return { cancel: () => clearTimeout(handle) };
  },
  sleep(delayMs, signal) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason as Error);
        return;
      }
      const onAbort = (): void => {
        timer.cancel();
        reject(signal?.reason as Error);
      };
      const timer = systemClock.setTimer(() => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      }, delayMs);
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  },
};
