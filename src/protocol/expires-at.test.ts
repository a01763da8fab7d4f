import { expect, it } from "vitest";
import { expiresAt } from "./expires-at.ts";

it("reads a time of expiry as a text and as seconds; what is no time never comes", () => {
  expect(expiresAt("2026-01-02T03:04:05.5+00:00")).toBe(Date.UTC(2026, 0, 2, 3, 4, 5, 500));
  expect(expiresAt(1.5)).toBe(1500);
  expect(expiresAt("some day")).toBe(Number.POSITIVE_INFINITY);
});
