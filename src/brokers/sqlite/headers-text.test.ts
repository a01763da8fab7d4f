import fc from "fast-check";
import { expect, it } from "vitest";
import { headersText } from "./headers-text.ts";

it("gives what JSON.stringify gives, for headers that are like those before and for any others", () => {
  const value = fc.oneof(fc.constantFrom("a", "b", '"', "\u{e000}", null, undefined, 1, -0, Number.NaN, true), fc.jsonValue());
  const headers = fc.record(
    {
      task: fc.constantFrom("t", "u"),
      id: fc.oneof(fc.uuid(), fc.constantFrom("x", 'a"b', 7)),
      extra: value,
      root_id: fc.constantFrom("x", "y"),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.array(headers, { maxLength: 8 }), fc.uuid(), (list, id) => {
      for (const one of list.flatMap((each) => [each, each, { ...each, id }, { ...each, id: "x" }])) {
        expect(headersText(one)).toBe(JSON.stringify([one]));
      }
    }),
  );
});

it("sees that an object in the headers has changed", () => {
  const stamps: string[] = [];
  for (const id of ["a", "b", "c"]) {
    stamps.push(id);
    expect(headersText({ id, stamps })).toBe(JSON.stringify([{ id, stamps }]));
  }
});

it("writes own fields only, as JSON.stringify does", () => {
  for (const id of ["a", "b"]) headersText({ id, task: "t" });
  const inheriting: Record<string, unknown> = Object.create({ task: "t" });
  inheriting["id"] = "c";
  expect(headersText(inheriting)).toBe('[{"id":"c"}]');
});
