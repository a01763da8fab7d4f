// Reading AMQP field tables. amqplib's own reader does not know the tag `L`, by which Python writes every large integer, ends the
// connection at a tag that it does not know, and lets a key called `__proto__` change the prototype of the table. This one does none of it.

/** Why a table cannot be read. */
export class TableUnreadableError extends Error {}

/** Deeper nesting is an attack, not a message. */
const DEEPEST = 200;

interface Cursor {
  readonly bytes: Buffer;
  at: number;
}

/**
 * The fields of a table, given without its own length.
 * @throws TableUnreadableError where the bytes are no table
 */
export function readTable(bytes: Buffer): Record<string, unknown> {
  try {
    return readFields({ bytes, at: 0 }, bytes.length, 0);
  } catch (error) {
    // Reading past the end is a RangeError of the buffer's.
    if (error instanceof RangeError) throw new TableUnreadableError("the table ends in the middle of a field", { cause: error });
    throw error;
  }
}

function readFields(cursor: Cursor, end: number, depth: number): Record<string, unknown> {
  if (depth > DEEPEST) throw new TableUnreadableError(`the table is nested more than ${DEEPEST} levels deep`);
  const fields: Record<string, unknown> = {};
  const { bytes } = cursor;
  while (cursor.at < end) {
    const keyLength = bytes.readUInt8(cursor.at);
    const keyStart = cursor.at + 1;
    cursor.at = keyStart + keyLength;
    const key = bytes.toString("latin1", keyStart, cursor.at);
    const value = readValue(cursor, depth);
    if (key === "__proto__") continue;
    // A key of other characters than ASCII is rare: it is read again.
    fields[isAscii(key) ? key : bytes.toString("utf8", keyStart, keyStart + keyLength)] = value;
  }
  if (cursor.at !== end) throw new TableUnreadableError("a field is longer than the table that holds it");
  return fields;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

function readValue(cursor: Cursor, depth: number): unknown {
  const { bytes } = cursor;
  const tag = bytes.readUInt8(cursor.at++);
  switch (tag) {
    case 0x53: // S: text
      return readText(cursor);
    case 0x56: // V: nothing
      return null;
    case 0x49: // I: 32 bits with a sign
      return bytes.readInt32BE(advance(cursor, 4));
    case 0x74: // t: boolean
      return bytes.readUInt8(advance(cursor, 1)) !== 0;
    case 0x41: // A: list
      return readList(cursor, depth);
    case 0x46: // F: table
      return readNested(cursor, depth);
    case 0x4c: // L: 64 bits with a sign, as Python writes them
    case 0x6c: // l: the same, as RabbitMQ writes them
      return integer(bytes.readBigInt64BE(advance(cursor, 8)));
    case 0x64: // d: double
      return bytes.readDoubleBE(advance(cursor, 8));
    default:
      return readRare(cursor, tag);
  }
}

/** What neither Celery nor RabbitMQ writes often. */
function readRare(cursor: Cursor, tag: number): unknown {
  const { bytes } = cursor;
  switch (String.fromCharCode(tag)) {
    case "b":
      return bytes.readInt8(advance(cursor, 1));
    case "B":
      return bytes.readUInt8(advance(cursor, 1));
    case "s":
    case "U":
      return bytes.readInt16BE(advance(cursor, 2));
    case "u":
      return bytes.readUInt16BE(advance(cursor, 2));
    case "i":
      return bytes.readUInt32BE(advance(cursor, 4));
    case "f":
      return bytes.readFloatBE(advance(cursor, 4));
    case "T":
      return new Date(Number(bytes.readBigUInt64BE(advance(cursor, 8))) * 1000);
    case "D": {
      const places = bytes.readUInt8(advance(cursor, 1));
      return bytes.readInt32BE(advance(cursor, 4)) / 10 ** places;
    }
    case "x": {
      const length = bytes.readUInt32BE(advance(cursor, 4));
      const start = advance(cursor, length);
      return Buffer.from(bytes.subarray(start, start + length));
    }
    default:
      throw new TableUnreadableError(`a field has the type ${JSON.stringify(String.fromCharCode(tag))}, which AMQP does not have`);
  }
}

function readText(cursor: Cursor): string {
  const length = cursor.bytes.readUInt32BE(advance(cursor, 4));
  const start = advance(cursor, length);
  return cursor.bytes.toString("utf8", start, start + length);
}

function readNested(cursor: Cursor, depth: number): Record<string, unknown> {
  const length = cursor.bytes.readUInt32BE(advance(cursor, 4));
  return readFields(cursor, checkedEnd(cursor, length), depth + 1);
}

function readList(cursor: Cursor, depth: number): unknown[] {
  if (depth > DEEPEST) throw new TableUnreadableError(`the table is nested more than ${DEEPEST} levels deep`);
  const end = checkedEnd(cursor, cursor.bytes.readUInt32BE(advance(cursor, 4)));
  const values: unknown[] = [];
  while (cursor.at < end) values.push(readValue(cursor, depth + 1));
  if (cursor.at !== end) throw new TableUnreadableError("a field is longer than the list that holds it");
  return values;
}

function checkedEnd(cursor: Cursor, length: number): number {
  const end = cursor.at + length;
  if (end > cursor.bytes.length) throw new TableUnreadableError("the table ends in the middle of a field");
  return end;
}

/** Moves past so many bytes; gives where they begin. */
function advance(cursor: Cursor, length: number): number {
  const start = cursor.at;
  cursor.at = start + length;
  if (cursor.at > cursor.bytes.length) throw new TableUnreadableError("the table ends in the middle of a field");
  return start;
}

/** A number where it is exact, else a bigint: as our JSON has it. */
function integer(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
