/** Errors of brokers: connections, queues, publishing. */
export const brokerCodes = {
  CELERIAC_BROKER_URL: {
    family: "config",
    retryable: false,
    message: (d: { readonly url: string; readonly problem: string }): string => `the broker URL ${d.url} cannot be used: ${d.problem}`,
  },
  CELERIAC_BROKER_UNAVAILABLE: {
    family: "broker",
    retryable: true,
    message: (d: { readonly url: string; readonly reason: string }): string => `the broker at ${d.url} cannot be reached: ${d.reason}`,
  },
  CELERIAC_BROKER_LOST: {
    family: "broker",
    retryable: true,
    message: (d: { readonly url: string; readonly reason: string }): string =>
      `the connection to the broker at ${d.url} was lost: ${d.reason}`,
  },
  CELERIAC_BROKER_CLOSED: {
    family: "broker",
    retryable: false,
    message: (d: { readonly operation: string }): string =>
      `${d.operation} was called on a broker connection that is closed; open a new one`,
  },
  CELERIAC_BROKER_REFUSED: {
    family: "broker",
    retryable: false,
    message: (d: { readonly operation: string; readonly reason: string }): string => `the broker refused ${d.operation}: ${d.reason}`,
  },
  CELERIAC_PUBLISH_FAILED: {
    family: "broker",
    retryable: true,
    message: (d: { readonly target: string; readonly tries: number; readonly reason: string }): string =>
      `publishing to ${d.target} failed ${d.tries} times and was given up: ${d.reason}; raise maxRetries of the publish retry policy to try for longer`,
  },
  CELERIAC_PUBLISH_NACKED: {
    family: "broker",
    retryable: true,
    message: (d: { readonly target: string; readonly reason: string }): string =>
      `the broker did not take a message for ${d.target}: ${d.reason}`,
  },
  CELERIAC_DEAD_LETTER_NOT_FOUND: {
    family: "broker",
    retryable: false,
    message: (d: { readonly queue: string; readonly id: string }): string =>
      `no dead letter of the queue ${JSON.stringify(d.queue)} has the id ${JSON.stringify(d.id)}; it may have been sent back or purged`,
  },
  CELERIAC_QUEUE_NOT_FOUND: {
    family: "broker",
    retryable: false,
    message: (d: { readonly queue: string; readonly hint?: string | undefined }): string =>
      `no queue is called ${JSON.stringify(d.queue)}${d.hint ? `; ${d.hint}` : ""}`,
  },
  CELERIAC_MESSAGE_TOO_LARGE: {
    family: "broker",
    retryable: false,
    message: (d: { readonly bytes: number; readonly limit: number; readonly queue: string }): string =>
      `a message of ${d.bytes} bytes for the queue ${d.queue} is over the limit of ${d.limit} bytes; send a reference in its place`,
  },
  CELERIAC_STORE_UNUSABLE: {
    family: "broker",
    retryable: false,
    message: (d: { readonly path: string; readonly problem: string }): string => `the database ${d.path} cannot be used: ${d.problem}`,
  },
  CELERIAC_STORE_FULL: {
    family: "broker",
    retryable: true,
    message: (d: { readonly path: string }): string =>
      `the database ${d.path} is full, so nothing of this operation was written; what it held is kept. Make room on the disk and try again`,
  },
  CELERIAC_STORE_LOCKED: {
    family: "broker",
    retryable: true,
    message: (d: { readonly path: string; readonly waitedMs: number }): string =>
      `the database ${d.path} was locked by another process for ${d.waitedMs / 1000} s; look for one that is stopped or that keeps a transaction open in it`,
  },
  CELERIAC_STORE_REPLACED: {
    family: "broker",
    retryable: true,
    message: (d: { readonly path: string; readonly change: "deleted" | "replaced" }): string =>
      `the database ${d.path} was ${d.change} while it was open, so what was in it is out of reach; ` +
      `the file at that path is opened anew. Stop all workers before you delete a database or restore one`,
  },
  CELERIAC_STORE_FAILED: {
    family: "broker",
    retryable: true,
    message: (d: { readonly path: string; readonly reason: string }): string => `SQLite failed on the database ${d.path}: ${d.reason}`,
  },
} as const;
