// How publishing is tried again: Celery's `task_publish_retry_policy`, with its names and defaults.
import { type Duration, durationMs } from "../util/duration.ts";

/** How often, and after what waits, a publication that failed is tried again. */
export interface RetryPolicy {
  /** How often it is tried again after the first failure; null means until it succeeds. @default 3 */
  readonly maxRetries?: number | null;
  /** Wait before the first retry. @default 0 */
  readonly intervalStart?: Duration;
  /** What each further wait is longer by. @default "200ms" */
  readonly intervalStep?: Duration;
  /** The longest wait. @default "1s" */
  readonly intervalMax?: Duration;
}

/** A policy with its defaults filled in and its times in milliseconds. */
export interface ResolvedRetryPolicy {
  readonly maxRetries: number;
  readonly startMs: number;
  readonly stepMs: number;
  readonly maxMs: number;
}

const NEVER: ResolvedRetryPolicy = { maxRetries: 0, startMs: 0, stepMs: 0, maxMs: 0 };

/** Fills a policy's defaults in; `false` never tries again. */
export function resolveRetryPolicy(policy: RetryPolicy | false = {}): ResolvedRetryPolicy {
  if (policy === false) return NEVER;
  return {
    maxRetries: policy.maxRetries === null ? Infinity : (policy.maxRetries ?? 3),
    startMs: durationMs(policy.intervalStart ?? 0, "intervalStart of the publish retry policy"),
    stepMs: durationMs(policy.intervalStep ?? "200ms", "intervalStep of the publish retry policy"),
    maxMs: durationMs(policy.intervalMax ?? "1s", "intervalMax of the publish retry policy"),
  };
}

/**
 * The wait before a retry, in milliseconds.
 * @param retry 0 for the first
 */
export function retryWaitMs(policy: ResolvedRetryPolicy, retry: number): number {
  return Math.min(policy.startMs + policy.stepMs * retry, policy.maxMs);
}
