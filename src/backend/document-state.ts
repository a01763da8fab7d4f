// What a document says of its state, seen without reading all of it. Drivers that have no place for the state beside the document go by this.
import type { Document } from "./contract.ts";

/** How Celeriac's JSON documents begin: the state follows, then a quote. */
export const JSON_HEAD = '{"status":"';
/** And Python's. */
export const PYTHON_JSON_HEAD = '{"status": "';
/** How the replies of Celery's `rpc://` backend begin. */
const REPLY_HEAD = /^\{"task_id":\s*"[^"\\]*",\s*"status":\s*"([^"\\]*)"/;
/** The first field of a msgpack document, behind the byte or three that say how many there are. */
const PACKED_HEAD = "\xa6status";
const PACKED_FEW = 0x80;
const PACKED_MANY = 0xde;

/** Whether a document says that it is of this state, in a form of Celery's that is cheap to see. */
export function saysState(document: Document, state: string): boolean {
  if (typeof document !== "string") return packedSays(document, state);
  return (
    says(document, JSON_HEAD, state) ||
    says(document, PYTHON_JSON_HEAD, state) ||
    REPLY_HEAD.exec(document)?.[1] === state ||
    document.startsWith(`status: ${state}\n`) ||
    document.includes(`\nstatus: ${state}\n`)
  );
}

function says(document: string, head: string, state: string): boolean {
  return document.startsWith(head) && document.startsWith(state, head.length) && document[head.length + state.length] === '"';
}

function packedSays(document: Uint8Array, state: string): boolean {
  const first = document[0] ?? 0;
  const from = (first & 0xf0) === PACKED_FEW ? 1 : first === PACKED_MANY ? 3 : undefined;
  if (from === undefined || state.length > 31) return false;
  const wanted = `${PACKED_HEAD}${String.fromCharCode(0xa0 | state.length)}${state}`;
  return Buffer.from(document.buffer, document.byteOffset, document.byteLength).toString("latin1", from, from + wanted.length) === wanted;
}
