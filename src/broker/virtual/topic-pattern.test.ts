import { equal } from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "vitest";
import { compileTopicPattern } from "./topic-pattern.ts";

describe("compileTopicPattern", () => {
  const table: readonly (readonly [pattern: string, matching: readonly string[], others: readonly string[]])[] = [
    ["a.b", ["a.b"], ["a", "a.b.c", "", "A.b", "axb"]],
    ["", [""], ["a", "."]],
    ["*", ["a", "ü"], ["", "a.b"]],
    ["#", ["", "a", "a.b.c", "."], []],
    ["a.*", ["a.b", "a."], ["a", "a.b.c", "b.a"]],
    ["*.b.*", ["a.b.c"], ["a.b", "b.c", "a.c.b"]],
    ["a.#", ["a", "a.b", "a.b.c"], ["", "b", "ab"]],
    ["#.z", ["z", "a.z", "a.b.z"], ["", "z.a", "az"]],
    ["a.#.z", ["a.z", "a.b.z", "a.b.c.z", "a.z.z"], ["a", "z", "a.z.b"]],
    ["#.b.#", ["b", "a.b", "b.c", "a.a.b.c.c"], ["", "a", "ab"]],
    ["*.#", ["a", "a.b"], [""]],
    ["#.*", ["a", "a.b"], [""]],
    ["#.a.#.a", ["a.a", "x.a.y.a"], ["a", "a.a.b"]],
    ["a+.(b)", ["a+.(b)"], ["aa.b"]],
  ];
  for (const [pattern, matching, others] of table) {
    it(`matches ${JSON.stringify(pattern)} by AMQP's rules`, () => {
      for (const key of matching) equal(compileTopicPattern(pattern)(key), true, key);
      for (const key of others) equal(compileTopicPattern(pattern)(key), false, key);
    });
  }

  it("agrees with the definition by recursion for any pattern and key", () => {
    const defined = (pattern: readonly string[], key: readonly string[]): boolean => {
      const [first, ...rest] = pattern;
      if (first === undefined) return key.length === 0;
      if (first === "#") return defined(rest, key) || (key.length > 0 && defined(pattern, key.slice(1)));
      return key.length > 0 && (first === "*" || first === key[0]) && defined(rest, key.slice(1));
    };
    const word = fc.constantFrom("a", "b");
    fc.assert(
      fc.property(
        fc.array(fc.oneof(word, fc.constantFrom("*", "#")), { maxLength: 6, minLength: 1 }),
        fc.array(word, { maxLength: 7 }),
        (pattern, key) => {
          equal(compileTopicPattern(pattern.join("."))(key.join(".")), defined(pattern, key));
        },
      ),
      { verbose: 1 },
    );
  });

  it("stays fast for a pattern that would send a naive matcher back and forth", () => {
    const key = Array.from({ length: 5000 }, () => "a").join(".");
    equal(compileTopicPattern("#.a.#.a.#.a.#.a.#.a.#.a.#.b")(key), false);
  });
});
