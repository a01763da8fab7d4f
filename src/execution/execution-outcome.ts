// How a task ended, as the worker learns it from whoever executed it: what is left to be done, all built. JSON-able but for bodies.
import type { Document } from "../backend/contract.ts";
import type { TaskState } from "../protocol/states.ts";
import type { BuiltMessage } from "./execution-host.ts";

/** How a task ended. The header of a pool outcome; the document is its body. */
export interface ExecutionOutcome {
  /** SUCCESS, FAILURE, RETRY, REVOKED, IGNORED or REJECTED. */
  readonly state: TaskState;
  /** Seconds that the body took. */
  readonly runtime: number;
  /** What must be published before the state is stored: callbacks, errbacks, the next of the chain, the retry. */
  readonly messages?: readonly BuiltMessage[];
  /** The document to be stored; absent where results are ignored. */
  readonly document?: Document | undefined;
  /** Documents of other tasks that end with this one: the rest of a failed chain. */
  readonly alsoFailed?: readonly { readonly taskId: string; readonly document: Document }[];
  /** Python-like text of the result or the exception; only where the request wanted it, or on failure. */
  readonly repr?: string;
  readonly traceback?: string;
  /** Whether the failure was one of the task's `throws`. */
  readonly expected?: boolean;
  /** For FAILURE: whether the task is not known in the process that was to run it. */
  readonly unknown?: boolean;
  /** For REJECTED: whether the body could not be read. */
  readonly malformed?: boolean;
  /** For REJECTED: whether the message goes back to its queue. */
  readonly requeue?: boolean;
  /** For RETRY: seconds until it runs again. */
  readonly retryIn?: number;
}

/** A state that a task stores on its way. What a job's message carries to the worker. */
export interface StateUpdate {
  readonly kind: "state";
  readonly status: TaskState;
  readonly document: Document;
}
