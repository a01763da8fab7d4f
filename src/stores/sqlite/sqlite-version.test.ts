import { describe, expect, it } from "vitest";
import { isSafeForWal } from "./sqlite-version.ts";

describe("isSafeForWal", () => {
  it.each(["3.6.23", "3.44.6", "3.44.7", "3.50.7", "3.51.3", "3.52.0", "3.53.4", "4.0.0"])("trusts %s", (version) => {
    expect(isSafeForWal(version)).toBe(true);
  });
  it.each(["3.7.0", "3.40.1", "3.44.5", "3.45.0", "3.50.6", "3.51.0", "3.51.2"])("does not trust %s", (version) => {
    expect(isSafeForWal(version)).toBe(false);
  });
});
