// One ended member of a chord, as Celery keeps it: the serialised list `[1, task id, state, result]`. The result is serialised already, so the list
// is put together around it: JSON around a text, msgpack around bytes.
import type { Document } from "../../backend/contract.ts";
import { RedisFailure } from "../../stores/redis/redis-failure.ts";

/** What is known of an ended member. */
export interface ChordMember {
  readonly taskId: string;
  readonly status: string;
  readonly result: Document;
}

/** As Celery writes it. */
export function encodeChordMember({ taskId, status, result }: ChordMember): string | Buffer {
  if (typeof result === "string") return `[1, ${asciiJson(taskId)}, ${asciiJson(status)}, ${result}]`;
  return Buffer.concat([PACKED_HEAD, packedText(taskId), packedText(status), result]);
}

/** How the member of a task begins, whatever else it holds, in each form in which it may have been written. */
export function chordMemberHeads(taskId: string, result: Document): readonly (string | Buffer)[] {
  if (typeof result !== "string") return [Buffer.concat([PACKED_HEAD, packedText(taskId)])];
  const [ascii, plain] = [asciiJson(taskId), JSON.stringify(taskId)];
  return [...new Set([`[1, ${ascii}, `, `[1,${ascii},`, `[1, ${plain}, `, `[1,${plain},`])];
}

/**
 * Reads a member, whoever wrote it.
 * @throws RedisFailure where it is none
 */
export function decodeChordMember(member: Buffer): ChordMember {
  const read = member[0] === OPENING_BRACKET ? readText(member.toString()) : member[0] === PACKED_HEAD[0] ? readPacked(member) : undefined;
  if (read !== undefined) return read;
  const shown = member.subarray(0, 60).toString();
  throw new RedisFailure("refused", "", `a chord's key holds a member that is not [1, task id, state, result]: ${JSON.stringify(shown)}`);
}

const OPENING_BRACKET = 0x5b;
const TEXT_MEMBER = /^\[\s*1\s*,\s*("(?:[^"\\]|\\.)*")\s*,\s*("(?:[^"\\]|\\.)*")\s*,\s*/;
/** A list of four whose first is 1. */
const PACKED_HEAD = Buffer.from([0x94, 0x01]);

function readText(text: string): ChordMember | undefined {
  const match = TEXT_MEMBER.exec(text);
  if (!match || !text.endsWith("]")) return undefined;
  const [head, taskId = "", status = ""] = match;
  // The expression lets nothing through that is no JSON text, but for a bad escape.
  try {
    return { taskId: JSON.parse(taskId) as string, status: JSON.parse(status) as string, result: text.slice(head.length, -1) };
  } catch {
    return undefined; // It is told as what it is: no member.
  }
}

function readPacked(member: Buffer): ChordMember | undefined {
  if (!member.subarray(0, 2).equals(PACKED_HEAD)) return undefined;
  const taskId = unpackText(member, 2);
  const status = taskId && unpackText(member, taskId.end);
  return status && { taskId: taskId.text, status: status.text, result: member.subarray(status.end) };
}

/** A text in msgpack: a byte that tells its length or how many bytes tell it, the length, the text. */
function packedText(text: string): Buffer {
  const bytes = Buffer.from(text);
  if (bytes.length < 32) return Buffer.concat([Buffer.from([0xa0 | bytes.length]), bytes]);
  if (bytes.length < 0x100) return Buffer.concat([Buffer.from([0xd9, bytes.length]), bytes]);
  const head = Buffer.from([0xdb, 0, 0, 0, 0]);
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

function unpackText(member: Buffer, at: number): { readonly text: string; readonly end: number } | undefined {
  const kind = member[at] ?? 0;
  const width = LENGTH_BYTES.get(kind);
  if (width === undefined && (kind & 0xe0) !== 0xa0) return undefined;
  const from = at + 1 + (width ?? 0);
  if (from > member.length) return undefined;
  const end = from + (width === undefined ? kind & 0x1f : member.readUIntBE(at + 1, width));
  return end > member.length ? undefined : { text: member.toString("utf8", from, end), end };
}

const LENGTH_BYTES: ReadonlyMap<number, number> = new Map([
  [0xd9, 1],
  [0xda, 2],
  [0xdb, 4],
]);

/** JSON of a text as Python writes it. */
function asciiJson(text: string): string {
  return JSON.stringify(text).replaceAll(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
