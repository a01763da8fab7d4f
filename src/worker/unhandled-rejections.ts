import type { Logger } from "../util/logger.ts";

/**
 * Logs promises that a task left behind and that are rejected when nobody awaits them. Without it Node would end the process, and with it
 * every other task in it.
 * @returns a function that ends it
 */
export function logUnhandledRejections(logger: Logger): () => void {
  const listener = (reason: unknown): void => {
    logger.error(
      { err: reason },
      `a promise was rejected and nobody awaited it: ${reason instanceof Error ? reason.message : String(reason)}. The worker goes on; await the promise, or catch its error, in the task that made it`,
    );
  };
  process.on("unhandledRejection", listener);
  return () => {
    process.off("unhandledRejection", listener);
  };
}
