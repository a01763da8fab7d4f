import type { AsyncResult } from "../canvas/async-result.ts";
import type { Duration } from "../util/duration.ts";

/**
 * The values of several results, in their order; a test that lost a task ends with an error and does not hang.
 * @param options.timeout longest wait for each. @default "10s"
 * @throws what the first task threw that failed, or a TimeoutError
 */
export function valuesOf<R>(results: Iterable<AsyncResult<R>>, options: { readonly timeout?: Duration } = {}): Promise<R[]> {
  const { timeout = "10s" } = options;
  return Promise.all(Array.from(results, (result) => result.get({ timeout })));
}
