// The narrow thing that an app must offer so that a task can be executed. Defined here, below the app, so that eager mode needs no cycle.
import type { Document } from "../backend/contract.ts";
import type { Hooks } from "../hooks/hooks.ts";
import type { ResultMeta, ResultTuple } from "../protocol/result-meta.ts";
import type { SignatureRecord } from "../protocol/signature-record.ts";
import type { TaskHeaders, TaskPayload } from "../protocol/task-message.ts";
import type { AcceptList } from "../serialization/serializer.ts";
import type { SerializerRegistry } from "../serialization/serializer-registry.ts";
import type { TaskLookup } from "../task/task-definition.ts";
import type { Clock } from "../util/clock.ts";
import type { Logger } from "../util/logger.ts";

/** A message built, with its address, as JSON-able data: what a child hands to its worker to be published. */
export interface BuiltMessage {
  readonly exchange: string;
  readonly routingKey: string;
  /** Queue to be declared before, where the sender knows it. */
  readonly queue?: string | undefined;
  readonly body: string | Uint8Array;
  readonly contentType: string;
  readonly contentEncoding: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly properties: Readonly<Record<string, unknown>>;
  /** Not delivered before this time, in milliseconds since 1970. */
  readonly visibleAt?: number | undefined;
}

/** A task message before it is serialised and routed. */
export interface MessageDraft {
  readonly headers: TaskHeaders;
  readonly payload: TaskPayload;
  /** Where it goes. */
  readonly exchange: string;
  readonly routingKey: string;
  readonly queue?: string | undefined;
  readonly serializer: string;
  readonly compression: string | null;
  readonly priority: number | null;
  readonly correlationId: string | null;
  readonly replyTo: string | null;
}

/** A signature that follows a task: a callback, an errback or the next of a chain. */
export interface FollowUp {
  readonly signature: SignatureRecord;
  /** Put before the signature's own arguments, unless it is immutable. */
  readonly args: readonly unknown[];
  /** What is left of the chain behind it, in reverse. */
  readonly chain: readonly SignatureRecord[] | null;
  /** The task that it follows. */
  readonly parentId: string;
  readonly rootId: string;
  /** Priority of that task, where the setting `taskInheritParentPriority` hands it on. */
  readonly priority: number | null;
  readonly group?: string | undefined;
  readonly groupIndex?: number | undefined;
}

/** A follow-up's messages, and how its result is named. */
export interface BuiltFollowUp {
  readonly messages: readonly BuiltMessage[];
  readonly child: ResultTuple;
}

/** Settings that execution reads. */
export interface ExecutionSettings {
  readonly resultExtended: boolean;
  readonly taskInheritParentPriority: boolean;
  readonly workerDeduplicateSuccessfulTasks: boolean;
}

/** What execution needs of an app. */
export interface ExecutionHost {
  readonly tasks: TaskLookup;
  readonly hooks: Hooks;
  readonly serializers: SerializerRegistry;
  readonly accept: AcceptList;
  readonly settings: ExecutionSettings;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Name of this node, such as `celery@host`. */
  readonly hostname: string;
  /** Serialises and addresses a task message; sends nothing. */
  buildMessage(draft: MessageDraft): BuiltMessage;
  /** Builds the messages of a follow-up; sends nothing. */
  buildFollowUp(followUp: FollowUp): BuiltFollowUp;
  /** The serialised form of a result, by the setting `resultSerializer` or the task's. Throws a SerializationError where a value cannot be written. */
  encodeMeta(meta: ResultMeta): Document;
}
