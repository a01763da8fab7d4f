/** What the process exits with: Celery's codes. */
export const exitCodes = {
  ok: 0,
  failure: 1,
  /** The command line cannot be understood. */
  usage: 2,
  /** Nobody answered. */
  unavailable: 69,
} as const;
