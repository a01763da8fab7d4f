// Protocol 1: everything is in the body, one object; headers are empty. Read for old senders, and written where the setting
// `taskProtocol` is 1. A hybrid has protocol 2's headers and protocol 1's body: its headers win.
import { isRecord, messageInvalid, shown } from "./message-invalid.ts";
import { decodeTaskHeaders, type RawHeaders } from "./task-headers.ts";
import { parseTaskBody } from "./task-body.ts";
import type { TaskHeaders, TaskPayload } from "./task-message.ts";

/** A message of protocol 1, read. */
export interface TaskMessageV1 {
  readonly headers: TaskHeaders;
  readonly payload: TaskPayload;
  /** Whether its times without an offset are UTC; where false they are in the app's time zone. */
  readonly utc: boolean;
}

/** The fields of its body that are headers in protocol 2. */
const HEADER_FIELDS: readonly string[] = [
  "task",
  "id",
  "root_id",
  "parent_id",
  "group",
  "group_index",
  "shadow",
  "eta",
  "expires",
  "retries",
  "timelimit",
  "argsrepr",
  "kwargsrepr",
  "origin",
];

/**
 * Reads the decoded body of a protocol 1 or hybrid message.
 * @param headers the message's own headers, which win over the body's fields
 * @throws SerializationError where it is no task message
 */
export function parseTaskMessageV1(body: unknown, headers: RawHeaders): TaskMessageV1 {
  if (!isRecord(body) || (body["task"] ?? headers["task"]) === undefined) {
    throw messageInvalid(
      `it has no header task, and its body is no message of protocol 1: expected an object with a task, got: ${shown(body)}`,
      {
        task: undefined,
        id: typeof headers["id"] === "string" ? headers["id"] : undefined,
      },
    );
  }
  const merged: Record<string, unknown> = { lang: "py" };
  for (const name of HEADER_FIELDS) if (body[name] !== undefined) merged[name] = body[name];
  if (merged["group"] === undefined || merged["group"] === null) merged["group"] = body["taskset"] ?? null;
  const read = decodeTaskHeaders({ ...merged, ...headers });
  // Protocol 1 may leave out the arguments; a hybrid without them is something else.
  const payload = parseTaskBody("args" in body || "task" in headers ? body : { ...body, args: [] }, read);
  return { headers: read, payload, utc: body["utc"] !== false };
}

/** The body of a protocol 1 message, in Celery's order. Chains are nested callbacks there: what `embed.chain` holds cannot be sent, and throws. */
export function buildTaskBodyV1(headers: TaskHeaders, payload: TaskPayload): Record<string, unknown> {
  if (payload.embed.chain !== null && payload.embed.chain.length > 0) {
    throw messageInvalid("expected no chain in a message of protocol 1, which sends chains as callbacks", headers);
  }
  return {
    task: headers.task,
    id: headers.id,
    args: payload.args,
    kwargs: payload.kwargs,
    group: headers.group,
    group_index: headers.groupIndex,
    retries: headers.retries,
    eta: headers.eta,
    expires: headers.expires,
    utc: true,
    callbacks: payload.embed.callbacks,
    errbacks: payload.embed.errbacks,
    timelimit: headers.timelimit,
    taskset: headers.group,
    chord: payload.embed.chord,
  };
}
