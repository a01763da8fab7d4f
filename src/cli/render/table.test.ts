import { expect, test } from "vitest";
import { renderTable } from "./table.ts";

test("puts cells under their headings, as wide as the widest", () => {
  expect(
    renderTable([
      ["NAME", "COUNT"],
      ["celery", "3"],
      ["a-long-queue-name", "12"],
    ]),
  ).toBe("NAME               COUNT\ncelery             3\na-long-queue-name  12");
});
