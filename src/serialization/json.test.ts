// The json serializer: json-writer.ts, json-reader.ts and typed-values.ts together.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CeleriacError } from "../errors/celeriac-error.ts";
import { ExactDate } from "./exact-date.ts";
import { SerializerRegistry } from "./serializer-registry.ts";

const registry = new SerializerRegistry();
const accept = registry.acceptList(["json"]);
const roundTrip = (value: unknown): unknown => registry.fromJson(registry.toJson(value));

describe("writing JSON", () => {
  it("writes plain data as JSON.stringify does", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        expect(JSON.stringify(JSON.parse(registry.toJson(value)))).toBe(JSON.stringify(value));
      }),
    );
  });

  it("names the value that cannot be written", () => {
    const user: Record<string, unknown> = { name: "x" };
    user["self"] = user;
    const refuse = (value: unknown, names?: readonly string[]): string => {
      try {
        registry.encode(value, "json", names);
      } catch (error) {
        expect(error).toMatchObject({ code: "CELERIAC_ENCODE_FAILED", name: "SerializationError" });
        return (error as CeleriacError<"CELERIAC_ENCODE_FAILED">).details.reason;
      }
      throw new Error("was written");
    };
    expect(refuse([[{ user }], {}, null], ["args", "kwargs", "embed"])).toBe("args[0].user.self refers back to args[0].user");
    expect(refuse([[], { onDone: () => 1 }, null], ["args", "kwargs", "embed"])).toBe("kwargs.onDone is a function");
    expect(refuse({ "a b": Symbol("x") })).toBe('value["a b"] is a symbol');
    expect(refuse([new Map()])).toContain("value[0] is a Map; send Object.fromEntries(map)");
    expect(refuse(Promise.resolve())).toBe("value is a promise; await it first");
    expect(refuse({ e: new TypeError("x") })).toContain("value.e is an error (TypeError)");
    expect(refuse(new Date(Number.NaN))).toContain("value is a date outside the years 1 to 9999");
    expect(refuse({ __type__: "decimal", __value__: "1" })).toContain("has exactly the keys __type__ and __value__");
    expect(refuse([1][Symbol.iterator]())).toContain("is an iterable");
    let deep: unknown = 1;
    for (let i = 0; i < 5000; i++) deep = [deep];
    expect(refuse(deep)).toContain("nested deeper than 900 levels");
  });

  it("lets a value that stands in two places be written twice", () => {
    const shared = { when: new Date(0) };
    expect(roundTrip([shared, shared])).toEqual([shared, shared]);
  });

  it("leaves undefined out of objects, and writes null for it elsewhere, for plain data and other", () => {
    expect(registry.toJson({ a: undefined, b: [undefined] })).toBe('{"b":[null]}');
    expect(registry.toJson({ a: undefined, b: [undefined], c: 1n })).toBe('{"b":[null],"c":1}');
    expect(registry.toJson(undefined)).toBe("null");
  });

  it("asks objects how they want to be written", () => {
    expect(registry.toJson([{ toJSON: () => ({ a: 1n }) }, { __json__: () => "b" }, new URL("http://x/")])).toBe(
      '[{"a":1},"b","http://x/"]',
    );
    class Money {
      amount = 5;
      #secret = 6;
      peek(): number {
        return this.#secret;
      }
    }
    expect(registry.toJson(new Money())).toBe('{"amount":5}');
  });

  it("keeps a large number a number", () => {
    expect(registry.toJson([1e16, -0, 2 ** 53])).toBe("[10000000000000000.0,-0.0,9007199254740992.0]");
  });
});

describe("reading JSON", () => {
  it("reads plain JSON as JSON.parse does", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        // Longer integers become bigints here.
        fc.pre(!/\d{16}/.test(text));
        const expected: unknown = JSON.parse(text);
        expect(registry.fromJson(text)).toEqual(expected);
        // A token that only the lenient reader takes makes it read all of the text.
        expect(registry.fromJson(`[${text}, NaN]`)).toEqual([expected, Number.NaN]);
      }),
    );
  });

  it("comes back with what was written, whatever JSON or kombu can hold", () => {
    const leaf = fc.oneof(
      fc.double(),
      fc.bigInt(),
      fc.string({ unit: "binary" }),
      fc.boolean(),
      fc.constant(null),
      fc.uint8Array(),
      fc.date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof({ depthSize: "small" }, leaf, fc.array(tie("value")), fc.dictionary(fc.string(), tie("value"))),
    }));
    fc.assert(
      fc.property(value, (written) => {
        expect(roundTrip(written)).toEqual(asRead(written));
      }),
    );
  });

  it("never throws anything but its own errors, whatever the bytes", () => {
    const jsonLike = fc
      .array(
        fc.constantFrom(
          "{",
          "}",
          "[",
          "]",
          ":",
          ",",
          '"',
          "\\",
          "u",
          "1",
          "-",
          ".",
          "e",
          "NaN",
          "Infinity",
          "null",
          '"__type__"',
          '"__value__"',
          '"bytes"',
          "9007199254740993",
          " ",
        ),
        { maxLength: 30 },
      )
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.string({ unit: "binary" }), jsonLike), (body) => {
        try {
          registry.decode({ body, contentType: "application/json", contentEncoding: "utf-8" }, accept);
        } catch (error) {
          expect(error).toMatchObject({ name: "SerializationError", code: "CELERIAC_DECODE_FAILED" });
        }
      }),
      { numRuns: 2000 },
    );
    for (const deep of [
      "[".repeat(100_000),
      `${"[".repeat(5000)}NaN${"]".repeat(5000)}`,
      `${'{"__type__":'.repeat(5000)}1${"}".repeat(5000)}`,
    ]) {
      expect(() => registry.fromJson(deep)).toThrow(CeleriacError);
    }
  });

  it("writes integers of any size as JSON's integers, and reads them back", () => {
    const value = [10n ** 30n, { deep: [-(2n ** 64n)] }, 2n ** 53n + 1n];
    expect(registry.toJson(value)).toBe('[1000000000000000000000000000000,{"deep":[-18446744073709551616]},9007199254740993]');
    expect(registry.fromJson(registry.toJson(value))).toEqual(value);
  });

  it("names a value that stands very deep by the begin and the end of its path", () => {
    let deep: unknown = 1;
    for (let i = 0; i < 20_000; i++) deep = [deep];
    expect(() => registry.toJson({ list: deep })).toThrow(
      /value\.list\[0\]\[0\].*\.\.\..*\[0\] \(900 levels\) is nested deeper than 900 levels/,
    );
    try {
      registry.toJson(deep);
    } catch (error) {
      expect((error as Error).message.length).toBeLessThan(300);
    }
  });

  it("keeps integers exact", () => {
    expect(registry.fromJson("[9007199254740991, 9007199254740993, -12345678901234567890, 12345678901234567.5, 1E400]")).toEqual([
      9007199254740991,
      9007199254740993n,
      -12345678901234567890n,
      Number("12345678901234567.5"),
      Number.POSITIVE_INFINITY,
    ]);
  });

  it("takes Python's tokens only where a value may stand", () => {
    expect(registry.fromJson('{"NaN": [NaN, -Infinity, Infinity, "NaN"]}')).toEqual({
      NaN: [Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, "NaN"],
    });
    for (const text of ["NaNx", "[Infinit]", "{NaN: 1}", "+1", "01", "[1,]", '{"a":1,}', "", "nul", '"\n"', '"a'])
      expect(() => registry.fromJson(text)).toThrow(/application\/json cannot be read/);
  });

  it.each([
    '{"__proto__": {"polluted": true}}',
    '{"a": NaN, "__proto__": {"polluted": true}}',
    '{"__proto__": {"__type__": "bytes", "__value__": "x"}}',
  ])("gives %s no prototype", (text) => {
    const value = registry.fromJson(text) as Record<string, unknown>;
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.hasOwn(value, "__proto__")).toBe(true);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(registry.toJson(value)).toContain('"__proto__"');
  });

  it("gives dates, exact where a Date is not", () => {
    const [plain, exact] = registry.fromJson(
      '[{"__type__":"datetime","__value__":"2024-01-02T03:04:05.678000+00:00"},{"__type__":"datetime","__value__":"2024-01-02T03:04:05.678901+01:00"}]',
    ) as [Date, ExactDate];
    expect(plain.constructor).toBe(Date);
    expect(plain.toISOString()).toBe("2024-01-02T03:04:05.678Z");
    expect(exact).toBeInstanceOf(ExactDate);
    expect(exact.toISOString()).toBe("2024-01-02T02:04:05.678Z");
    exact.setTime(0);
    expect(registry.toJson(exact)).toBe('{"__type__":"datetime","__value__":"1970-01-01T00:00:00+00:00"}');
  });

  it("reads and writes the types that an app registers", () => {
    class Point {
      readonly x: number;
      constructor(x: number) {
        this.x = x;
      }
    }
    const own = new SerializerRegistry();
    const row = {
      marker: "point",
      matches: (value: object): value is Point => value instanceof Point,
      encode: (point: Point) => [point.x],
      decode: (value: unknown) => new Point((value as number[])[0] ?? 0),
    };
    own.types.register(row);
    expect(own.fromJson(own.toJson({ at: new Point(3) }))).toEqual({ at: new Point(3) });
    expect(() => own.types.register(row)).toThrow(/"point" is already registered/);
    expect(() => registry.fromJson(own.toJson(new Point(1)))).toThrow(/the type "point" of a typed value is unknown/);
  });
});

/** A fraction-less number beyond 2^53 comes back as what it is; `-0` too. Bytes come back as plain Uint8Arrays. */
function asRead(value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (Array.isArray(value)) return value.map(asRead);
  if (value instanceof Date || value instanceof Uint8Array || typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asRead(inner)]));
}
