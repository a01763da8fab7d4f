// What of a call is the same for each message of it: options merged, route found, times made absolute. `sendMany` does this once.
import type { CallOptions } from "../canvas/call-options.ts";
import { linksOf } from "../canvas/links.ts";
import { toWireOptions } from "../canvas/option-names.ts";
import type { PublishOptions } from "../broker/broker.ts";
import type { TaskContext } from "../task/task-context.ts";
import type { SignatureRecord } from "../protocol/signature-record.ts";
import { emptyHeaders } from "../protocol/task-headers.ts";
import { emptyEmbed, type TaskEmbed, type TaskHeaders } from "../protocol/task-message.ts";
import type { RegisteredTask } from "../task/registered-task.ts";
import { type CallDefaults, deliveryModeNumber } from "../task/resolve-task-options.ts";
import { type Duration, durationMs } from "../util/duration.ts";
import { formatIsoTime } from "../util/iso-time.ts";
import type { AppContext } from "./app-context.ts";
import { checkCall, checkTime } from "./check-call.ts";
import { type Destination, routeCall } from "./route-call.ts";

/** A call that is to be sent. */
export interface TaskCall {
  readonly name: string;
  /** The task where this app has it; calls by name of tasks elsewhere have none. */
  readonly task: RegisteredTask | undefined;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly options: CallOptions;
  /** Whether its arguments are sent as they are: calls by name never check them. */
  readonly unchecked?: boolean;
}

/** The parts of a message's properties that headers do not say. */
export interface Envelope {
  readonly deliveryMode: 1 | 2 | undefined;
  /** The broker drops the message after so long, in milliseconds; only where Celery's programs read it. */
  readonly expirationMs: number | undefined;
  /** Not delivered before this time, in milliseconds since 1970, where the broker can delay. */
  readonly dueAt: number | undefined;
  readonly extra: Readonly<Record<string, unknown>> | undefined;
}

/** What every message of a call shares. */
export interface PreparedCall extends Destination {
  /** All headers but the id; `rootId` is null where it is the task's own. */
  readonly headers: Omit<TaskHeaders, "id">;
  readonly embed: TaskEmbed;
  readonly serializer: string;
  readonly compression: string | null;
  readonly priority: number | null;
  readonly replyTo: string | null;
  readonly envelope: Envelope;
  readonly publish: PublishOptions | undefined;
  /** Whether nothing will be stored, so that `get()` need not wait. */
  readonly ignored: boolean;
}

/** Prepares a call. `parent` is the running task that makes it. */
export function prepareCall(app: AppContext, call: TaskCall, parent: TaskContext | undefined): PreparedCall {
  const { name, task } = call;
  checkCall(name, call.options);
  const own = task?.callDefaults;
  const now = app.clock.now();
  const destination = routeCall(app, call);
  const options = underCall(call.options, destination.options, own);
  const dueAt = dueTime(options, now);
  const expiresAt = expiryTime(options, own?.expiresSeconds ?? null, now);
  checkTime(name, "countdown or eta", dueAt);
  checkTime(name, "expires", expiresAt);
  const inherited = app.conf.taskInheritParentPriority ? parent?.request.deliveryInfo?.priority : undefined;
  const ignored = options.ignoreResult ?? own?.ignoreResult ?? false;
  return {
    ...destination,
    headers: {
      ...emptyHeaders,
      task: name,
      shadow: options.shadow ?? own?.shadowName?.(call.args, call.kwargs) ?? null,
      eta: dueAt === undefined ? null : formatIsoTime(dueAt),
      expires: expiresAt === undefined ? null : formatIsoTime(expiresAt),
      group: options.groupId ?? null,
      groupIndex: options.groupIndex ?? null,
      retries: options.retries ?? 0,
      timelimit: [
        limit("timeLimit", options.timeLimit, own?.timeLimitSeconds),
        limit("softTimeLimit", options.softTimeLimit, own?.softTimeLimitSeconds),
      ],
      rootId: options.rootId ?? parent?.request.rootId ?? parent?.request.id ?? null,
      parentId: options.parentId ?? parent?.request.id ?? null,
      argsrepr: options.argsrepr ?? null,
      kwargsrepr: options.kwargsrepr ?? null,
      origin: app.origin,
      ignoreResult: ignored ? true : (options.ignoreResult ?? null),
      replacedTaskNesting: options.replacedTaskNesting ?? 0,
      stampedHeaders: options.stamps === undefined ? null : Object.keys(options.stamps),
      stamps: options.stamps ?? emptyHeaders.stamps,
      custom: options.headers ?? emptyHeaders.custom,
    },
    embed: embedOf(options),
    serializer: options.serializer ?? own?.serializer ?? app.conf.taskSerializer,
    compression: options.compression ?? own?.compression ?? app.conf.taskCompression,
    priority:
      call.options.priority ?? inherited ?? own?.priority ?? options.priority ?? (task === undefined ? app.conf.taskDefaultPriority : null),
    replyTo: options.replyTo ?? null,
    envelope: {
      deliveryMode: deliveryModeNumber(options.deliveryMode) ?? own?.deliveryMode ?? app.conf.taskDefaultDeliveryMode,
      expirationMs: expiresAt === undefined ? undefined : Math.max(0, Math.trunc(expiresAt - now)),
      dueAt,
      extra: options.mandatory === undefined ? options.properties : { ...options.properties, mandatory: options.mandatory },
    },
    publish: publishOptions(app, options),
    ignored,
  };
}

/** A call's options with those of its route beneath them, where neither the call nor the task says anything. */
function underCall(options: CallOptions, route: CallOptions, own: CallDefaults | undefined): CallOptions {
  let merged: Record<string, unknown> | undefined;
  for (const [name, value] of Object.entries(route)) {
    if (options[name as keyof CallOptions] === undefined && !saidByTask(name, own)) (merged ??= { ...options })[name] = value;
  }
  return merged ?? options;
}

function saidByTask(option: string, own: CallDefaults | undefined): boolean {
  if (own === undefined) return false;
  if (option === "expires" || option === "timeLimit" || option === "softTimeLimit") return own[`${option}Seconds`] !== null;
  if (option === "priority" || option === "serializer" || option === "compression") return own[option] !== null;
  return option === "deliveryMode" && own.deliveryMode !== undefined;
}

/** Whether a call needs its follower lists or anything else looked at: where not, the shared empty embed is used. */
function embedOf(options: CallOptions): TaskEmbed {
  if (options.link === undefined && options.linkError === undefined && options.chain === undefined && options.chord === undefined)
    return emptyEmbed;
  const wire = toWireOptions({ link: options.link, linkError: options.linkError, chain: options.chain, chord: options.chord });
  const record = { options: wire } as SignatureRecord; // linksOf reads options alone
  const [callbacks, errbacks] = [linksOf(record, "link"), linksOf(record, "link_error")];
  return {
    callbacks: callbacks.length === 0 ? null : callbacks,
    errbacks: errbacks.length === 0 ? null : errbacks,
    chain: (wire["chain"] as readonly SignatureRecord[] | undefined) ?? null,
    chord: (wire["chord"] as SignatureRecord | undefined) ?? null,
  };
}

function dueTime(options: CallOptions, now: number): number | undefined {
  const { countdown, eta } = options;
  if (countdown !== undefined) {
    const delayMs = durationMs(countdown, "the option countdown");
    if (delayMs !== 0) return now + delayMs;
  }
  return eta?.getTime();
}

function expiryTime(options: CallOptions, own: number | null, now: number): number | undefined {
  const { expires } = options;
  if (expires === null) return undefined;
  if (expires === undefined) return own === null ? undefined : now + own * 1000;
  return expires instanceof Date ? expires.getTime() : now + Math.max(0, durationMs(expires, "the option expires"));
}

function limit(name: string, given: Duration | null | undefined, own: number | null | undefined): number | null {
  if (given === undefined) return own ?? null;
  return given === null ? null : durationMs(given, `the option ${name}`) / 1000;
}

function publishOptions(app: AppContext, options: CallOptions): PublishOptions | undefined {
  if (options.retry === undefined && options.retryPolicy === undefined) return undefined;
  if (options.retry === false || (options.retry === undefined && !app.conf.taskPublishRetry)) return { retry: false };
  const { maxRetries, intervalStart, intervalStep, intervalMax } = app.conf.taskPublishRetryPolicy;
  const given = Object.fromEntries(Object.entries(options.retryPolicy ?? {}).filter(([, value]) => value !== undefined));
  return { retry: { maxRetries, intervalStart, intervalStep, intervalMax, ...given } };
}
