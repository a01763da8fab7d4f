// From what a user wrote about a task, and the settings, to options with every default filled in. Pure; done when a task is first used,
// so that settings given after its definition count.
import { UsageError } from "../errors/celeriac-error.ts";
import { durationMs, type Duration } from "../util/duration.ts";
import { annotate } from "./annotate.ts";
import type { AutoretryPolicy, ExecutionOptions } from "./task-definition.ts";
import type { TaskOptions } from "./task-options.ts";
import type { TaskSettings } from "./task-settings.ts";

/** Defaults of a task's calls, complete. Times in seconds. */
export interface CallDefaults {
  readonly queue: string | undefined;
  readonly exchange: string | undefined;
  readonly routingKey: string | undefined;
  readonly priority: number | null;
  readonly serializer: string | null;
  readonly compression: string | null;
  readonly deliveryMode: 1 | 2 | undefined;
  readonly expiresSeconds: number | null;
  readonly timeLimitSeconds: number | null;
  readonly softTimeLimitSeconds: number | null;
  readonly ignoreResult: boolean;
  readonly shadowName: TaskOptions["shadowName"];
  readonly storeEagerResult: boolean;
}

/** Options of a task, complete. */
export interface ResolvedTaskOptions {
  readonly execution: ExecutionOptions;
  readonly call: CallDefaults;
}

/** Fills in every default of a task's options. */
export function resolveTaskOptions(task: string, given: TaskOptions, settings: TaskSettings): ResolvedTaskOptions {
  const options = annotate(task, given, settings.taskAnnotations);
  const seconds = (name: keyof TaskOptions, value: Duration | null | undefined): number | null =>
    value === null || value === undefined ? null : durationMs(value, `the option ${name} of task ${task}`) / 1000;
  const limit = (name: "timeLimit" | "softTimeLimit", setting: number | null): number | null =>
    options[name] === undefined ? setting : seconds(name, options[name]);
  const common = {
    priority: options.priority ?? settings.taskDefaultPriority,
    serializer: options.serializer ?? null,
    compression: options.compression ?? null,
    timeLimitSeconds: limit("timeLimit", settings.taskTimeLimit),
    softTimeLimitSeconds: limit("softTimeLimit", settings.taskSoftTimeLimit),
    ignoreResult: options.ignoreResult ?? settings.taskIgnoreResult,
  };
  checkLimits(task, common.timeLimitSeconds, common.softTimeLimitSeconds);
  const both = options.acksOnFailureOrTimeout;
  const execution: ExecutionOptions = {
    ...common,
    maxRetries: options.maxRetries === undefined ? 3 : options.maxRetries,
    defaultRetryDelaySeconds: seconds("defaultRetryDelay", options.defaultRetryDelay) ?? 180,
    autoretry: autoretryPolicy(options, seconds),
    throws: options.throws ?? [],
    storeErrorsEvenIfIgnored: options.storeErrorsEvenIfIgnored ?? settings.taskStoreErrorsEvenIfIgnored,
    trackStarted: options.trackStarted ?? settings.taskTrackStarted,
    acksLate: options.acksLate ?? settings.taskAcksLate,
    acksOnFailure: options.acksOnFailure ?? both ?? settings.taskAcksOnFailure ?? settings.taskAcksOnFailureOrTimeout,
    acksOnTimeout: options.acksOnTimeout ?? both ?? settings.taskAcksOnTimeout ?? settings.taskAcksOnFailureOrTimeout,
    rejectOnWorkerLost: options.rejectOnWorkerLost ?? settings.taskRejectOnWorkerLost ?? false,
    sendEvents: options.sendEvents ?? true,
    trail: options.trail ?? true,
    resultReprMaxSize: options.resultreprMaxsize ?? 1024,
    rateLimit: options.rateLimit === undefined ? settings.taskDefaultRateLimit : options.rateLimit,
  };
  const call: CallDefaults = {
    ...common,
    queue: options.queue,
    exchange: options.exchange,
    routingKey: options.routingKey,
    deliveryMode: deliveryModeNumber(options.deliveryMode),
    expiresSeconds: seconds("expires", options.expires),
    shadowName: options.shadowName,
    storeEagerResult: options.storeEagerResult ?? settings.taskStoreEagerResult,
  };
  return { execution, call };
}

/** The delivery mode as AMQP writes it. */
export function deliveryModeNumber(mode: 1 | 2 | "persistent" | "transient" | undefined): 1 | 2 | undefined {
  return mode === undefined || mode === 1 || mode === 2 ? mode : mode === "persistent" ? 2 : 1;
}

function checkLimits(task: string, hard: number | null, soft: number | null): void {
  if (hard === null || soft === null || soft <= hard) return;
  const problem = `expected it to be at most timeLimit (${hard} s), got: ${soft} s; the task would be killed before it is told to stop`;
  throw new UsageError("CELERIAC_TASK_OPTION", { task, option: "softTimeLimit", problem });
}

function autoretryPolicy(
  options: TaskOptions,
  seconds: (name: keyof TaskOptions, value: Duration | null | undefined) => number | null,
): AutoretryPolicy | null {
  if (options.autoretryFor === undefined || options.autoretryFor.length === 0) return null;
  const { retryBackoff = false, retryKwargs = {} } = options;
  return {
    for: options.autoretryFor,
    except: options.dontAutoretryFor ?? [],
    backoffSeconds: retryBackoff === false ? null : retryBackoff === true ? 1 : (seconds("retryBackoff", retryBackoff) ?? 1),
    backoffMaxSeconds: seconds("retryBackoffMax", options.retryBackoffMax) ?? 600,
    jitter: options.retryJitter ?? true,
    countdownSeconds: seconds("retryKwargs", retryKwargs.countdown),
    maxRetries: retryKwargs.maxRetries,
  };
}
