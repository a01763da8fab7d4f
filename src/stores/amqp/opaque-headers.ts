// Keeps amqplib from reading header tables. The bytes that come from the server go through here before amqplib sees them: in each frame
// that begins a message, the table of headers is wrapped into a table of one field, whose value is the table's bytes. amqplib hands these on
// unread, and table-reader.ts reads them: see there why. Everything else passes as it is.

/** Name of the field that holds the bytes of the real table. */
const WRAPPED = "";
/** A key of no length, the tag `x`, and a length of four bytes. */
const WRAPPING = 6;
const FRAME_HEADER = 7;
const CONTENT_HEADER = 2;
const NOTHING: Buffer = Buffer.alloc(0);

/** The header table of a message that came through {@link OpaqueHeaders}; undefined where it has none. */
export function wrappedTable(headers: unknown): Buffer | undefined {
  // amqplib's types know only that it is some record.
  const bytes = (headers as Readonly<Record<string, unknown>> | undefined)?.[WRAPPED];
  return Buffer.isBuffer(bytes) ? bytes : undefined;
}

/** The stream of frames of one connection, from the server to amqplib. */
export class OpaqueHeaders {
  #rest: Buffer = NOTHING;

  /** Takes bytes as they came; gives those of all frames that are complete, or undefined where none is. */
  push(chunk: Buffer): Buffer | undefined {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    /** Where the tables are, in the order of the bytes. */
    const tables: number[] = [];
    let end = 0;
    while (end + FRAME_HEADER < bytes.length) {
      const frameEnd = end + FRAME_HEADER + bytes.readUInt32BE(end + 3) + 1;
      if (frameEnd > bytes.length) break;
      if (bytes[end] === CONTENT_HEADER) {
        const table = tableOf(bytes, end, frameEnd - 1);
        if (table !== undefined) tables.push(end, table);
      }
      end = frameEnd;
    }
    this.#rest = end === bytes.length ? NOTHING : bytes.subarray(end);
    if (end === 0) return undefined;
    return tables.length === 0 ? bytes.subarray(0, end) : wrapTables(bytes, end, tables);
  }
}

/** Where the table of headers of a content header begins; undefined where there is none. */
function tableOf(bytes: Buffer, frame: number, frameEnd: number): number | undefined {
  const flags = bytes.readUInt16BE(frame + FRAME_HEADER + 12);
  if ((flags & 0x2000) === 0) return undefined;
  let at = frame + FRAME_HEADER + 14;
  if ((flags & 0x8000) !== 0) at += 1 + bytes.readUInt8(at);
  if ((flags & 0x4000) !== 0) at += 1 + bytes.readUInt8(at);
  // A frame that contradicts itself is amqplib's to report.
  return at + 4 > frameEnd || at + 4 + bytes.readUInt32BE(at) > frameEnd ? undefined : at;
}

function wrapTables(bytes: Buffer, end: number, tables: readonly number[]): Buffer {
  const wrapped = Buffer.allocUnsafe(end + (tables.length / 2) * WRAPPING);
  let from = 0;
  let to = 0;
  for (let i = 0; i < tables.length; i += 2) {
    const frame = tables[i] ?? 0;
    const table = tables[i + 1] ?? 0;
    const shift = to - from;
    to += bytes.copy(wrapped, to, from, table);
    wrapped.writeUInt32BE(bytes.readUInt32BE(frame + 3) + WRAPPING, frame + shift + 3);
    const length = bytes.readUInt32BE(table);
    to = wrapped.writeUInt32BE(length + WRAPPING, to);
    to = wrapped.writeUInt8(0, to);
    to = wrapped.writeUInt8(0x78, to);
    to = wrapped.writeUInt32BE(length, to);
    from = table + 4;
  }
  bytes.copy(wrapped, to, from, end);
  return wrapped;
}
