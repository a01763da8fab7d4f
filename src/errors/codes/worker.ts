/** Errors of workers, bootsteps and the command line. */
export const workerCodes = {
  CELERIAC_BOOTSTEP_UNKNOWN: {
    family: "worker",
    retryable: false,
    message: (d: { readonly step: string; readonly required: string; readonly blueprint: string }): string =>
      `the step ${d.step} of the ${d.blueprint} blueprint requires ${d.required}, which is not in it`,
  },
  CELERIAC_BOOTSTEP_CYCLE: {
    family: "worker",
    retryable: false,
    message: (d: { readonly blueprint: string; readonly path: readonly string[] }): string =>
      `the steps of the ${d.blueprint} blueprint require each other in a circle: ${d.path.join(" -> ")}`,
  },
  CELERIAC_BOOTSTEP_INVALID: {
    family: "worker",
    retryable: false,
    message: (d: { readonly blueprint: string; readonly problem: string }): string =>
      `the ${d.blueprint} blueprint cannot be used: ${d.problem}`,
  },
  CELERIAC_WORKER_UNCONNECTED: {
    family: "worker",
    retryable: false,
    message: (d: { readonly url: string; readonly reason: string }): string =>
      `the worker gave up connecting to the broker at ${d.url}: ${d.reason}`,
  },
  CELERIAC_WORKER_STATE: {
    family: "worker",
    retryable: false,
    message: (d: { readonly operation: string; readonly state: string }): string =>
      `${d.operation} was called on a worker that is ${d.state}; a worker is started once, so make a new one`,
  },
  CELERIAC_APP_NOT_FOUND: {
    family: "usage",
    retryable: false,
    message: (d: { readonly module: string; readonly problem: string }): string => `no app was found in ${d.module}: ${d.problem}`,
  },
  CELERIAC_APP_IMPORT_FAILED: {
    family: "usage",
    retryable: false,
    message: (d: { readonly module: string; readonly reason: string }): string => `${d.module} threw while it was imported: ${d.reason}`,
  },
  CELERIAC_USAGE: { family: "usage", retryable: false, message: (d: { readonly message: string }): string => d.message },
} as const;
