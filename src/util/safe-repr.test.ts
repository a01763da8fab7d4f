import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { argsRepr, kwargsRepr, pythonNumber, safeRepr } from "./safe-repr.ts";

describe("safeRepr", () => {
  it("shows arguments as Python does", () => {
    expect(argsRepr([])).toBe("()");
    expect(argsRepr([1])).toBe("(1,)");
    expect(argsRepr([1, "a", null, true, undefined, [2]])).toBe("(1, 'a', None, True, None, [2])");
    expect(kwargsRepr({})).toBe("{}");
    expect(kwargsRepr({ a: 1, b: { c: "d" } })).toBe("{'a': 1, 'b': {'c': 'd'}}");
  });

  it("says where a value contains itself", () => {
    const list: unknown[] = [1];
    list.push({ list });
    expect(safeRepr(list)).toBe("[1, {'list': <Recursion on list>}]");
  });

  it("asks a value how Python would show it, and names other objects by their class", () => {
    class Point {}
    expect(safeRepr([new Point(), new TypeError("no"), () => 1, Symbol("s"), new Date(Number.NaN)])).toBe(
      "[<Point object>, TypeError('no'), <function anonymous>, Symbol(s), <Invalid Date>]",
    );
    class Own {
      toPythonRepr(): string {
        return "Own()";
      }
    }
    expect(safeRepr(new Own())).toBe("Own()");
  });

  it("does not cut a character in half", () => {
    expect(safeRepr("\u{1d11e}".repeat(10), { maxLength: 5 }).isWellFormed()).toBe(true);
  });

  it("stays near its budget whatever it is given", () => {
    fc.assert(
      fc.property(fc.anything(), fc.integer({ min: 1, max: 200 }), (value, maxLength) => {
        expect(safeRepr(value, { maxLength }).length).toBeLessThan(maxLength * 3 + 200);
      }),
    );
  });
});

describe("pythonNumber", () => {
  it("writes numbers as Python does", () => {
    expect([1, 0.1, 1e-7, 0.00001, -0, 1e22, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(pythonNumber)).toEqual([
      "1",
      "0.1",
      "1e-07",
      "1e-05",
      "-0.0",
      "1e+22",
      "nan",
      "inf",
      "-inf",
    ]);
  });
});
