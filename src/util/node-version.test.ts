import { expect, test } from "vitest";
import { nodeVersionProblem } from "./node-version.ts";

test("refuses a Node before 24.15 with a sentence that says what to do", () => {
  for (const version of ["20.19.1", "22.1.0", "24.14.9"]) expect(nodeVersionProblem(version)).toContain(`got: ${version}`);
});

test("takes Node 24.15 and every later one", () => {
  for (const version of ["24.15.0", "24.21.0", "25.0.0", "26.1.0-nightly"]) expect(nodeVersionProblem(version)).toBeUndefined();
});
