import { expect, test } from "vitest";
import { renderTable } from "./table.ts";
import { renderValue } from "./value.ts";

test("puts cells under their headings, as wide as the widest", () => {
  expect(
    renderTable([
      ["NAME", "COUNT"],
      ["celery", "3"],
      ["a-long-queue-name", "12"],
    ]),
  ).toBe("NAME               COUNT\ncelery             3\na-long-queue-name  12");
});

test("shows values as JSON, text as itself, and what JSON cannot hold as Node does", () => {
  expect([renderValue({ a: [1, "x"] }), renderValue("plain"), renderValue(undefined), renderValue(null), renderValue(10n)]).toEqual([
    '{"a":[1,"x"]}',
    "plain",
    "null",
    "null",
    "10n",
  ]);
});
