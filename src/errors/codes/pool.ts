/** Errors of execution pools. */
export const poolCodes = {
  CELERIAC_POOL_CLOSED: {
    family: "pool",
    retryable: false,
    message: (d: { readonly operation: string }): string => `${d.operation} was called on a pool that is not running`,
  },
  CELERIAC_POOL_START_FAILED: {
    family: "pool",
    retryable: false,
    message: (d: { readonly reason: string }): string => `the pool could not start its children: ${d.reason}`,
  },
  CELERIAC_POOL_UNSUPPORTED: {
    family: "pool",
    retryable: false,
    message: (d: { readonly pool: string; readonly ability: string; readonly instead: string }): string =>
      `the ${d.pool} pool cannot ${d.ability}; ${d.instead}`,
  },
  CELERIAC_POOL_DUPLICATE_JOB: {
    family: "pool",
    retryable: false,
    message: (d: { readonly job: string }): string =>
      `expected each job in a pool to have an id of its own, got a second ${JSON.stringify(d.job)} while the first has not ended`,
  },
  CELERIAC_POOL_FRAME_INVALID: {
    family: "pool",
    retryable: false,
    message: (d: { readonly expected: string; readonly got: string }): string =>
      `what came through the pipe between a pool and its child is no frame of theirs: expected ${d.expected}, got ${d.got}; is something else writing to that file descriptor?`,
  },
  CELERIAC_POOL_FRAME_TOO_BIG: {
    family: "pool",
    retryable: false,
    message: (d: { readonly bytes: number; readonly limit: number }): string =>
      `a job or an outcome of ${d.bytes} bytes is above the ${d.limit} bytes that a pool carries; pass a reference to the content in place of the content`,
  },
  CELERIAC_POOL_NO_CHILD: {
    family: "pool",
    retryable: false,
    message: (d: { readonly operation: string }): string =>
      `${d.operation} was called outside a pool's child; only the entry module that a pool of children imports may call it`,
  },
} as const;
