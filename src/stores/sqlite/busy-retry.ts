// Waiting for another process's lock. SQLite's own busy handler would sleep on the event loop, for up to 100 ms and unfairly; these
// waits are asynchronous, short and drawn at random.
import { BrokerError } from "../../errors/celeriac-error.ts";
import { backoffMs } from "../../util/backoff.ts";
import { isBusy } from "./store-error.ts";

const POLICY = { startMs: 0.2, factor: 1.6, maxMs: 4 };

/** How long one operation waits for the lock before it fails, in milliseconds. A healthy process holds it for a few. */
export const LOCK_PATIENCE_MS = 30_000;

/** Calls back after the wait that follows failed try `attempt`, counted from 0; on average 0.1 ms after the first, 2 ms after many. */
export function afterBusyWait(attempt: number, callback: () => void): void {
  const waitMs = backoffMs(POLICY, Math.min(attempt, 16));
  if (waitMs >= 1) {
    setTimeout(callback, waitMs); // a lock is waited for in real time, whatever the injected clock says
    return;
  }
  // A timer cannot wait less than a millisecond; turns of the event loop can, and let everybody else run.
  const until = performance.now() + waitMs;
  const turn = (): void => {
    if (performance.now() >= until) callback();
    else setImmediate(turn);
  };
  setImmediate(turn);
}

/** Runs this until it does not meet another process's lock. */
export async function retryWhileBusy<T>(path: string, run: () => T): Promise<T> {
  const start = performance.now();
  for (let attempt = 0; ; attempt++) {
    try {
      return run();
    } catch (error) {
      if (!isBusy(error)) throw error;
      const waitedMs = Math.round(performance.now() - start);
      if (waitedMs > LOCK_PATIENCE_MS) throw new BrokerError("CELERIAC_STORE_LOCKED", { path, waitedMs }, { cause: error });
      await new Promise<void>((resolve) => afterBusyWait(attempt, resolve));
    }
  }
}
