// How values of each kind are checked and brought to their final form. An issue's message says what was expected at its place,
// so that the caller can build one sentence with the setting's name and the value.
import * as v from "valibot";
import { type Duration, durationMs, isDuration } from "../util/duration.ts";
import type { Callback, CredentialProvider, FailoverStrategy, Given, KindName, Options, Resolved } from "./kinds.ts";
import type { TaskAnnotations } from "./structures/annotations.ts";
import type { BeatSchedule } from "./structures/beat-schedule.ts";
import { retryPolicySchema } from "./structures/retry-policy-schema.ts";
import type { TaskQueues, TaskRoutes } from "./structures/routes.ts";

/** A kind of setting: its schema, and what it expects, in words that follow "expected x to be". */
export interface Kind<Input, Output> {
  /** Checks a value and gives its final form. */
  readonly schema: v.GenericSchema<Input, Output>;
  /** What it accepts, such as "a whole number". */
  readonly expected: string;
}

/** Every kind of setting by its name. */
export const kinds: { readonly [K in KindName]: Kind<Given[K], Resolved[K]> } = {
  text: { schema: v.string(), expected: "a text" },
  boolean: { schema: v.boolean(), expected: "true or false" },
  integer: { schema: v.pipe(v.number(), v.safeInteger()), expected: "a whole number" },
  number: { schema: v.number(), expected: "a number" },
  seconds: {
    schema: v.pipe(
      v.custom<Duration>(isDuration),
      v.transform((duration) => durationMs(duration, "a duration") / 1000),
    ),
    expected: 'a number of seconds or a text with a unit such as "500ms", "10s" or "5m"',
  },
  texts: { schema: v.array(v.string("a text")), expected: "a list of texts" },
  urls: {
    schema: v.pipe(
      v.union([v.string(), v.array(v.string())]),
      v.transform((given) => (typeof given === "string" ? given.split(";") : given).map((url) => url.trim()).filter((url) => url !== "")),
      v.minLength(1),
    ),
    expected: 'a URL, a list of URLs, or URLs separated by ";"',
  },
  timezone: { schema: v.pipe(v.string(), v.check(isTimeZone)), expected: 'the name of an IANA time zone such as "Europe/Berlin"' },
  rateLimit: {
    schema: v.union([v.pipe(v.number(), v.minValue(0)), v.pipe(v.string(), v.regex(/^\d+(?:\.\d+)?(?:\/[smh])?$/))]),
    expected: 'a rate such as "10/s", "5/m" or "100/h", or a number per second',
  },
  deliveryMode: {
    schema: v.pipe(
      v.picklist([1, 2, "transient", "persistent"]),
      v.transform((mode) => (mode === "transient" ? 1 : mode === "persistent" ? 2 : mode)),
    ),
    expected: '2 or "persistent", or 1 or "transient"',
  },
  pool: {
    schema: v.pipe(v.picklist(["prefork", "processes", "threads", "solo", "async", "gevent", "eventlet"]), v.transform(poolOf)),
    expected: 'one of "prefork", "threads", "async" and "solo"',
  },
  secret: { schema: v.union([v.string(), v.instance(Uint8Array)]), expected: "a text or bytes" },
  tls: { schema: v.union([v.boolean(), v.custom<Options>(isRecord)]), expected: "true, false or a map of TLS options" },
  object: { schema: v.custom<Options>(isRecord), expected: "a map of options" },
  callback: { schema: v.custom<Callback>(isFunction), expected: "a function" },
  credentials: { schema: v.custom<CredentialProvider>(isFunction), expected: "a function that gives a user name and a password" },
  failover: {
    schema: v.custom<FailoverStrategy>((value) => value === "round-robin" || value === "shuffle" || isFunction(value)),
    expected: '"round-robin", "shuffle" or a function',
  },
  retryPolicy: { schema: retryPolicySchema, expected: "a map of maxRetries, intervalStart, intervalStep and intervalMax" },
  routes: { schema: v.custom<TaskRoutes>(isRoutes), expected: "a map of task names to queues or options, a function, or a list of these" },
  queues: { schema: v.custom<TaskQueues>(isQueues), expected: "a list of queues with their names, or a map of names to options" },
  annotations: {
    schema: v.custom<TaskAnnotations>((value) => (Array.isArray(value) ? value.every(isAnnotation) : isAnnotation(value))),
    expected: "a map of task names to options, an object with the method annotate, or a list of these",
  },
  schedule: {
    schema: v.custom<BeatSchedule>((value) => isRecord(value) && Object.values(value).every(isBeatEntry)),
    expected: "a map of names to entries, each with a task and a schedule",
  },
};

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Map) && !(value instanceof Date);
}

function isFunction(value: unknown): boolean {
  return typeof value === "function";
}

/** Whether the run time knows a zone; it says so only by an error. */
function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

/** Celery's names for pools that stand for one of ours: green threads are what an event loop is. */
function poolOf(name: Given["pool"]): Resolved["pool"] {
  if (name === "processes") return "prefork";
  return name === "gevent" || name === "eventlet" ? "async" : name;
}

function isTarget(value: unknown): boolean {
  return typeof value === "string" || isRecord(value);
}

function isRoutePair(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && (typeof value[0] === "string" || value[0] instanceof RegExp) && isTarget(value[1]);
}

function isRouter(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isRoutePair);
  return isFunction(value) || (isRecord(value) && Object.values(value).every(isTarget));
}

function isRoutes(value: unknown): boolean {
  if (value instanceof Map) return [...value].every((pair) => isRoutePair(pair));
  return Array.isArray(value) ? value.every((entry) => isRoutePair(entry) || isRouter(entry)) : isRouter(value);
}

function isQueues(value: unknown): boolean {
  if (Array.isArray(value))
    return value.every((queue) => typeof queue === "string" || (isRecord(queue) && typeof queue["name"] === "string"));
  return isRecord(value) && Object.values(value).every((options) => options === null || isRecord(options));
}

function isAnnotation(value: unknown): boolean {
  if (!isRecord(value)) return false;
  return typeof value["annotate"] === "function" || Object.values(value).every(isRecord);
}

function isBeatEntry(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { task, schedule } = value;
  return (typeof task === "string" || isRecord(task)) && (isDuration(schedule) || isRecord(schedule));
}
