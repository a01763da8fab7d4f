// A task whose body is synchronous ends in the same turn in which it began. The pipeline therefore goes on at once where a step gave no
// promise, and costs a promise only where a step did.

/** A value, or the promise of one. */
export type MaybePromise<T> = T | Promise<T>;

/** Whether a value must be awaited. */
export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}

/** One step of a pipeline over a record. */
export type PipelineStep<Record> = (record: Record) => void | Promise<void>;

/** Passes the record through the steps in their order; synchronous as long as they are. Throws, or rejects, with the first error. */
export function runSteps<Record>(record: Record, steps: readonly PipelineStep<Record>[], from = 0): void | Promise<void> {
  for (let at = from; at < steps.length; at++) {
    const pending = steps[at]?.(record);
    if (pending !== undefined) return pending.then(() => runSteps(record, steps, at + 1));
  }
}
