import { describe, expect, it } from "vitest";
import { captured } from "../../../test/interop/wire-fixtures.ts";
import { ByteWriter } from "./byte-writer.ts";
import { readTable, TableUnreadableError } from "./table-reader.ts";
import { TableUnwritableError, writeTable } from "./table-writer.ts";

interface Vectors {
  readonly encode: readonly { readonly python: string; readonly field_value_b64: string }[];
  readonly decode: readonly { readonly name: string; readonly b64: string; readonly py_amqp_5_4_0: string }[];
}

const vectors = captured("vectors.amqp-table") as Vectors;

/** A table of one field called k, without its length. */
const field = (value: Buffer): Buffer => Buffer.concat([Buffer.from([1]), Buffer.from("k"), value]);
function written(table: Readonly<Record<string, unknown>>): Buffer {
  const writer = new ByteWriter(1);
  writeTable(writer, table, "headers");
  return writer.finish().subarray(4);
}
const VALUES: Readonly<Record<string, unknown>> = {
  None: null,
  True: true,
  False: false,
  "2**40": 2 ** 40,
  "'s'": "s",
  "'\\u00e9'": "é",
  "''": "",
  "[]": [],
  "[None, None]": [null, null],
  "[60, 50]": [60, 50],
  "{}": {},
  "{'a': [1, {'b': None}]}": { a: [1, { b: null }] },
  "dt.datetime(2024,1,1)": new Date("2024-01-01T00:00:00Z"),
};

describe("field tables", () => {
  for (const { python, field_value_b64: bytes } of vectors.encode) {
    const value = python in VALUES ? VALUES[python] : Number(python);
    // bytes have a type of their own here, and decimals are numbers.
    const writes = value instanceof Date || value === null || typeof value !== "number" || !Number.isNaN(value);
    if (!writes) continue;
    it(`writes ${python} as py-amqp does, and reads it`, () => {
      expect(written({ k: value }).toString("base64")).toBe(field(Buffer.from(bytes, "base64")).toString("base64"));
      expect(readTable(field(Buffer.from(bytes, "base64")))).toEqual({ k: value });
    });
  }
  it("reads a decimal as a number and text of bytes as text", () => {
    expect(readTable(field(Buffer.from("RAIAAAB9", "base64")))).toEqual({ k: 1.25 });
    expect(readTable(field(Buffer.from("UwAAAAF4", "base64")))).toEqual({ k: "x" });
  });
  it("reads each tag that AMQP has, with its sign", () => {
    const expected: Readonly<Record<string, unknown>> = { "b int8 -1": -1, "B uint8 255": 255, x: Buffer.from([255, 0]), V: null, t: true };
    for (const { name, b64, py_amqp_5_4_0: python } of vectors.decode)
      expect(readTable(field(Buffer.from(b64, "base64"))), name).toEqual({ k: name in expected ? expected[name] : Number(python) });
  });
  it("keeps integers of all sizes, as bigints where a number is not exact", () => {
    const table = {
      a: 2 ** 31 - 1,
      b: -(2 ** 31),
      c: 2 ** 31,
      d: 2 ** 53 - 1,
      e: -(2 ** 53 - 1),
      f: 2n ** 63n - 1n,
      g: -(2n ** 63n),
      h: 0,
      i: 300,
    };
    expect(readTable(written(table))).toEqual(table);
  });
  it("keeps unicode keys and values, bytes and what is nested", () => {
    const table = { "schlüssel 世界": "🌱", raw: Buffer.from([0, 255]), nested: { list: [1, { deep: [true, null, 0.5] }], empty: {} } };
    expect(readTable(written(table))).toEqual(table);
  });
  it("never lets a field become a prototype", () => {
    const table = readTable(
      written(
        JSON.parse('{"__proto__": {"polluted": 1}, "in": {"__proto__": {"polluted": 1}}, "x": 2}') as object as Record<string, unknown>,
      ),
    );
    expect(table).toEqual({ in: {}, x: 2 });
    expect((table as { polluted?: unknown }).polluted).toBeUndefined();
  });
  it("refuses bytes that are no table, at whatever byte they end", () => {
    const bytes = written({ a: "text", n: { l: [1, 2.5] }, z: 2 ** 40 });
    for (let length = 1; length < bytes.length; length++) {
      try {
        readTable(bytes.subarray(0, length)); // it may end between two fields
      } catch (error) {
        expect(error, `the first ${length} bytes`).toBeInstanceOf(TableUnreadableError);
      }
    }
    expect(() => readTable(field(Buffer.from("Z")))).toThrow(/type "Z"/);
  });
  it("names what it cannot write", () => {
    expect(() => written({ a: { f: () => 1 } })).toThrow(TableUnwritableError);
    expect(() => written({ a: { f: () => 1 } })).toThrow(/headers\.a\.f to be plain data, got: a function/);
    expect(() => written({ n: 2n ** 64n })).toThrow(/headers\.n is 18446744073709551616, which 64 bits cannot hold/);
    expect(() => written({ ["k".repeat(256)]: 1 })).toThrow(/longer than 255 bytes/);
  });
});
