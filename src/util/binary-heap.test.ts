import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "vitest";
import { BinaryHeap } from "./binary-heap.ts";

describe("BinaryHeap", () => {
  it("gives items in order, whatever the order of pushes and pops", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.integer({ min: 0, max: 50 }), fc.constant("pop" as const)), { maxLength: 200 }), (steps) => {
        const heap = new BinaryHeap<number>((a, b) => a < b);
        const model: number[] = [];
        for (const step of steps) {
          if (step === "pop") {
            equal(heap.peek(), model[0]);
            equal(heap.pop(), model.shift());
          } else {
            heap.push(step);
            model.push(step);
            model.sort((a, b) => a - b);
          }
          equal(heap.size, model.length);
        }
        heap.retain((item) => item % 2 === 0);
        const rest: number[] = [];
        for (let item = heap.pop(); item !== undefined; item = heap.pop()) rest.push(item);
        deepEqual(
          rest,
          model.filter((item) => item % 2 === 0),
        );
      }),
      { verbose: 1 },
    );
  });
});
