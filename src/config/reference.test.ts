import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { configurationReference } from "./reference.ts";
import { settingKeys } from "./settings-table.ts";

describe("the reference of settings", () => {
  it("is what docs/configuration.md holds; otherwise run: node scripts/write-configuration-docs.ts", () => {
    expect(readFileSync(new URL("../../docs/configuration.md", import.meta.url), "utf8")).toBe(configurationReference());
  });

  it("has a heading for every setting", () => {
    const headings = [...configurationReference().matchAll(/^### `(\w+)`/gm)].map((match) => match[1]);
    expect(headings.toSorted()).toEqual(settingKeys.toSorted());
  });

  it("lists each default that differs from Celery's", () => {
    expect(configurationReference()).toContain("| `taskAcksLate` | `true` | `false` |");
  });
});
