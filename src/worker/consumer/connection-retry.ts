// Connecting until it works: Celery's waits (2, 4, 6 seconds and so on, 30 at most) and Celery's words.
import { BrokerError } from "../../errors/celeriac-error.ts";
import type { Clock } from "../../util/clock.ts";
import type { Logger } from "../../util/logger.ts";

/** How long to try to connect. */
export interface ConnectionRetryPolicy {
  /** Whether a failed try is followed by another. */
  readonly retry: boolean;
  /** How many tries follow the first; null: no limit. */
  readonly maxRetries: number | null;
}

/** What connecting works with. */
export interface ConnectionRetryParams {
  readonly policy: ConnectionRetryPolicy;
  readonly url: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Ends the waits. */
  readonly signal: AbortSignal;
}

const STEP_MS = 2000;
const LONGEST_MS = 30_000;

/**
 * Connects, waiting between tries.
 * @throws the last error, when the tries are used up or it makes no sense to try again; the signal's reason, when it is aborted
 */
export async function connectWithRetry(connect: () => Promise<void>, params: ConnectionRetryParams): Promise<void> {
  const { policy, url, clock, logger, signal } = params;
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    try {
      await connect();
      return;
    } catch (error) {
      const passes = error instanceof BrokerError && error.retryable;
      const left = policy.maxRetries === null || attempt <= policy.maxRetries;
      if (!passes || !policy.retry || !left) throw error;
      const waitMs = Math.min(STEP_MS * attempt, LONGEST_MS);
      const limit = policy.maxRetries === null ? "" : `/${policy.maxRetries}`;
      logger.error(
        { err: error, url, attempt },
        `consumer: Cannot connect to ${url}: ${error.message}. Trying again in ${(waitMs / 1000).toFixed(2)} seconds... (${attempt}${limit})`,
      );
      await clock.sleep(waitMs, signal);
    }
  }
}
