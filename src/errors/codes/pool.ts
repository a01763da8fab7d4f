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
  CELERIAC_POOL_BUSY: { family: "pool", retryable: true, message: (d: { readonly operation: string }): string => `${d.operation}: all children are busy` },
} as const;
