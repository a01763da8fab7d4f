// Between the options as callers write them (camelCase, durations with units) and as signatures carry them (Celery's names, seconds).
// What neither side knows is kept: unknown names on the wire are message properties, as in Celery.
import { UsageError } from "../errors/celeriac-error.ts";
import { didYouMean } from "../util/did-you-mean.ts";
import { parseIsoTime } from "../util/iso-time.ts";
import { durationMs, type Duration } from "../util/duration.ts";
import type { CallOptions, PublishRetryPolicy } from "./call-options.ts";
import { toRecord } from "./signature-record-of.ts";
import type { SignatureRecord } from "../protocol/signature-record.ts";

/** Options as they stand in a signature. */
export type WireOptions = Readonly<Record<string, unknown>>;

const PLAIN: Readonly<Record<string, string>> = {
  taskId: "task_id",
  eta: "eta",
  queue: "queue",
  exchange: "exchange",
  routingKey: "routing_key",
  priority: "priority",
  deliveryMode: "delivery_mode",
  serializer: "serializer",
  compression: "compression",
  headers: "headers",
  ignoreResult: "ignore_result",
  retry: "retry",
  shadow: "shadow",
  addToParent: "add_to_parent",
  rootId: "root_id",
  parentId: "parent_id",
  groupId: "group_id",
  groupIndex: "group_index",
  replyTo: "reply_to",
  retries: "retries",
  argsrepr: "argsrepr",
  kwargsrepr: "kwargsrepr",
  replacedTaskNesting: "replaced_task_nesting",
  routeName: "route_name",
  mandatory: "mandatory",
};
const DURATIONS: Readonly<Record<string, string>> = {
  countdown: "countdown",
  expires: "expires",
  timeLimit: "time_limit",
  softTimeLimit: "soft_time_limit",
};
const RETRY_POLICY: Readonly<Record<string, string>> = {
  maxRetries: "max_retries",
  intervalStart: "interval_start",
  intervalStep: "interval_step",
  intervalMax: "interval_max",
};

const FROM_WIRE: Readonly<Record<string, string>> = Object.fromEntries(
  [...Object.entries(PLAIN), ...Object.entries(DURATIONS)].map(([ours, theirs]) => [theirs, ours]),
);

/** Names of all options of a call, in our spelling. */
export const CALL_OPTION_NAMES: readonly string[] = [
  ...Object.keys(PLAIN),
  ...Object.keys(DURATIONS),
  "link",
  "linkError",
  "chain",
  "chord",
  "retryPolicy",
  "stamps",
  "properties",
];

/** What a call takes beside its options, and a signature. */
const BESIDE: readonly string[] = ["kwargs", "immutable"];
const KNOWN: ReadonlySet<string> = new Set([...CALL_OPTION_NAMES, ...BESIDE]);

/**
 * Refuses options that there are none of: where types are not checked, a slip would change nothing and say nothing.
 * @param of whose options they are, such as `the call of shop.add`
 * @throws UsageError CELERIAC_USAGE
 */
export function refuseUnknownOptions(options: object, of: string): void {
  for (const name in options) {
    if (KNOWN.has(name)) continue;
    const near = didYouMean(name, KNOWN);
    throw new UsageError("CELERIAC_USAGE", {
      message: `${of} has no option ${JSON.stringify(name)}${near === undefined ? `; known are ${[...KNOWN].join(", ")}` : `; did you mean ${near}?`}`,
    });
  }
}

/** The options as a signature carries them. */
export function toWireOptions(options: CallOptions): WireOptions {
  const wire: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) if (value !== undefined) putOnWire(wire, name, value);
  return wire;
}

function putOnWire(wire: Record<string, unknown>, name: string, value: unknown): void {
  const plain = PLAIN[name];
  const duration = DURATIONS[name];
  if (plain !== undefined) wire[plain] = value;
  else if (duration !== undefined) wire[duration] = secondsOrDate(value, name);
  else if (name === "link" || name === "linkError") wire[name === "link" ? "link" : "link_error"] = signatureList(value);
  else if (name === "chain") wire["chain"] = signatureList(value);
  else if (name === "chord") wire["chord"] = toRecord(value);
  else if (name === "retryPolicy") wire["retry_policy"] = policyOnWire(value as PublishRetryPolicy);
  else if (name === "stamps") putStamps(wire, value as Readonly<Record<string, unknown>>);
  else if (name === "properties") Object.assign(wire, value);
}

function putStamps(wire: Record<string, unknown>, stamps: Readonly<Record<string, unknown>>): void {
  const before = Array.isArray(wire["stamped_headers"]) ? (wire["stamped_headers"] as readonly string[]) : [];
  wire["stamped_headers"] = [...new Set([...before, ...Object.keys(stamps)])];
  Object.assign(wire, stamps);
}

function policyOnWire(policy: PublishRetryPolicy): Record<string, unknown> {
  const entries = Object.entries(policy).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([name, value]) => [
      RETRY_POLICY[name] ?? name,
      name === "maxRetries" ? value : durationMs(value as Duration, `retryPolicy.${name}`) / 1000,
    ]),
  );
}

/** Times travel as seconds; a date or null as it is. */
function secondsOrDate(value: unknown, name: string): unknown {
  return value === null || value instanceof Date ? value : durationMs(value as Duration, `the option ${name}`) / 1000;
}

function signatureList(value: unknown): readonly SignatureRecord[] {
  return (Array.isArray(value) ? value : [value]).map(toRecord);
}

/** The options of a signature as a caller would write them. The reverse of {@link toWireOptions}. */
export function fromWireOptions(wire: WireOptions): CallOptions {
  const options: Record<string, unknown> = {};
  const properties: Record<string, unknown> = {};
  const stamped = new Set(Array.isArray(wire["stamped_headers"]) ? (wire["stamped_headers"] as readonly string[]) : []);
  const stamps: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(wire)) {
    const ours = FROM_WIRE[name];
    if (stamped.has(name)) stamps[name] = value;
    else if (ours === "eta" || ours === "expires") options[ours] = typeof value === "string" ? dateOf(value, name) : value;
    else if (ours !== undefined) options[ours] = value;
    else if (name === "link" || name === "chain" || name === "chord") options[name] = value;
    else if (name === "link_error") options["linkError"] = value;
    else if (name === "retry_policy") options["retryPolicy"] = policyFromWire(value);
    else if (name !== "stamped_headers") properties[name] = value;
  }
  if (stamped.size > 0) options["stamps"] = stamps;
  if (Object.keys(properties).length > 0) options["properties"] = properties;
  return options;
}

/** A time without an offset is UTC, as workers take it. */
function dateOf(text: string, name: string): Date {
  const time = parseIsoTime(text);
  if (time === undefined)
    throw new UsageError("CELERIAC_CANVAS", { problem: `expected the option ${name} of a signature to be an ISO-8601 time, got: ${text}` });
  return new Date(time.epochMs);
}

function policyFromWire(policy: unknown): unknown {
  if (typeof policy !== "object" || policy === null) return policy;
  const names = Object.fromEntries(Object.entries(RETRY_POLICY).map(([ours, theirs]) => [theirs, ours]));
  return Object.fromEntries(Object.entries(policy).map(([name, value]) => [names[name] ?? name, value]));
}
