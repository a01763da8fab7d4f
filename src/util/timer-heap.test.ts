import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Clock, systemClock, type Timer } from "./clock.ts";
import { TimerHeap } from "./timer-heap.ts";

/** A clock with one timer, which is what a heap of timers may use. */
class OneTimerClock implements Clock {
  time = 0;
  armed: { readonly callback: () => void; readonly at: number } | undefined;
  now = (): number => this.time;
  monotonic = (): number => this.time;
  sleep = systemClock.sleep.bind(systemClock);
  setTimer(callback: () => void, delayMs: number): Timer {
    expect(this.armed).toBeUndefined();
    const armed = { callback, at: this.time + delayMs };
    this.armed = armed;
    return {
      cancel: () => {
        if (this.armed === armed) this.armed = undefined;
      },
    };
  }

  /** Moves time forward, firing what falls due. */
  advance(milliseconds: number): void {
    const target = this.time + milliseconds;
    for (let next = this.armed; next && next.at <= target; next = this.armed) {
      this.time = Math.max(this.time, next.at);
      this.armed = undefined;
      next.callback();
    }
    this.time = target;
  }
}

describe("a heap of timers", () => {
  it("fires each when its time has come, on one timer of the clock", () => {
    const clock = new OneTimerClock();
    const [heap, fired] = [new TimerHeap(clock), [] as string[]];
    heap.set(() => fired.push("b"), 20);
    heap.set(() => fired.push("a"), 10);
    heap.set(() => fired.push("c"), 30);
    clock.advance(9);
    expect(fired).toEqual([]);
    clock.advance(1);
    expect(fired).toEqual(["a"]);
    clock.advance(100);
    expect(fired).toEqual(["a", "b", "c"]);
    expect([heap.size, clock.armed]).toEqual([0, undefined]);
  });
  it("leaves no timer behind when all are cancelled, also twice and after firing", () => {
    const clock = new OneTimerClock();
    const heap = new TimerHeap(clock);
    const timers = Array.from({ length: 1000 }, (_, i) => heap.set(() => {}, 1000 - i));
    clock.advance(10);
    expect(heap.size).toBe(990);
    for (const timer of [...timers, ...timers]) timer.cancel();
    expect([heap.size, clock.armed]).toEqual([0, undefined]);
    heap.set(() => {}, 5);
    heap.clear();
    expect([heap.size, clock.armed]).toEqual([0, undefined]);
  });
  it("lets a callback set and cancel others", () => {
    const clock = new OneTimerClock();
    const [heap, fired] = [new TimerHeap(clock), [] as string[]];
    const cancelled = heap.set(() => fired.push("cancelled"), 10);
    heap.set(() => {
      fired.push("first");
      cancelled.cancel();
      heap.set(() => fired.push("later"), 0);
    }, 5);
    clock.advance(50);
    expect(fired).toEqual(["first", "later"]);
  });
  it("fires exactly those that were not cancelled, in the order of their times, whatever is done", () => {
    const actions = fc.array(fc.tuple(fc.constantFrom("set", "cancel", "advance"), fc.nat({ max: 100 })), { maxLength: 300 });
    fc.assert(
      fc.property(actions, (script) => {
        const clock = new OneTimerClock();
        const heap = new TimerHeap(clock);
        const live = new Map<number, { readonly at: number; readonly timer: Timer }>();
        const fired: number[] = [];
        for (const [i, [action, n]] of script.entries()) {
          if (action === "set") {
            const timer = heap.set(() => {
              expect(live.get(i)?.at).toBeLessThanOrEqual(clock.time);
              fired.push(live.get(i)?.at ?? Number.NaN);
              live.delete(i);
            }, n);
            live.set(i, { at: clock.time + n, timer });
          } else if (action === "cancel") {
            const [id, chosen] = [...live][n % Math.max(1, live.size)] ?? [];
            chosen?.timer.cancel();
            if (id !== undefined) live.delete(id);
          } else clock.advance(n);
          expect(heap.size).toBe(live.size);
          for (const { at } of live.values()) expect(at).toBeGreaterThanOrEqual(action === "advance" ? clock.time : 0);
        }
        expect(fired).toEqual(fired.toSorted((a, b) => a - b));
      }),
    );
  });
});
