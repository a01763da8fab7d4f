import { expect, test } from "vitest";
import { renderValue } from "./value.ts";

test("shows a text as it is, and other values as JSON", () => {
  expect(["a b", { x: [1, null] }, null, undefined, 3].map(renderValue)).toEqual(["a b", '{"x":[1,null]}', "null", "null", "3"]);
});

test("writes big integers out", () => {
  expect(renderValue({ big: 12345678901234567890123n })).toBe('{"big":12345678901234567890123}');
});

test("shows what JSON cannot hold", () => {
  const circle: Record<string, unknown> = {};
  circle["self"] = circle;
  expect(renderValue(circle)).toContain("[Circular");
});
