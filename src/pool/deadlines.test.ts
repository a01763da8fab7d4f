import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Clock, Timer } from "../util/clock.ts";
import { Deadlines } from "./deadlines.ts";

/** A clock of one timer, as many as Deadlines ever has. */
class OneTimerClock implements Clock {
  time = 0;
  timersSet = 0;
  #armed: { readonly at: number; readonly callback: () => void } | undefined;

  now(): number {
    return this.time;
  }

  monotonic(): number {
    return this.time;
  }

  setTimer(callback: () => void, delayMs: number): Timer {
    expect(this.#armed).toBeUndefined();
    this.timersSet++;
    const armed = { at: this.time + delayMs, callback };
    this.#armed = armed;
    return {
      cancel: () => {
        if (this.#armed === armed) this.#armed = undefined;
      },
    };
  }

  sleep(): Promise<void> {
    throw new Error("not used");
  }

  advanceTo(time: number): void {
    while (this.#armed && this.#armed.at <= time) {
      const { at, callback } = this.#armed;
      this.#armed = undefined;
      this.time = at;
      callback();
    }
    this.time = time;
  }

  get isArmed(): boolean {
    return this.#armed !== undefined;
  }
}

describe("Deadlines", () => {
  it("come in order of time, each once, and not when they were cancelled", () => {
    const operations = fc.array(fc.tuple(fc.integer({ min: 0, max: 1000 }), fc.boolean()), { maxLength: 60 });
    fc.assert(
      fc.property(operations, (wanted) => {
        const clock = new OneTimerClock();
        const deadlines = new Deadlines(clock);
        const came: number[] = [];
        const all = wanted.map(([delay]) => deadlines.add(delay, () => came.push(delay)));
        for (const [i, [, isCancelled]] of wanted.entries()) if (isCancelled) all[i]?.cancel();
        const kept = wanted.filter(([, isCancelled]) => !isCancelled).map(([delay]) => delay);
        expect(deadlines.size).toBe(kept.length);
        clock.advanceTo(1000);
        expect(came).toEqual(kept.toSorted((a, b) => a - b));
        expect(deadlines.size).toBe(0);
        for (const deadline of all) deadline.cancel();
      }),
    );
  });

  it("need no new timer for a later one, nor for one that is cancelled", () => {
    const clock = new OneTimerClock();
    const deadlines = new Deadlines(clock);
    for (let i = 0; i < 1000; i++) deadlines.add(100 + i, () => {}).cancel();
    expect(clock.timersSet).toBe(1);
    expect(deadlines.size).toBe(0);
  });

  it("do not come after clear", () => {
    const clock = new OneTimerClock();
    const deadlines = new Deadlines(clock);
    const deadline = deadlines.add(10, () => expect.unreachable());
    deadlines.clear();
    expect(clock.isArmed).toBe(false);
    deadline.cancel();
    clock.advanceTo(20);
  });
});
