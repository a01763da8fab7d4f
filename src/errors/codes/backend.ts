/** Errors of result backends. */
export const backendCodes = {
  CELERIAC_BACKEND_URL: {
    family: "config",
    retryable: false,
    message: (d: { readonly url: string; readonly problem: string }): string =>
      `the result backend URL ${d.url} cannot be used: ${d.problem}`,
  },
  CELERIAC_BACKEND_DISABLED: {
    family: "backend",
    retryable: false,
    message: (d: { readonly operation: string }): string =>
      `${d.operation} needs a result backend and none is configured; set the setting resultBackend`,
  },
  CELERIAC_BACKEND_UNAVAILABLE: {
    family: "backend",
    retryable: true,
    message: (d: { readonly url: string; readonly reason: string }): string =>
      `the result backend at ${d.url} cannot be reached: ${d.reason}`,
  },
  CELERIAC_BACKEND_CLOSED: {
    family: "backend",
    retryable: false,
    message: (d: { readonly operation: string }): string => `${d.operation} was called on a result backend that is closed`,
  },
  CELERIAC_BACKEND_STORE_FAILED: {
    family: "backend",
    retryable: true,
    message: (d: { readonly taskId: string; readonly state: string; readonly reason: string }): string =>
      `the state ${d.state} of task ${d.taskId} could not be stored: ${d.reason}`,
  },
  CELERIAC_BACKEND_REFUSED: {
    family: "backend",
    retryable: false,
    message: (d: { readonly operation: string; readonly reason: string }): string =>
      `the result backend refused ${d.operation}: ${d.reason}`,
  },
  CELERIAC_BACKEND_UNSUPPORTED: {
    family: "backend",
    retryable: false,
    message: (d: { readonly backend: string; readonly operation: string; readonly ability: string; readonly instead: string }): string =>
      `${d.operation} needs a result backend that can ${d.ability}, and ${d.backend} cannot; ${d.instead}`,
  },
  CELERIAC_RESULT_TIMEOUT: {
    family: "backend",
    retryable: true,
    message: (d: { readonly taskId: string; readonly timeoutMs: number; readonly state: string }): string =>
      `task ${d.taskId} gave no result within ${d.timeoutMs / 1000} s; its state is ${d.state}`,
  },
} as const;
