import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { renderSettingsInterface } from "../../scripts/settings-interface.ts";

it("the written types of settings are current; otherwise run: node scripts/write-settings-interface.ts", () => {
  expect(readFileSync(new URL("../../src/config/settings.ts", import.meta.url), "utf8")).toBe(renderSettingsInterface());
});
