import { describe, expect, it } from "vitest";
import { FakeClock } from "../../testing/fake-clock.ts";
import { silentLogger } from "../../util/logger.ts";
import { Prefetch } from "./prefetch.ts";
import { PrefetchBoost } from "./prefetch-boost.ts";

function setUp() {
  const clock = new FakeClock();
  const prefetch = new Prefetch(2, 4);
  const facts = { held: 0, givenBack: 0 };
  const boost = new PrefetchBoost({
    prefetch,
    clock,
    logger: silentLogger,
    held: () => facts.held,
    giveBack: (count) => void (facts.givenBack += count),
  });
  const runs = (count: number, seconds: number): void => {
    for (let i = 0; i < count; i++) boost.learn(seconds);
  };
  return { clock, prefetch, facts, boost, runs };
}

describe("the boost of a prefetch", () => {
  it("begins after many short runs in a row", () => {
    const { prefetch, boost, runs } = setUp();
    runs(63, 0.0001);
    runs(1, 0.01);
    runs(63, 0.0001);
    expect(prefetch.count).toBe(8);
    runs(1, 0.0001);
    expect(prefetch.count).toBe(64);
    boost.stop();
  });
  it("ends at a long run, and gives back what is held beyond the usual", () => {
    const { prefetch, facts, runs } = setUp();
    runs(64, 0.0001);
    facts.held = 60;
    runs(1, 1);
    expect([prefetch.count, facts.givenBack]).toEqual([8, 52]);
  });
  it("ends where nothing ends for a while, and goes on where something does", async () => {
    const { clock, prefetch, boost, runs } = setUp();
    runs(64, 0.0001);
    for (let i = 0; i < 5; i++) {
      runs(1, 0.01);
      await clock.advance(50);
    }
    expect(prefetch.count).toBe(64);
    await clock.advance(50);
    expect([prefetch.count, boost.active]).toEqual([8, false]);
  });
});
