// Vectors that were captured from Celery's and kombu's own functions.
import { describe, expect, it } from "vitest";
import { decodeException, encodeException } from "../../src/protocol/exception-record.ts";
import { parseSignature } from "../../src/protocol/signature-codec.ts";
import { Decimal } from "../../src/serialization/decimal.ts";
import { dateFromIso } from "../../src/serialization/exact-date.ts";
import { PlainDate } from "../../src/serialization/plain-date.ts";
import { PlainTime } from "../../src/serialization/plain-time.ts";
import { SerializerRegistry } from "../../src/serialization/serializer-registry.ts";
import { Uuid } from "../../src/serialization/uuid.ts";
import { parseIsoTime } from "../../src/util/iso-time.ts";
import { safeRepr } from "../../src/util/safe-repr.ts";
import { captured, untypedJson } from "./wire-fixtures.ts";

const registry = new SerializerRegistry();
const bytes = (...of: number[]): Uint8Array => new Uint8Array(of);
const text = (of: string): Uint8Array => new Uint8Array(Buffer.from(of));

describe("saferepr", () => {
  /** The Python expression in JavaScript; `tuple` where its outermost value is one. */
  const values: Record<string, { readonly value: unknown; readonly tuple?: boolean }> = {
    "()": { value: [], tuple: true },
    "(1,)": { value: [1], tuple: true },
    "(1, 2)": { value: [1, 2], tuple: true },
    "[]": { value: [] },
    "[1]": { value: [1] },
    "{}": { value: {} },
    "{'a': 1}": { value: { a: 1 } },
    "{1: {2: {3: {4: 5}}}}": { value: new Map([[1, new Map([[2, new Map([[3, new Map([[4, 5]])]])]])]]) },
    "[[[[1]]]]": { value: [[[[1]]]] },
    "'str'": { value: "str" },
    '"it\'s"': { value: "it's" },
    "'back\\\\slash'": { value: "back\\slash" },
    "'nl\\n'": { value: "nl\n" },
    "'\\u00e9\\u2603'": { value: "\u00e9\u2603" },
    "b'abc'": { value: text("abc") },
    "b'\\xff'": { value: bytes(0xff) },
    None: { value: null },
    True: { value: true },
    "1e22": { value: 1e22 },
    "float('nan')": { value: Number.NaN },
    "10**30": { value: 10n ** 30n },
    "decimal.Decimal('1.5')": { value: new Decimal("1.5") },
    "set()": { value: new Set() },
    "{1}": { value: new Set([1]) },
    "dt.date(2024,1,1)": { value: new PlainDate(2024, 1, 1) },
    "dt.datetime(2024,1,1,tzinfo=dt.timezone.utc)": { value: new Date(Date.UTC(2024, 0, 1)) },
    "uuid.UUID(int=1)": { value: new Uuid("00000000-0000-0000-0000-000000000001") },
    "('x'*2000,)": { value: ["x".repeat(2000)], tuple: true },
    "['x '*800]": { value: ["x ".repeat(800)] },
    "list(range(2000))": { value: Array.from({ length: 2000 }, (_, i) => i) },
    "{'k%d'%i: 'v'*10 for i in range(100)}": {
      value: Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`k${i}`, "v".repeat(10)])),
    },
    "('a'*1020,)": { value: ["a".repeat(1020)], tuple: true },
    "('a'*1023, 'b')": { value: ["a".repeat(1023), "b"], tuple: true },
    "['word '*300, 1]": { value: ["word ".repeat(300), 1] },
    "[1, [2, [3, [4]]], {'k': [1, {'z': []}]}]": { value: [1, [2, [3, [4]]], { k: [1, { z: [] }] }] },
    "['a', \"b'c\"]": { value: ["a", "b'c"] },
  };
  const inexpressible = ["((((1,),),),)", "1.0", "frozenset([1])", "range(3)", "{'a': ('x'*1100, 2), 'b': 3}"];
  const vectors = captured("vectors.saferepr") as readonly { readonly python: string; readonly repr: string }[];

  it("knows every vector, but for types that JavaScript does not have", () => {
    expect([...Object.keys(values), ...inexpressible].sort()).toEqual(vectors.map(({ python }) => python).sort());
  });

  it.each(vectors.filter(({ python }) => !inexpressible.includes(python)))("$python", ({ python, repr }) => {
    const { value, tuple = false } = values[python] as { value: unknown; tuple?: boolean };
    expect(safeRepr(value, { tuple })).toBe(repr);
  });

  it("closes what the budget cut, as the vector with an inner tuple has it", () => {
    const vector = vectors.find(({ python }) => python === "{'a': ('x'*1100, 2), 'b': 3}");
    // An inner tuple is an array here.
    expect(safeRepr({ a: ["x".repeat(1100), 2], b: 3 })).toBe(vector?.repr.replace("(", "[").replace(")", "]"));
  });
});

describe("kombu's JSON", () => {
  const { encode, decode } = captured("vectors.kombu-json") as {
    encode: readonly { readonly name: string; readonly json?: string }[];
    decode: readonly { readonly json: string; readonly python?: string; readonly error?: string }[];
  };
  const values: Record<string, unknown> = {
    "datetime aware utc": dateFromIso("2024-02-29T12:30:45.123456+00:00"),
    "datetime naive": dateFromIso("2024-02-29T12:30:45"),
    "datetime aware +05:30": dateFromIso("2024-02-29T12:30:45+05:30"),
    "datetime zoneinfo": dateFromIso("2024-07-01T12:00:00+02:00"),
    "datetime min": dateFromIso("0001-01-01T00:00:00"),
    date: new PlainDate(2024, 2, 29),
    time: new PlainTime("01:02:03"),
    "time micro tz": new PlainTime("01:02:03.000004+00:00"),
    decimal: new Decimal("12.50"),
    "decimal exp": new Decimal("1E+3"),
    "decimal nan": new Decimal("NaN"),
    "decimal -0": new Decimal("-0.00"),
    uuid: new Uuid("12345678-1234-5678-1234-567812345678"),
    "bytes utf8": text("abc"),
    "bytes empty": text(""),
    "bytes utf8 multi": text("\u00e9"),
    "bytes binary": bytes(0xff, 0),
    tuple: [1, [2]],
    nested: { a: [new PlainDate(2024, 1, 1)] },
    "int keys": { 1: 2 },
    float: [1, 1e22, 1e-7, 0.1, 1e16, 123456789012345680, 5e-324],
    "big int": 2n ** 64n,
    "bool null": [true, false, null],
    "non ascii": "h\u00e9 \u2028 \u{1d11e}",
    "control chars": '\u0000\u001f\u007f"\\/',
    "nan inf": [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    "int enum": 1,
    "str subclass": new String("x"),
    OrderedDict: { b: 1, a: 2 },
  };

  it.each(encode.filter(({ json }) => json))("writes $name", ({ name, json = "" }) => {
    expect(values).toHaveProperty([name]);
    expect(untypedJson(registry.toJson(values[name]))).toEqual(untypedJson(json));
  });

  it.each(encode.filter(({ json }) => json))("reads $name and writes it again the same", ({ json = "" }) => {
    expect(untypedJson(registry.toJson(registry.fromJson(json)))).toEqual(untypedJson(json));
  });

  it("refuses what kombu refuses, where JavaScript has it", () => {
    for (const value of [new Set([1, 2]), new Error("x"), new ArrayBuffer(1), new DataView(new ArrayBuffer(1))])
      expect(() => registry.toJson(value)).toThrow(/json serializer cannot write/);
  });

  const uuid = new Uuid("12345678-1234-5678-1234-567812345678");
  /** What we read for each Python value; a UUID as a bare text is refused by Python and read by us. */
  const read: Record<string, unknown> = {
    "datetime.datetime(2024, 1, 2, 3, 4, 5, 678000, tzinfo=datetime.timezone.utc)": dateFromIso("2024-01-02T03:04:05.678Z"),
    "datetime.datetime(2024, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)": new Date("2024-01-02T03:04:05Z"),
    "datetime.datetime(2024, 1, 2, 0, 0)": dateFromIso("2024-01-02"),
    "datetime.date(2024, 1, 2)": new PlainDate(2024, 1, 2),
    "datetime.time(3, 4, 5, 678000)": new PlainTime("03:04:05.678000"),
    "datetime.time(3, 4, 5, 678000, tzinfo=datetime.timezone.utc)": new PlainTime("03:04:05.678Z"),
    "Decimal('1.50')": new Decimal("1.50"),
    "Decimal('1.5')": new Decimal("1.5"),
    "UUID('12345678-1234-5678-1234-567812345678')": uuid,
    "TypeError: uuid.UUID() argument after ** must be a mapping, not str": uuid,
    "b'abc'": text("abc"),
    "b'\\xff\\x00'": bytes(0xff, 0),
    "{'__type__': 'decimal', '__value__': '1.5', 'extra': 1}": { __type__: "decimal", __value__: "1.5", extra: 1 },
    "{'__type__': 'decimal'}": { __type__: "decimal" },
    "{'bytes': 'x', '__bytes__': True}": { bytes: "x", __bytes__: true },
    nan: Number.NaN,
    "[inf, -inf]": [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    "{'a': 2}": { a: 2 },
    "'\u{1d11e}'": "\u{1d11e}",
    "'\\ud834'": "\ud834",
    inf: Number.POSITIVE_INFINITY,
    "0": -0,
    "12345678901234567890123": 12345678901234567890123n,
  };
  it.each(decode)("reads $json as Python does", ({ json, python, error }) => {
    const expected = python ?? error ?? "";
    if (expected in read) expect(registry.fromJson(json)).toEqual(read[expected]);
    else {
      expect(error).toBeDefined();
      expect(() => registry.fromJson(json)).toThrow(/cannot be read/);
    }
  });
});

describe("times", () => {
  const { isoparse } = captured("vectors.misc") as {
    isoparse: readonly { readonly in: string; readonly python?: string; readonly error?: string }[];
  };
  it.each(isoparse)("reads $in as Python does", ({ in: input, python }) => {
    const time = parseIsoTime(input);
    if (python === undefined) expect(time).toBeUndefined();
    else {
      const isNaive = !/[+-]\d\d:\d\d$/.test(python);
      expect(time?.epochMs).toBe(Date.parse(isNaive ? `${python}Z` : python));
      expect(time?.offsetMinutes === null).toBe(isNaive);
    }
  });
});

describe("signatures", () => {
  const vectors = Object.entries(captured("vectors.signatures") as Record<string, { readonly json?: string }>).filter(
    ([, { json }]) => json,
  );
  it.each(vectors)("%s is well formed and comes back the same", (_name, { json = "" }) => {
    const wire = registry.fromJson(json);
    const signature = parseSignature(wire, "signature");
    expect(signature).toBe(wire);
    expect(JSON.stringify(signature)).toBe(JSON.stringify(JSON.parse(json)));
  });
});

describe("exceptions", () => {
  const { encode, decode } = captured("vectors.exceptions") as {
    encode: readonly { readonly python: string; readonly json: string }[];
    decode: readonly { readonly stored: unknown; readonly python?: string; readonly error?: string }[];
  };

  it.each(encode)("$python is read, and written again the same", ({ json }) => {
    const error = decodeException(registry.fromJson(json), { registry });
    expect(untypedJson(registry.toJson(encodeException(error, { registry })))).toEqual(untypedJson(json));
  });

  // Python refuses some of these with an error of its own; whoever waits for a result is better served with what is known.
  it.each(decode.map((vector) => ({ ...vector, text: JSON.stringify(vector.stored) })))(
    "stored $text is read as an error",
    ({ stored }) => {
      const error = decodeException(stored);
      expect(error).toBeInstanceOf(Error);
      if (typeof stored === "object" && stored !== null && "exc_type" in stored) expect(error.name).toBe(stored.exc_type);
    },
  );
});
