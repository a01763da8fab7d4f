import { describe, expect, it } from "vitest";
import { FakeClock } from "../../testing/fake-clock.ts";
import { silentLogger } from "../../util/logger.ts";
import { ProgressWatchdog } from "./progress-watchdog.ts";

function setUp() {
  const clock = new FakeClock();
  const facts = { received: 0, room: true, waiting: 5, rebuilds: 0 };
  const watchdog = new ProgressWatchdog({
    clock,
    logger: silentLogger,
    stallMs: 1000,
    received: () => facts.received,
    hasRoom: () => facts.room,
    waiting: async () => facts.waiting,
    rebuild: () => void facts.rebuilds++,
  });
  watchdog.start();
  return { clock, facts, watchdog };
}

describe("the watchdog of a consumer", () => {
  it("rebuilds it where messages wait, slots are free and nothing comes", async () => {
    const { clock, facts, watchdog } = setUp();
    await clock.advance(1000);
    expect(facts.rebuilds).toBe(1);
    watchdog.stop();
  });
  it("leaves it alone while messages come, while all slots are taken, and while nothing waits", async () => {
    const { clock, facts, watchdog } = setUp();
    facts.received = 1;
    expect(await watchdog.runOnce()).toBe("moving");
    facts.room = false;
    expect(await watchdog.runOnce()).toBe("busy");
    facts.room = true;
    facts.waiting = 0;
    await clock.advance(10_000);
    expect(await watchdog.runOnce()).toBe("empty");
    expect(facts.rebuilds).toBe(0);
    watchdog.stop();
  });
  it("waits twice as long after each rebuild that brought nothing, and starts afresh when something came", async () => {
    const { clock, facts, watchdog } = setUp();
    await clock.advance(1000);
    await clock.advance(1000);
    expect(facts.rebuilds).toBe(1);
    await clock.advance(1000);
    expect(facts.rebuilds).toBe(2);
    facts.received++;
    await clock.advance(1000);
    await clock.advance(1000);
    expect(facts.rebuilds).toBe(3);
    watchdog.stop();
  });
});
