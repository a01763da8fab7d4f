// The headers of a task message, protocol 2: our record and Celery's names. The full form has all of Celery's headers in its order; the
// compact form, for brokers where only Celeriac reads, leaves out what says nothing. Reading takes both, in any order.
import { parseIsoTime } from "../util/iso-time.ts";
import { isRecord, messageInvalid, shown } from "./message-invalid.ts";
import type { TaskHeaders } from "./task-message.ts";

/** The headers as they are in a message. */
export type RawHeaders = Readonly<Record<string, unknown>>;

const noStamps: Readonly<Record<string, unknown>> = Object.freeze({});
const noLimits: readonly [null, null] = Object.freeze([null, null] as const);
const noCustom: Readonly<Record<string, unknown>> = Object.freeze({});

/** Our headers without anything said but the task and its id: spread it, and set what differs. */
export const emptyHeaders: Omit<TaskHeaders, "task" | "id"> = Object.freeze({
  lang: "js",
  shadow: null,
  eta: null,
  expires: null,
  group: null,
  groupIndex: null,
  retries: 0,
  timelimit: noLimits,
  rootId: null,
  parentId: null,
  argsrepr: null,
  kwargsrepr: null,
  origin: null,
  ignoreResult: null,
  replacedTaskNesting: 0,
  stampedHeaders: null,
  stamps: noStamps,
  custom: noCustom,
});

/** Every header that is ours or the transport's; the others are the user's. */
const KNOWN: ReadonlySet<string> = new Set([
  "lang",
  "task",
  "id",
  "shadow",
  "eta",
  "expires",
  "group",
  "group_index",
  "retries",
  "timelimit",
  "root_id",
  "parent_id",
  "argsrepr",
  "kwargsrepr",
  "origin",
  "ignore_result",
  "replaced_task_nesting",
  "stamped_headers",
  "stamps",
  // Facts of one delivery, which must not travel on with a retry.
  "compression",
  "redelivered",
]);

/**
 * Headers as they are sent.
 * @param options.compact leave out what says nothing; only where no Python program reads
 * @param options.compression content type of the compressor of the body
 */
export function encodeTaskHeaders(
  headers: TaskHeaders,
  options?: { readonly compact?: boolean; readonly compression?: string | null | undefined },
): Record<string, unknown> {
  const raw = options?.compact ? compactHeaders(headers) : fullHeaders(headers);
  const { custom } = headers;
  if (custom !== noCustom) for (const name in custom) if (!KNOWN.has(name)) setOwn(raw, name, custom[name]);
  if (options?.compression) raw["compression"] = options.compression;
  return raw;
}

function fullHeaders(headers: TaskHeaders): Record<string, unknown> {
  const raw: Record<string, unknown> = {
    lang: headers.lang,
    task: headers.task,
    id: headers.id,
    shadow: headers.shadow,
    eta: headers.eta,
    expires: headers.expires,
    group: headers.group,
    group_index: headers.groupIndex,
    retries: headers.retries,
    timelimit: headers.timelimit,
    root_id: headers.rootId,
    parent_id: headers.parentId,
    argsrepr: headers.argsrepr ?? "",
    kwargsrepr: headers.kwargsrepr ?? "",
    origin: headers.origin,
    ignore_result: headers.ignoreResult ?? false,
    replaced_task_nesting: headers.replacedTaskNesting,
    stamped_headers: headers.stampedHeaders,
    stamps: headers.stamps,
  };
  // Absent says "not said"; null or "" would say something else to Python.
  if (headers.argsrepr === null) delete raw["argsrepr"];
  if (headers.kwargsrepr === null) delete raw["kwargsrepr"];
  if (headers.origin === null) delete raw["origin"];
  if (headers.ignoreResult === null) delete raw["ignore_result"];
  return raw;
}

function compactHeaders(headers: TaskHeaders): Record<string, unknown> {
  const raw: Record<string, unknown> = { task: headers.task, id: headers.id };
  if (headers.lang !== "js") raw["lang"] = headers.lang;
  if (headers.shadow !== null) raw["shadow"] = headers.shadow;
  if (headers.eta !== null) raw["eta"] = headers.eta;
  if (headers.expires !== null) raw["expires"] = headers.expires;
  if (headers.group !== null) raw["group"] = headers.group;
  if (headers.groupIndex !== null) raw["group_index"] = headers.groupIndex;
  if (headers.retries !== 0) raw["retries"] = headers.retries;
  if (headers.timelimit[0] !== null || headers.timelimit[1] !== null) raw["timelimit"] = headers.timelimit;
  if (headers.rootId !== null) raw["root_id"] = headers.rootId;
  if (headers.parentId !== null) raw["parent_id"] = headers.parentId;
  if (headers.argsrepr !== null) raw["argsrepr"] = headers.argsrepr;
  if (headers.kwargsrepr !== null) raw["kwargsrepr"] = headers.kwargsrepr;
  if (headers.origin !== null) raw["origin"] = headers.origin;
  if (headers.ignoreResult !== null) raw["ignore_result"] = headers.ignoreResult;
  if (headers.replacedTaskNesting !== 0) raw["replaced_task_nesting"] = headers.replacedTaskNesting;
  if (headers.stampedHeaders !== null) raw["stamped_headers"] = headers.stampedHeaders;
  if (headers.stamps !== noStamps && Object.keys(headers.stamps).length > 0) raw["stamps"] = headers.stamps;
  return raw;
}

/** Reads headers. @throws SerializationError naming the header that is missing or wrong */
export function decodeTaskHeaders(raw: RawHeaders): TaskHeaders {
  const { task, id } = raw;
  if (typeof task !== "string" || task === "")
    throw messageInvalid(`expected the header task to be a name, got: ${shown(task)}`, { id: asText(id) });
  if (typeof id !== "string" || id === "") throw messageInvalid(`expected the header id to be a text, got: ${shown(id)}`, { task });
  const subject = { task, id };
  return {
    task,
    id,
    lang: text(raw, "lang", subject) ?? "js",
    shadow: text(raw, "shadow", subject),
    eta: time(raw, "eta", subject),
    expires: typeof raw["expires"] === "number" ? raw["expires"] : time(raw, "expires", subject),
    group: text(raw, "group", subject),
    groupIndex: number(raw, "group_index", subject),
    retries: number(raw, "retries", subject) ?? 0,
    timelimit: timelimit(raw["timelimit"], subject),
    rootId: text(raw, "root_id", subject),
    parentId: text(raw, "parent_id", subject),
    argsrepr: text(raw, "argsrepr", subject),
    kwargsrepr: text(raw, "kwargsrepr", subject),
    origin: text(raw, "origin", subject),
    ignoreResult: flag(raw, "ignore_result", subject),
    replacedTaskNesting: number(raw, "replaced_task_nesting", subject) ?? 0,
    stampedHeaders: stampNames(raw["stamped_headers"], subject),
    stamps: stamps(raw["stamps"], subject),
    custom: customHeaders(raw),
  };
}

type Subject = { readonly task: string; readonly id: string };

function asText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function wrong(name: string, expected: string, value: unknown, subject: Subject): Error {
  return messageInvalid(`expected the header ${name} to be ${expected}, got: ${shown(value)}`, subject);
}

function text(raw: RawHeaders, name: string, subject: Subject): string | null {
  const value = raw[name];
  if (typeof value === "string") return value;
  if (value === undefined || value === null) return null;
  throw wrong(name, "a text or null", value, subject);
}

function number(raw: RawHeaders, name: string, subject: Subject): number | null {
  const value = raw[name];
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (value === undefined || value === null) return null;
  throw wrong(name, "a number or null", value, subject);
}

function flag(raw: RawHeaders, name: string, subject: Subject): boolean | null {
  const value = raw[name];
  if (typeof value === "boolean") return value;
  if (value === undefined || value === null) return null;
  throw wrong(name, "true, false or null", value, subject);
}

function time(raw: RawHeaders, name: string, subject: Subject): string | null {
  const value = raw[name];
  if (value === undefined || value === null) return null;
  if (typeof value === "string" && parseIsoTime(value)) return value;
  throw wrong(name, "an ISO-8601 time such as 2024-01-02T03:04:05.678000+00:00", value, subject);
}

function timelimit(value: unknown, subject: Subject): TaskHeaders["timelimit"] {
  if (value === undefined || value === null) return noLimits;
  if (Array.isArray(value) && value.length === 2) {
    const [hard, soft] = value as readonly unknown[];
    if (hard === null && soft === null) return noLimits;
    if (isLimit(hard) && isLimit(soft)) return [hard, soft];
  }
  throw wrong("timelimit", "two numbers of seconds or nulls, the hard limit first", value, subject);
}

function isLimit(value: unknown): value is number | null {
  return value === null || (typeof value === "number" && Number.isFinite(value));
}

function stampNames(value: unknown, subject: Subject): readonly string[] | null {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value) && value.every((name) => typeof name === "string")) return value as readonly string[];
  throw wrong("stamped_headers", "names of stamps or null", value, subject);
}

function stamps(value: unknown, subject: Subject): Readonly<Record<string, unknown>> {
  if (value === undefined || value === null) return noStamps;
  if (isRecord(value)) return value;
  throw wrong("stamps", "an object", value, subject);
}

function customHeaders(raw: RawHeaders): Readonly<Record<string, unknown>> {
  let custom: Record<string, unknown> | undefined;
  for (const name in raw) if (!KNOWN.has(name)) setOwn((custom ??= {}), name, raw[name]);
  return custom ?? noCustom;
}

/** Sets a field whatever its name: assigning `__proto__` would set the prototype. */
function setOwn(record: Record<string, unknown>, name: string, value: unknown): void {
  if (name === "__proto__") Object.defineProperty(record, name, { value, writable: true, enumerable: true, configurable: true });
  else record[name] = value;
}
