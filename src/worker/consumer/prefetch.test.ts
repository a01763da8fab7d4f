import { expect, test } from "vitest";
import { Prefetch } from "./prefetch.ts";

test("is so many for each slot, and one more for each message that only waits", () => {
  const applied: number[] = [];
  const prefetch = new Prefetch(3, 4);
  prefetch.attach({ setPrefetch: (count) => void applied.push(count) });
  prefetch.increment();
  prefetch.increment();
  prefetch.decrement();
  prefetch.setSlots(5);
  prefetch.setSlots(5);
  expect(applied).toEqual([13, 14, 13, 21]);
});

test("has no limit with a multiplier of 0, nor where AMQP could not say the number", () => {
  expect(new Prefetch(8, 0).count).toBe(0);
  expect(new Prefetch(40_000, 4).count).toBe(0);
});

test("keeps count while there is no consumer", () => {
  const prefetch = new Prefetch(1, 1);
  prefetch.increment();
  const applied: number[] = [];
  prefetch.attach({ setPrefetch: (count) => void applied.push(count) });
  prefetch.detach();
  prefetch.increment();
  expect([prefetch.count, applied]).toEqual([3, []]);
});
