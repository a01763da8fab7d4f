// What may be said about a task when it is defined. Celery's options in camelCase; a duration is seconds or a text with its unit.
import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { Duration } from "../util/duration.ts";
import type { ErrorMatcher, TaskHandlers } from "./task-definition.ts";

/** What automatic retries are given, beside what backoff says. */
export interface RetryKwargs {
  /** Delay without backoff. @default the task's `defaultRetryDelay` */
  readonly countdown?: Duration | undefined;
  /** Limit of automatic retries; null: none. @default the task's `maxRetries` */
  readonly maxRetries?: number | null | undefined;
}

/** Options of a task that decide how it is executed. */
export interface TaskExecutionOptions {
  /** How often it is retried; null: without limit. @default 3 */
  readonly maxRetries?: number | null | undefined;
  /** Delay of a retry that says nothing else. @default "180s" */
  readonly defaultRetryDelay?: Duration | undefined;
  /** Errors after which it is retried by itself: classes, or functions that say so. */
  readonly autoretryFor?: readonly ErrorMatcher[] | undefined;
  /** Errors that are exempt from `autoretryFor`. */
  readonly dontAutoretryFor?: readonly ErrorMatcher[] | undefined;
  /** Automatic retries wait 1, 2, 4 ... times this long; true: one second; false: the fixed delay. @default false */
  readonly retryBackoff?: boolean | Duration | undefined;
  /** Longest delay of backoff. @default "600s" */
  readonly retryBackoffMax?: Duration | undefined;
  /** Whether backoff draws a whole number of seconds between zero and its delay. @default true */
  readonly retryJitter?: boolean | undefined;
  readonly retryKwargs?: RetryKwargs | undefined;
  /** Errors that are expected: logged as information, without a traceback; still a failure. */
  readonly throws?: readonly ErrorMatcher[] | undefined;
  /** Whether no result is stored. @default the setting `taskIgnoreResult` */
  readonly ignoreResult?: boolean | undefined;
  /** Whether errors are stored even so. @default the setting `taskStoreErrorsEvenIfIgnored` */
  readonly storeErrorsEvenIfIgnored?: boolean | undefined;
  /** Whether the result of an eager run is stored. @default the setting `taskStoreEagerResult` */
  readonly storeEagerResult?: boolean | undefined;
  /** Whether the state STARTED is stored. @default the setting `taskTrackStarted` */
  readonly trackStarted?: boolean | undefined;
  /** Whether its message is acknowledged only when it has ended. @default the setting `taskAcksLate` */
  readonly acksLate?: boolean | undefined;
  /** With `acksLate`: whether a failed or timed-out one is acknowledged too. @default the setting `taskAcksOnFailureOrTimeout` */
  readonly acksOnFailureOrTimeout?: boolean | undefined;
  /** The failure half of it. @default the setting `taskAcksOnFailure`, then the whole */
  readonly acksOnFailure?: boolean | undefined;
  /** The time limit half of it. @default the setting `taskAcksOnTimeout`, then the whole */
  readonly acksOnTimeout?: boolean | undefined;
  /** With `acksLate`: whether it is delivered again when its process died. @default the setting `taskRejectOnWorkerLost` */
  readonly rejectOnWorkerLost?: boolean | undefined;
  /** Whether monitors are told of it. @default true */
  readonly sendEvents?: boolean | undefined;
  /** Whether tasks sent from within are recorded as its children. @default true */
  readonly trail?: boolean | undefined;
  /** Longest text of its result in logs and events, in characters. @default 1024 */
  readonly resultreprMaxsize?: number | undefined;
  /** Not started more often than this: `"10/s"`, `"5/m"`, `"100/h"` or a number a second. @default the setting `taskDefaultRateLimit` */
  readonly rateLimit?: string | number | null | undefined;
}

/** Options of a task that decide how it is called; each is the default of the same option of a call. */
export interface TaskCallDefaults {
  /** Killed after so long. @default the setting `taskTimeLimit` */
  readonly timeLimit?: Duration | null | undefined;
  /** Told to stop after so long. @default the setting `taskSoftTimeLimit` */
  readonly softTimeLimit?: Duration | null | undefined;
  /** Not executed later than so long after it was sent. */
  readonly expires?: Duration | null | undefined;
  readonly queue?: string | undefined;
  readonly exchange?: string | undefined;
  readonly routingKey?: string | undefined;
  /** @default the setting `taskDefaultPriority` */
  readonly priority?: number | null | undefined;
  /** @default the setting `taskSerializer` */
  readonly serializer?: string | null | undefined;
  /** @default the setting `taskCompression` */
  readonly compression?: string | null | undefined;
  readonly deliveryMode?: 1 | 2 | "persistent" | "transient" | undefined;
  /** Gives the name shown in logs and monitors for a call. */
  readonly shadowName?: ((args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>) => string | null | undefined) | undefined;
}

/** Options of a task that say what its arguments are. */
export interface TaskArgumentOptions {
  /**
   * Names of the positional parameters, in order, so that keyword arguments find their place. A `?` behind a name marks one that may be left
   * out: `["x", "y?"]`. TypeScript's own names and marks are gone when the program runs.
   */
  readonly params?: readonly string[] | undefined;
  /**
   * Validates the arguments, before they are sent and again before they are used: one Standard Schema (zod, valibot, arktype) for a task of one
   * object, or one for each argument.
   */
  readonly schema?: StandardSchemaV1 | readonly StandardSchemaV1[] | undefined;
  /** Whether the number of arguments is checked before a call is sent. @default true */
  readonly typing?: boolean | undefined;
}

/** Everything that may be said about a task. */
export interface TaskOptions extends TaskExecutionOptions, TaskCallDefaults, TaskArgumentOptions, TaskHandlers {}

// A record, so that the compiler holds it to the interface.
const options: Readonly<Record<keyof TaskOptions, true>> = {
  maxRetries: true,
  defaultRetryDelay: true,
  autoretryFor: true,
  dontAutoretryFor: true,
  retryBackoff: true,
  retryBackoffMax: true,
  retryJitter: true,
  retryKwargs: true,
  throws: true,
  ignoreResult: true,
  storeErrorsEvenIfIgnored: true,
  storeEagerResult: true,
  trackStarted: true,
  acksLate: true,
  acksOnFailureOrTimeout: true,
  acksOnFailure: true,
  acksOnTimeout: true,
  rejectOnWorkerLost: true,
  sendEvents: true,
  trail: true,
  resultreprMaxsize: true,
  rateLimit: true,
  timeLimit: true,
  softTimeLimit: true,
  expires: true,
  queue: true,
  exchange: true,
  routingKey: true,
  priority: true,
  serializer: true,
  compression: true,
  deliveryMode: true,
  shadowName: true,
  params: true,
  schema: true,
  typing: true,
  beforeStart: true,
  onSuccess: true,
  onRetry: true,
  onFailure: true,
  afterReturn: true,
  onReplace: true,
  onBound: true,
};

/** Every option's name. */
export const TASK_OPTION_NAMES: readonly (keyof TaskOptions)[] = Object.keys(options) as (keyof TaskOptions)[]; // keys of the record above
