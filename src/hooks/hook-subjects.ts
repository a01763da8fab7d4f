// What hooks are about, in narrow words: hooks stand below tasks, workers and apps, whose own objects fit these interfaces.
import type { TaskHeaders, TaskPayload } from "../protocol/task-message.ts";

/** The app that a hook speaks of. */
export interface HookApp {
  readonly name: string;
}

/** The task that a hook speaks of. */
export interface HookTask {
  /** Name of the task. */
  readonly name: string;
}

/** The call that a hook speaks of, as the worker's main process knows it: its arguments are not read there. */
export interface HookCall {
  /** Id of the task. */
  readonly id: string;
  /** Name of the task. */
  readonly task: string;
  /** How often it was retried before. */
  readonly retries: number;
  /** ISO-8601 time before which it must not run. */
  readonly eta: string | null;
  /** ISO-8601 time after which it must not run. */
  readonly expires: string | number | null;
  readonly rootId: string | null;
  readonly parentId: string | null;
  readonly group: string | null;
}

/** The call that a hook speaks of, where it runs. */
export interface HookRequest extends HookCall {
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly correlationId: string | null;
  readonly replyTo: string | null;
  /** Headers of the caller's own. */
  readonly headers: Readonly<Record<string, unknown>>;
  /** Name of the worker's node. */
  readonly hostname: string;
}

/** A message as it arrived, before or instead of being understood. */
export interface HookMessage {
  readonly body: string | Uint8Array;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, unknown>>;
  /** The queue it came from. */
  readonly queue: string;
}

/** A worker, or what stands for one. */
export interface HookWorker {
  /** Name of its node, such as `celery@host`. */
  readonly hostname: string;
}

/** The same record with fields that can be set. */
export type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** A task message that is about to be sent. Handlers of `beforeTaskPublish` may set any field, and what they set is sent. */
export interface PublishDraft {
  /** The headers; those of the user's own are in `custom`. */
  headers: Mutable<TaskHeaders>;
  /** The arguments, and the calls that follow. */
  payload: Mutable<TaskPayload>;
  exchange: string;
  routingKey: string;
  /** Queue to be declared before, where the sender knows it. */
  queue?: string | undefined;
  serializer: string;
  compression: string | null;
  priority: number | null;
  correlationId: string | null;
  replyTo: string | null;
}
