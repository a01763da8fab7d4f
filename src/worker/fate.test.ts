import { describe, expect, it } from "vitest";
import type { ExecutionOptions } from "../task/task-definition.ts";
import { ACK, fateOf, GIVE_BACK, mayDieAgain } from "./fate.ts";

const options = (given: Partial<ExecutionOptions> = {}): ExecutionOptions =>
  ({ acksOnFailure: true, acksLate: true, ...given }) as ExecutionOptions;

describe("the fate of a message", () => {
  it("is acknowledged after success, retry, ignore, expiry and failure", () => {
    for (const state of ["SUCCESS", "RETRY", "IGNORED", "REVOKED", "FAILURE"]) expect(fateOf({ state, runtime: 0 }, options())).toBe(ACK);
  });
  it("is a dead letter after a failure where failures are not acknowledged", () => {
    expect(fateOf({ state: "FAILURE", runtime: 0, repr: "Error('x')" }, options({ acksOnFailure: false }))).toEqual({
      kind: "dead-letter",
      reason: "failed",
      detail: "Error('x')",
    });
  });
  it("goes back where the task rejected it with requeue, and is a dead letter without", () => {
    expect(fateOf({ state: "REJECTED", runtime: 0, requeue: true }, options())).toBe(GIVE_BACK);
    expect(fateOf({ state: "REJECTED", runtime: 0, requeue: false, repr: "no" }, options())).toEqual({
      kind: "dead-letter",
      reason: "rejected",
      detail: "no",
    });
  });
  it("is a dead letter where the body cannot be read or the child does not know the task", () => {
    expect(fateOf({ state: "REJECTED", runtime: 0, malformed: true }, options())).toMatchObject({ reason: "malformed" });
    expect(fateOf({ state: "FAILURE", runtime: 0, unknown: true }, options())).toMatchObject({ reason: "unknown-task" });
  });
  it("counts deaths up to the limit, and none of them stops a message that never killed anybody", () => {
    expect([0, 1, 4, 5, 6].map((deaths) => mayDieAgain(deaths, 5))).toEqual([true, true, true, false, false]);
    expect([0, 1].map((deaths) => mayDieAgain(deaths, 0))).toEqual([true, false]);
  });
});
