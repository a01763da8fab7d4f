// Everything that can be said about one call. Celery's options in camelCase; `option-names.ts` turns them into what a signature carries on the wire.
import type { Duration } from "../util/duration.ts";
import type { SignatureRecord } from "../protocol/signature-record.ts";
import type { Step } from "./step.ts";

/** A signature, typed or read from the wire. */
export type AnySignature = Step | SignatureRecord;

/** How publishing is tried again when the broker cannot be reached. */
export interface PublishRetryPolicy {
  /** How often it is tried again; null: for ever. @default 3 */
  readonly maxRetries?: number | null | undefined;
  /** Wait before the first retry. @default 0 */
  readonly intervalStart?: Duration | undefined;
  /** How much longer each wait is. @default "200ms" */
  readonly intervalStep?: Duration | undefined;
  /** Longest wait. @default "1s" */
  readonly intervalMax?: Duration | undefined;
}

/** Options of one call; each stands before the task's own and before the router's. */
export interface CallOptions {
  /** Id of the task. @default a new UUID */
  readonly taskId?: string | undefined;
  /** Not executed before so much time has passed. Stands before `eta`; 0 means at once. */
  readonly countdown?: Duration | undefined;
  /** Not executed before this time. */
  readonly eta?: Date | undefined;
  /** Not executed after this time, or after so much time; null lifts the task's own. */
  readonly expires?: Duration | Date | null | undefined;
  /** Name of the queue. */
  readonly queue?: string | undefined;
  /** Name of the exchange. */
  readonly exchange?: string | undefined;
  readonly routingKey?: string | undefined;
  /** 0 to 255; what it means is the broker's affair. */
  readonly priority?: number | undefined;
  /** Whether the message outlives a restart of the broker. @default "persistent" */
  readonly deliveryMode?: 1 | 2 | "persistent" | "transient" | undefined;
  /** Name of the serializer. @default the task's, then the setting `taskSerializer` */
  readonly serializer?: string | undefined;
  /** Name of the compression. @default the task's, then the setting `taskCompression` */
  readonly compression?: string | undefined;
  /** Headers of your own; the task finds them in `this.request.headers`. */
  readonly headers?: Readonly<Record<string, unknown>> | undefined;
  /** Whether no result is stored. @default the task's */
  readonly ignoreResult?: boolean | undefined;
  /** The task is killed after so long; null lifts the task's own limit. */
  readonly timeLimit?: Duration | null | undefined;
  /** The task is told to stop after so long; null lifts the task's own limit. */
  readonly softTimeLimit?: Duration | null | undefined;
  /** Whether publishing is tried again. @default the setting `taskPublishRetry` */
  readonly retry?: boolean | undefined;
  /** @default the setting `taskPublishRetryPolicy` */
  readonly retryPolicy?: PublishRetryPolicy | undefined;
  /** Called with the result after success. */
  readonly link?: AnySignature | readonly AnySignature[] | undefined;
  /** Called after failure. */
  readonly linkError?: AnySignature | readonly AnySignature[] | undefined;
  /** Name shown in logs and monitors in place of the task's. */
  readonly shadow?: string | undefined;
  /** Whether the call is recorded as a child of the task that makes it. @default true */
  readonly addToParent?: boolean | undefined;
  /** Id of the first task of the tree. @default that of the running task, else its own id */
  readonly rootId?: string | undefined;
  /** Id of the task that makes the call. @default the running task's */
  readonly parentId?: string | undefined;
  /** Id of the group that it is a member of. */
  readonly groupId?: string | undefined;
  /** Position in that group. */
  readonly groupIndex?: number | undefined;
  /** Where an answer is to be sent. */
  readonly replyTo?: string | undefined;
  /** How often it was retried before. @default 0 */
  readonly retries?: number | undefined;
  /** Text shown in place of the arguments, for secrets. */
  readonly argsrepr?: string | undefined;
  /** Text shown in place of the keyword arguments. */
  readonly kwargsrepr?: string | undefined;
  /** Marks of your own, by name: they survive retries and are stored with the extended result. */
  readonly stamps?: Readonly<Record<string, unknown>> | undefined;
  /** What is left of a chain behind the task, in reverse. */
  readonly chain?: readonly AnySignature[] | undefined;
  /** Body of the chord that the task is in the header of. */
  readonly chord?: AnySignature | undefined;
  /** How often it was replaced before. @default 0 */
  readonly replacedTaskNesting?: number | undefined;
  /** Name that the router sees in place of the task's. */
  readonly routeName?: string | undefined;
  /** AMQP: the broker refuses what no queue would get. */
  readonly mandatory?: boolean | undefined;
  /** Message properties beyond these, such as `messageId` or those of one broker. */
  readonly properties?: Readonly<Record<string, unknown>> | undefined;
}

/** What a signature's `set()` takes. */
export interface SignatureOptions extends CallOptions {
  /** Whether the signature ignores the arguments of the call. */
  readonly immutable?: boolean | undefined;
}

/** What `applyAsync` takes beside positional arguments. */
export interface ApplyOptions extends CallOptions {
  /** Keyword arguments, for tasks that have them, as Python's do. */
  readonly kwargs?: Readonly<Record<string, unknown>> | undefined;
}
