import { describe, expect, it } from "vitest";
import { parameterList } from "./parameter-list.ts";

const cases: readonly (readonly [(...args: never[]) => unknown, number, boolean])[] = [
  [() => 0, 0, false],
  [(a: unknown) => a, 1, false],
  [(a: unknown, b = 3) => [a, b], 2, false],
  [(a: unknown, ...rest: unknown[]) => [a, rest], 1, true],
  [({ a, b }: { a: unknown; b: unknown }, [c, d]: readonly unknown[] = [1, 2]) => [a, b, c, d], 2, false],
  [(a = ",(", b = `)${"x"}`, c = ")" /* , d */) => [a, b, c], 3, false],
  [
    // a comment, with (brackets
    async function named(a: unknown, b: unknown /* ) */) {
      await Promise.resolve();
      return [a, b];
    },
    2,
    false,
  ],
  [
    function () {
      // oxlint-disable-next-line prefer-rest-params -- what is tested
      return arguments.length;
    },
    0,
    true,
  ],
  [Math.max as (...args: never[]) => unknown, 2, true],
  [((a: unknown, b: unknown) => [a, b]).bind(null) as (...args: never[]) => unknown, 2, true],
  [
    class {
      static method(a: unknown, b: unknown, c: unknown): unknown {
        return [a, b, c];
      }
    }.method,
    3,
    false,
  ],
];

describe("a function's parameters", () => {
  it.each(cases)("of %s are counted", (fn, count, open) => {
    expect(parameterList(fn)).toEqual({ count, open });
  });

  it("of arrow functions without parentheses are one", () => {
    // A transpiler would put parentheses around it.
    expect(parameterList(new Function("return x => x")() as () => unknown)).toEqual({ count: 1, open: false });
    expect(parameterList(new Function("return async x => (x, 2)")() as () => unknown)).toEqual({ count: 1, open: false });
  });
});
