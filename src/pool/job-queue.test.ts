import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { JobQueue } from "./job-queue.ts";

describe("JobQueue", () => {
  it("behaves as an array does", () => {
    const steps = fc.array(fc.constantFrom("push", "push", "unshift", "shift", "peek", "some", "takeLast"), { maxLength: 200 });
    fc.assert(
      fc.property(steps, (all) => {
        const queue = new JobQueue<number>();
        const model: number[] = [];
        for (const [i, step] of all.entries()) {
          if (step === "push") {
            queue.push(i);
            model.push(i);
          } else if (step === "unshift") {
            queue.unshift(i);
            model.unshift(i);
          } else if (step === "shift") expect(queue.shift()).toBe(model.shift());
          else if (step === "takeLast") expect(queue.takeLast(2)).toEqual(model.splice(Math.max(0, model.length - 2)));
          else if (step === "peek") expect(queue.peek()).toBe(model[0]);
          else expect(queue.some((item) => item === i - 2)).toBe(model.includes(i - 2));
          expect(queue.size).toBe(model.length);
        }
        expect(queue.takeAll()).toEqual(model);
        expect(queue.size).toBe(0);
      }),
    );
  });
});
