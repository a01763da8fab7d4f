import { describe, expect, it } from "vitest";
import { SendAhead } from "./send-ahead.ts";

function learned(runTimeMs: number, times: number, ahead = new SendAhead()): SendAhead {
  for (let i = 0; i < times; i++) ahead.learn(runTimeMs);
  return ahead;
}

describe("SendAhead", () => {
  it("sends one ahead while it knows nothing, and where jobs take milliseconds", () => {
    expect(new SendAhead().depth).toBe(1);
    expect(learned(5, 1000).depth).toBe(1);
  });

  it("sends as many ahead as are over in two milliseconds, and never more than 64", () => {
    expect(learned(0.2, 1000).depth).toBe(10);
    expect(learned(0, 1000).depth).toBe(64);
  });

  it("falls back to one with the first job that takes longer", () => {
    expect(learned(4, 1, learned(0, 1000)).depth).toBe(1);
  });
});
