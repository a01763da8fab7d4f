// Writing AMQP field tables as py-amqp does: integers of 32 bits by the tag `I` and larger ones by `L`. amqplib's own writer picks `b`, `s` and
// `l`, which the py-amqp of most deployed Celery versions reads as something else.
import type { ByteWriter } from "./byte-writer.ts";

/** Why a value cannot be written. The message has the path of the value. */
export class TableUnwritableError extends Error {}

const LARGEST_INT64 = 2n ** 63n - 1n;
const SMALLEST_INT64 = -(2n ** 63n);
/** py-amqp writes everything outside of this, the smallest of 32 bits included, as a number of 64 bits. */
const LARGEST_INT32 = 2_147_483_647;

/**
 * Writes a table with its length before it.
 * @param path where the table is, for errors
 * @throws TableUnwritableError naming the value that no field type can hold
 */
export function writeTable(writer: ByteWriter, table: Readonly<Record<string, unknown>>, path: string): void {
  const lengthAt = writer.gap32();
  for (const key of Object.keys(table)) {
    const value = table[key];
    if (value === undefined) continue;
    if (!writer.shortText(key)) throw new TableUnwritableError(`the key ${path}.${key.slice(0, 20)}... is longer than 255 bytes`);
    writeValue(writer, value, path, key);
  }
  writer.set32(lengthAt, writer.length - lengthAt - 4);
}

function writeValue(writer: ByteWriter, value: unknown, path: string, key: string | number): void {
  switch (typeof value) {
    case "string":
      writer.uint8(0x53); // S
      writer.longText(value);
      return;
    case "number":
      writeNumber(writer, value);
      return;
    case "boolean":
      writer.uint8(0x74); // t
      writer.uint8(value ? 1 : 0);
      return;
    case "bigint":
      if (value > LARGEST_INT64 || value < SMALLEST_INT64)
        throw new TableUnwritableError(`${path}.${key} is ${value}, which 64 bits cannot hold; send it as a text`);
      writer.uint8(0x4c); // L
      writer.int64(value);
      return;
    case "object":
      writeObject(writer, value, path, key);
      return;
    default:
      throw new TableUnwritableError(`expected ${path}.${key} to be plain data, got: a ${typeof value}`);
  }
}

function writeNumber(writer: ByteWriter, value: number): void {
  if (!Number.isInteger(value) || Math.abs(value) >= 2 ** 63) {
    writer.uint8(0x64); // d
    writer.double(value);
  } else if (value <= LARGEST_INT32 && value >= -LARGEST_INT32) {
    writer.uint8(0x49); // I
    writer.int32(value);
  } else {
    writer.uint8(0x4c); // L
    writer.int64(BigInt(value));
  }
}

function writeObject(writer: ByteWriter, value: object | null, path: string, key: string | number): void {
  if (value === null) {
    writer.uint8(0x56); // V
  } else if (Array.isArray(value)) {
    writer.uint8(0x41); // A
    const lengthAt = writer.gap32();
    for (const [i, element] of value.entries()) writeValue(writer, element ?? null, `${path}.${key}`, i);
    writer.set32(lengthAt, writer.length - lengthAt - 4);
  } else if (value instanceof Uint8Array) {
    writer.uint8(0x78); // x
    writer.uint32(value.byteLength);
    writer.bytes(value);
  } else if (value instanceof Date) {
    writer.uint8(0x54); // T
    writer.int64(BigInt(Math.floor(value.getTime() / 1000)));
  } else {
    writer.uint8(0x46); // F
    // A plain record: own enumerable fields are all that there is to say of it.
    writeTable(writer, value as Readonly<Record<string, unknown>>, `${path}.${key}`);
  }
}
