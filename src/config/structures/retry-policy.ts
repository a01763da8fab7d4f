import type { Duration } from "../../util/duration.ts";

/** How a message that could not be sent is sent again. What is missing has Celery's default. */
export interface GivenRetryPolicy {
  /** How many times it is tried again; null never gives up. @default 3 */
  readonly maxRetries?: number | null;
  /** First wait, in seconds. @default 0 */
  readonly intervalStart?: Duration;
  /** What each further wait is longer by, in seconds. @default 0.2 */
  readonly intervalStep?: Duration;
  /** Longest wait, in seconds. @default 1 */
  readonly intervalMax?: Duration;
}

/** A complete retry policy, with all waits in seconds. */
export interface RetryPolicy {
  /** How many times it is tried again; null never gives up. */
  readonly maxRetries: number | null;
  /** First wait, in seconds. */
  readonly intervalStart: number;
  /** What each further wait is longer by, in seconds. */
  readonly intervalStep: number;
  /** Longest wait, in seconds. */
  readonly intervalMax: number;
}
