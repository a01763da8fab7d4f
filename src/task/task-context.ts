// `this` inside a task. The interface stands here because task functions are typed by it; execution/ makes the object.
import type { Retry, TaskDirective } from "../errors/directives.ts";
import type { ResultTuple } from "../protocol/result-meta.ts";
import type { SignatureRecord } from "../protocol/signature-record.ts";
import type { TaskState } from "../protocol/states.ts";
import type { Duration } from "../util/duration.ts";
import type { Logger } from "../util/logger.ts";
import type { TaskRequest } from "./task-request.ts";

/** How a task is to be tried again. */
export interface RetryOptions {
  /** Positional arguments of the next try. @default the same */
  readonly args?: readonly unknown[];
  /** Keyword arguments of the next try. @default the same */
  readonly kwargs?: Readonly<Record<string, unknown>>;
  /** The error for which it is retried; thrown itself when no try is left. */
  readonly exc?: unknown;
  /** Waits so long first. @default the task's `defaultRetryDelay` */
  readonly countdown?: Duration;
  /** Waits until then. */
  readonly eta?: Date;
  /** Overrides the task's `maxRetries` for this call. Null: no limit. */
  readonly maxRetries?: number | null;
  readonly expires?: Duration | Date;
  readonly queue?: string;
  readonly exchange?: string;
  readonly routingKey?: string;
  readonly priority?: number;
  readonly timeLimit?: Duration;
  readonly softTimeLimit?: Duration;
  /** Headers added to those of the call. */
  readonly headers?: Readonly<Record<string, unknown>>;
}

/** What a task may do while it runs, as `this`, or as `currentTask()` anywhere below it. */
export interface TaskContext {
  /** The call that is being executed. */
  readonly request: TaskRequest;
  /** Aborted when the task shall stop: soft time limit, a gentle revoke, a cold shutdown. Hand it to what you await. */
  readonly signal: AbortSignal;
  /** A logger whose lines carry the task's id and name. */
  readonly logger: Logger;
  /**
   * What is thrown to be run again later: `throw this.retry({ countdown: "10s" })`.
   * @throws the given `exc`, or MaxRetriesExceededError, where no try is left
   */
  retry(options?: RetryOptions): Retry;
  /** What is thrown to let another signature take this task's place, id and followers included. */
  replace(signature: SignatureRecord | { toJSON(): SignatureRecord }): TaskDirective;
  /** Stores a state of this task, with what `info()` then gives. Resolves once it is on its way to the backend, in order with the final state. */
  updateState(state: TaskState, meta?: unknown): void;
  /** Stores the state PROGRESS: `this.progress({ done: 3, of: 10 })`. */
  progress(meta: unknown): void;
  /** Throws what the signal was aborted with, if it was. Call it between steps of long work. Yields to the event loop, so that a soft limit is noticed. */
  checkpoint(): Promise<void>;
  /** Records a task that was sent from here as a child of this one. Called by whatever sends. */
  addChild(child: ResultTuple): void;
}
