// The task errors that have a name of their own. Each has the name of Celery's exception of the same meaning, because names cross languages.
import { BackendError, SerializationError, TaskError } from "./celeriac-error.ts";

/** The worker has no task of that name. */
export class NotRegistered extends TaskError<"CELERIAC_TASK_NOT_REGISTERED"> {
  static override readonly brand: string = "NotRegistered";
  constructor(task: string, suggestion?: string) {
    super("CELERIAC_TASK_NOT_REGISTERED", { task, suggestion });
  }
}

/** The task was revoked, expired or terminated before it could end. */
export class TaskRevokedError extends TaskError<"CELERIAC_TASK_REVOKED"> {
  static override readonly brand: string = "TaskRevokedError";
  constructor(reason: string) {
    super("CELERIAC_TASK_REVOKED", { reason });
  }
}

/** `retry` was asked for once more than `maxRetries` allows. */
export class MaxRetriesExceededError extends TaskError<"CELERIAC_MAX_RETRIES_EXCEEDED"> {
  static override readonly brand: string = "MaxRetriesExceededError";
  constructor(
    details: { readonly task: string; readonly id: string; readonly args: string; readonly kwargs: string },
    options?: ErrorOptions,
  ) {
    super("CELERIAC_MAX_RETRIES_EXCEEDED", details, options);
  }
}

/** The hard time limit, in seconds, was reached: the child was killed. */
export class TimeLimitExceeded extends TaskError<"CELERIAC_TIME_LIMIT"> {
  static override readonly brand: string = "TimeLimitExceeded";
  constructor(seconds: number) {
    super("CELERIAC_TIME_LIMIT", { seconds });
  }
}

/** The soft time limit, in seconds, was reached: thrown inside the task, which may catch it and clean up. */
export class SoftTimeLimitExceeded extends TaskError<"CELERIAC_SOFT_TIME_LIMIT"> {
  static override readonly brand: string = "SoftTimeLimitExceeded";
  /** @param seconds null where it is not known, as in a result that Python stored */
  constructor(seconds: number | null) {
    super("CELERIAC_SOFT_TIME_LIMIT", { seconds });
  }
}

/** The process that ran the task died with it. */
export class WorkerLostError extends TaskError<"CELERIAC_WORKER_LOST"> {
  static override readonly brand: string = "WorkerLostError";
  constructor(reason: string, options?: ErrorOptions) {
    super("CELERIAC_WORKER_LOST", { reason }, options);
  }
}

/** A member of a chord's header failed, so that its body cannot run. */
export class ChordError extends TaskError<"CELERIAC_CHORD"> {
  static override readonly brand: string = "ChordError";
  constructor(reason: string, options?: ErrorOptions) {
    super("CELERIAC_CHORD", { reason }, options);
  }
}

/** An error of a class that this process does not know; `details` has its name, module and arguments. */
export class RemoteTaskError extends TaskError<"CELERIAC_REMOTE"> {
  static override readonly brand: string = "RemoteTaskError";
  constructor(type: string, args: readonly unknown[], module: string | null, options?: ErrorOptions) {
    super("CELERIAC_REMOTE", { type, module, args }, options);
    this.name = type;
  }
}

/** No result came within the time given to `get()`. The task may still run. */
export class TimeoutError extends BackendError<"CELERIAC_RESULT_TIMEOUT"> {
  static override readonly brand: string = "TimeoutError";
  constructor(details: { readonly taskId: string; readonly timeoutMs: number; readonly state: string }) {
    super("CELERIAC_RESULT_TIMEOUT", details);
  }
}

/** Content of a type that the setting `acceptContent` does not name. */
export class ContentDisallowed extends SerializationError<"CELERIAC_CONTENT_DISALLOWED"> {
  static override readonly brand: string = "ContentDisallowed";
  constructor(contentType: string, accepted: readonly string[]) {
    super("CELERIAC_CONTENT_DISALLOWED", { contentType, accepted });
  }
}
