import { deepEqual, equal, rejects } from "node:assert/strict";
import { describe, it } from "vitest";
import { FakeClock } from "./fake-clock.ts";

describe("FakeClock", () => {
  it("fires due timers by time, then by order of setting, and shows each its own time", async () => {
    const clock = new FakeClock(1000);
    const fired: string[] = [];
    for (const [name, delay] of [
      ["c", 30],
      ["a", 10],
      ["b", 10],
      ["late", 31],
    ] as const) {
      clock.setTimer(() => fired.push(`${name}@${clock.now()}`), delay);
    }
    await clock.advance(30);
    deepEqual(fired, ["a@1010", "b@1010", "c@1030"]);
    equal(clock.pendingTimers, 1);
    equal(clock.nextTimerMs, 1);
    equal(clock.monotonic(), 30);
  });

  it("fires timers that callbacks and promises set on the way", async () => {
    const clock = new FakeClock(0);
    const seen: number[] = [];
    const loop = async (): Promise<void> => {
      for (let i = 0; i < 3; i++) {
        await clock.sleep(10);
        seen.push(clock.now());
      }
    };
    const done = loop();
    await clock.advance(30);
    await done;
    deepEqual(seen, [10, 20, 30]);
    equal(clock.pendingTimers, 0);
  });

  it("forgets a cancelled timer and an aborted sleep", async () => {
    const clock = new FakeClock();
    clock
      .setTimer(() => {
        throw new Error("fired although it was cancelled");
      }, 5)
      .cancel();
    const controller = new AbortController();
    const sleeping = clock.sleep(1000, controller.signal);
    controller.abort(new Error("enough"));
    await rejects(sleeping, /enough/);
    await rejects(clock.sleep(1, controller.signal), /enough/);
    equal(clock.pendingTimers, 0);
    clock.advanceNow(10);
  });
});
