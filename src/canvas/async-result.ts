// The handle of a task that was sent, as callers see it. The interface stands here because signatures give it; app/results/ makes the objects.
import type { ResultMeta, ResultTuple } from "../protocol/result-meta.ts";
import type { TaskState } from "../protocol/states.ts";
import type { Duration } from "../util/duration.ts";

/** How a result is waited for. */
export interface GetOptions {
  /** Longest wait; then a TimeoutError. @default no limit */
  readonly timeout?: Duration | undefined;
  /** Whether a failure is thrown; otherwise it is given as the value. @default true */
  readonly propagate?: boolean | undefined;
  /** Ends the wait with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Told of each state that is seen on the way, those of the user's own included. */
  readonly onState?: ((meta: ResultMeta) => void) | undefined;
  /** Refuses to wait inside a running task, where waiting can stop all progress. @default true */
  readonly disableSyncSubtasks?: boolean | undefined;
  /** Whether the failure of a step before this one in its chain is thrown as well. @default true */
  readonly followParents?: boolean | undefined;
}

/**
 * The handle of a task that was sent. It is not thenable: awaiting it gives the handle itself, `get()` the value.
 * Two handles with the same id are the same result.
 */
export interface AsyncResult<R> {
  /** Id of the task. */
  readonly id: string;
  /** Result of the step before in its chain; null where there is none. */
  readonly parent: AsyncResult<unknown> | null;
  /** Whether nothing is stored of this task, as its caller knows: then `get()` gives null at once, and its state stays PENDING. */
  readonly ignored: boolean;
  /** Waits for the task's end and gives its value. */
  get(options?: GetOptions): Promise<R>;
  /** The state that is stored; PENDING where none is. */
  state(): Promise<TaskState>;
  /** Whether the task has ended. */
  ready(): Promise<boolean>;
  /** Whether the task ended with a value. */
  successful(): Promise<boolean>;
  /** Whether the task ended with an error. */
  failed(): Promise<boolean>;
  /** What is stored with the state: the value, the error, or what `updateState` was given. */
  info(): Promise<unknown>;
  /** The traceback of a failure or retry; null where there is none. */
  traceback(): Promise<string | null>;
  /** Results of the tasks that this one sent; null where that is not known yet. */
  children(): Promise<readonly AsyncResult<unknown>[] | null>;
  /** When the task ended; null while it has not. */
  dateDone(): Promise<Date | null>;
  /** Whether anything is stored of the task; a task that nobody ever sent is PENDING as well. */
  exists(): Promise<boolean>;
  /** Everything that is stored. What is stored of a task that has ended is read once, until `forget()`. */
  meta(): Promise<ResultMeta>;
  /** Removes what is stored of this task and of the steps before it. */
  forget(): Promise<void>;
  /** Ids of this result and those before it, as nested lists, JSON-able: Celery's `as_tuple`. `app.resultFromTuple` makes the result of it again. */
  toTuple(): ResultTuple;
}
