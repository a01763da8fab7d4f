// Gives a signature the ids under which it will run, without sending it. Pure: the result is another signature.
import { randomUUID } from "node:crypto";
import type { SignatureRecord } from "../protocol/signature-record.ts";

/** Ids put on a signature before it is sent. */
export interface FreezeIds {
  /** @default the id that it has already, else a new UUID */
  readonly taskId?: string | undefined;
  readonly rootId?: string | undefined;
  readonly parentId?: string | undefined;
  readonly groupId?: string | undefined;
  readonly groupIndex?: number | undefined;
  readonly replyTo?: string | undefined;
  readonly chord?: SignatureRecord | undefined;
}

/** The signature with its ids. One that has a `task_id` keeps it. */
export function freezeRecord(record: SignatureRecord, ids: FreezeIds = {}): SignatureRecord {
  const options: Record<string, unknown> = { ...record.options };
  options["task_id"] = options["task_id"] ?? ids.taskId ?? randomUUID();
  if (ids.rootId !== undefined) options["root_id"] = ids.rootId;
  if (ids.parentId !== undefined) options["parent_id"] = ids.parentId;
  if (ids.groupId !== undefined && options["group_id"] === undefined) options["group_id"] = ids.groupId;
  if (ids.groupIndex !== undefined && options["group_index"] === undefined) options["group_index"] = ids.groupIndex;
  if (ids.replyTo !== undefined && options["reply_to"] === undefined) options["reply_to"] = ids.replyTo;
  if (ids.chord !== undefined && options["chord"] === undefined) options["chord"] = ids.chord;
  return { ...record, options };
}

/** Id under which a frozen signature runs; undefined for one that is not frozen. */
export function taskIdOf(record: SignatureRecord): string | undefined {
  const id: unknown = record.options["task_id"];
  return typeof id === "string" ? id : undefined;
}
