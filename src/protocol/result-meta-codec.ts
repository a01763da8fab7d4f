// The document of a task's state and result, with Celery's fields in its order. For JSON, the commonest documents are put together as text.
import { SerializationError } from "../errors/celeriac-error.ts";
import type { AcceptList, EncodedContent } from "../serialization/serializer.ts";
import type { SerializerRegistry } from "../serialization/serializer-registry.ts";
import { isRecord, shown } from "./message-invalid.ts";
import type { ResultMeta, ResultTuple } from "./result-meta.ts";
import { parseResultTuple } from "./result-tuple.ts";
import { isReady } from "./states.ts";

/** Ids that need no escaping. */
const SIMPLE_ID = /^[\w.@:-]+$/;

/**
 * Writes a result document.
 * @param serializer the setting `resultSerializer`
 * @throws SerializationError where the result cannot be written
 */
export function encodeResultMeta(meta: ResultMeta, registry: SerializerRegistry, serializer: string = "json"): string | Uint8Array {
  return serializer === "json" ? jsonDocument(meta, registry) : registry.encode(resultMetaToWire(meta), serializer).body;
}

function jsonDocument(meta: ResultMeta, registry: SerializerRegistry): string {
  if (meta.name !== undefined || meta.stampedHeaders !== undefined || !SIMPLE_ID.test(meta.taskId))
    return registry.toJson(resultMetaToWire(meta));
  const { traceback, children, groupId, parentId } = meta;
  const dateDone = isReady(meta.status) ? meta.dateDone : null;
  let text = `{"status":${JSON.stringify(meta.status)},"result":${resultText(meta.result, registry)},"traceback":`;
  text += traceback === null ? "null" : JSON.stringify(traceback);
  text += `,"children":${children === null ? "null" : children.length === 0 ? "[]" : JSON.stringify(children)}`;
  text += `,"date_done":${dateDone === null ? "null" : JSON.stringify(dateDone)}`;
  if (groupId !== undefined) text += `,"group_id":${JSON.stringify(groupId)}`;
  if (parentId !== undefined) text += `,"parent_id":${JSON.stringify(parentId)}`;
  return `${text},"task_id":"${meta.taskId}"}`;
}

function resultText(result: unknown, registry: SerializerRegistry): string {
  return result === null || result === undefined ? "null" : registry.toJson(result);
}

/** The document as an object, for serializers other than json. */
export function resultMetaToWire(meta: ResultMeta): Record<string, unknown> {
  const wire: Record<string, unknown> = {
    status: meta.status,
    result: meta.result ?? null,
    traceback: meta.traceback,
    children: meta.children,
    date_done: isReady(meta.status) ? meta.dateDone : null,
  };
  if (meta.groupId !== undefined) wire["group_id"] = meta.groupId;
  if (meta.parentId !== undefined) wire["parent_id"] = meta.parentId;
  if (meta.name !== undefined) extend(wire, meta);
  if (meta.stampedHeaders !== undefined) {
    wire["stamped_headers"] = meta.stampedHeaders;
    for (const name of meta.stampedHeaders) if (!OWN_FIELDS.has(name)) wire[name] = meta.stamps?.[name] ?? null;
  }
  wire["task_id"] = meta.taskId;
  return wire;
}

function extend(wire: Record<string, unknown>, meta: ResultMeta): void {
  wire["name"] = meta.name;
  wire["args"] = meta.args ?? null;
  wire["kwargs"] = meta.kwargs ?? null;
  wire["worker"] = meta.worker ?? null;
  wire["retries"] = meta.retries ?? null;
  wire["queue"] = meta.queue ?? null;
}

/** The reply of the `rpc://` backend: fewer fields, in another order. */
export function resultMetaToRpc(meta: ResultMeta): Record<string, unknown> {
  return { task_id: meta.taskId, status: meta.status, result: meta.result ?? null, traceback: meta.traceback, children: meta.children };
}

/** Fields of the document; a stamp of such a name cannot be stored beside them. */
const OWN_FIELDS: ReadonlySet<string> = new Set([
  "status",
  "result",
  "traceback",
  "children",
  "date_done",
  "group_id",
  "parent_id",
  "name",
  "args",
  "kwargs",
  "worker",
  "retries",
  "queue",
  "stamped_headers",
  "task_id",
]);

/** Reads a result document of any of Celery's backends. @throws SerializationError where it is none */
export function decodeResultMeta(content: EncodedContent, registry: SerializerRegistry, accept: AcceptList): ResultMeta {
  return resultMetaFromWire(registry.decode(content, accept));
}

/** Reads a result document that is decoded already. */
export function resultMetaFromWire(wire: unknown): ResultMeta {
  if (!isRecord(wire)) throw wrong("the document", "an object", wire);
  const { task_id: taskId, status, children, stamped_headers: stampedHeaders } = wire;
  if (typeof taskId !== "string") throw wrong("task_id", "a text", taskId);
  if (typeof status !== "string") throw wrong("status", "the name of a state", status);
  return {
    taskId,
    status,
    result: wire["result"] ?? null,
    traceback: optional(wire, "traceback", "string") ?? null,
    children: childrenOf(children),
    dateDone: dateDone(wire["date_done"]),
    ...defined("groupId", optional(wire, "group_id", "string")),
    ...defined("parentId", optional(wire, "parent_id", "string")),
    ...("name" in wire ? extendedOf(wire) : undefined),
    ...(Array.isArray(stampedHeaders) ? stampsOf(stampedHeaders, wire) : undefined),
  };
}

function extendedOf(wire: Readonly<Record<string, unknown>>): Partial<ResultMeta> {
  const { args, kwargs } = wire;
  return {
    ...defined("name", optional(wire, "name", "string")),
    ...(Array.isArray(args) ? { args } : undefined),
    ...(isRecord(kwargs) ? { kwargs } : undefined),
    ...defined("worker", optional(wire, "worker", "string")),
    ...defined("retries", optional(wire, "retries", "number")),
    ...defined("queue", optional(wire, "queue", "string")),
  };
}

function stampsOf(names: readonly unknown[], wire: Readonly<Record<string, unknown>>): Partial<ResultMeta> {
  const stampedHeaders = names.filter((name) => typeof name === "string");
  return { stampedHeaders, stamps: Object.fromEntries(stampedHeaders.filter((name) => name in wire).map((name) => [name, wire[name]])) };
}

function childrenOf(value: unknown): readonly ResultTuple[] | null {
  if (value === null || value === undefined) return null;
  if (!Array.isArray(value)) throw wrong("children", "a list of results or null", value);
  return value.map((child, i) => parseResultTuple(child, `children[${i}]`));
}

/** Some of Celery's backends hand out a date here. */
function dateDone(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "string") return value;
  if (value instanceof Date) return value.toISOString();
  throw wrong("date_done", "an ISO-8601 time or null", value);
}

interface Primitives {
  readonly string: string;
  readonly number: number;
}

function optional<Kind extends keyof Primitives>(
  wire: Readonly<Record<string, unknown>>,
  name: string,
  kind: Kind,
): Primitives[Kind] | undefined {
  const value = wire[name];
  if (value === null || value === undefined) return undefined;
  // The check stands in the same line.
  if (typeof value === kind) return value as Primitives[Kind];
  throw wrong(name, `a ${kind} or null`, value);
}

function defined<Key extends string, Value>(key: Key, value: Value | undefined): { readonly [K in Key]?: Value } {
  // A computed key is typed as any text.
  return (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: Value };
}

function wrong(field: string, expected: string, value: unknown): SerializationError {
  return new SerializationError("CELERIAC_DECODE_FAILED", {
    contentType: "a result document",
    reason: `expected ${field} to be ${expected}, got: ${shown(value)}`,
  });
}
