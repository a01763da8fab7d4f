// Hooks around tasks. Those about publishing run in whichever process sends; received, revoked, rejected and unknown in the worker's main
// process; the others where the task runs, save that time limits and lost children send taskFailure from the main process.
import type { ExceptionRecord } from "../protocol/result-meta.ts";
import type { TaskState } from "../protocol/states.ts";
import type { HookCall, HookMessage, HookRequest, HookTask, PublishDraft } from "./hook-subjects.ts";

/** A task message is about to be sent; its draft may be changed. */
export interface BeforeTaskPublish {
  /** Name of the task. */
  readonly sender: string;
  readonly message: PublishDraft;
}

/** A task message was sent. */
export interface AfterTaskPublish {
  /** Name of the task. */
  readonly sender: string;
  readonly message: Readonly<PublishDraft>;
}

/** A worker accepted a task message; it has not run yet. */
export interface TaskReceived {
  /** Node name of the worker. */
  readonly sender: string;
  readonly request: HookCall;
}

/** A task is about to run. */
export interface TaskPrerun {
  /** Name of the task. */
  readonly sender: string;
  readonly taskId: string;
  readonly task: HookTask;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly request: HookRequest;
}

/** A task has run, however it ended; one for each `taskPrerun`, but for runs whose process died. */
export interface TaskPostrun extends TaskPrerun {
  /** What it returned, or threw. */
  readonly retval: unknown;
  readonly state: TaskState;
}

/** A task returned. */
export interface TaskSuccess {
  /** Name of the task. */
  readonly sender: string;
  readonly request: HookRequest;
  readonly result: unknown;
}

/** A task will be tried again. */
export interface TaskRetry {
  /** Name of the task. */
  readonly sender: string;
  readonly request: HookRequest;
  /** The error for which it is retried, or the directive where there is none. */
  readonly reason: unknown;
  readonly traceback: string | null;
}

/** A task failed for good. */
export interface TaskFailure {
  /** Name of the task. */
  readonly sender: string;
  readonly taskId: string;
  /** What it threw; the record alone where it was thrown in another process. */
  readonly exception: Error | ExceptionRecord;
  /** Null where the failure is told by the worker's main process, which does not read arguments. */
  readonly args: readonly unknown[] | null;
  readonly kwargs: Readonly<Record<string, unknown>> | null;
  readonly traceback: string | null;
  readonly request: HookCall;
}

/** Celeriac itself failed while it ran a task. */
export interface TaskInternalError extends TaskFailure {
  readonly exception: Error;
}

/** A task was revoked, has expired, or was terminated. */
export interface TaskRevoked {
  /** Name of the task. */
  readonly sender: string;
  readonly request: HookCall;
  readonly terminated: boolean;
  /** The signal that ended it, such as `"SIGTERM"`; null where it was not running. */
  readonly signal: string | null;
  readonly expired: boolean;
}

/** A message was refused: it is no task message, or cannot be read. */
export interface TaskRejected {
  /** Node name of the worker. */
  readonly sender: string;
  readonly message: HookMessage;
  readonly error: Error | null;
}

/** A message names a task that the worker does not have. */
export interface TaskUnknown {
  /** Node name of the worker. */
  readonly sender: string;
  readonly message: HookMessage;
  readonly error: Error;
  /** The name in the message. */
  readonly name: string;
  /** The id in the message. */
  readonly id: string;
}

/** The hooks around tasks by name. */
export interface TaskHookMap {
  beforeTaskPublish: BeforeTaskPublish;
  afterTaskPublish: AfterTaskPublish;
  taskReceived: TaskReceived;
  taskPrerun: TaskPrerun;
  taskPostrun: TaskPostrun;
  taskSuccess: TaskSuccess;
  taskRetry: TaskRetry;
  taskFailure: TaskFailure;
  taskInternalError: TaskInternalError;
  taskRevoked: TaskRevoked;
  taskRejected: TaskRejected;
  taskUnknown: TaskUnknown;
}
