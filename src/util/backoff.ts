/** How waits grow between tries. */
export interface BackoffPolicy {
  /** First wait in milliseconds. */
  readonly startMs: number;
  /** What each further wait is multiplied by. @default 2 */
  readonly factor?: number;
  /** Longest wait in milliseconds. */
  readonly maxMs: number;
  /** Whether a wait is drawn evenly between zero and its full length, so that many clients do not come back together. @default true */
  readonly jitter?: boolean;
}

/**
 * The wait before try `attempt + 1`, in milliseconds.
 * @param attempt how many tries have failed, less one: 0 after the first
 */
export function backoffMs(policy: BackoffPolicy, attempt: number, random: () => number = Math.random): number {
  const full = Math.min(policy.maxMs, policy.startMs * (policy.factor ?? 2) ** attempt);
  return policy.jitter === false ? full : full * random();
}
