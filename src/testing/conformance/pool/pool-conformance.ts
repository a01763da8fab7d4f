// The conformance suite of execution pools: every pool runs it, one chapter a file.
import assert from "node:assert/strict";
import { childrenChapter } from "./children.ts";
import { concurrencyChapter } from "./concurrency.ts";
import { deathsChapter } from "./deaths.ts";
import { endingChapter } from "./ending.ts";
import { outcomesChapter } from "./outcomes.ts";
import { createPoolSuite, type PoolConformanceOptions } from "./pool-suite.ts";
import { stoppingAJobChapter } from "./stopping-a-job.ts";

/**
 * Registers the tests that every execution pool must pass. Its jobs are done by `conformanceWork`.
 * @example
 * poolConformance({ describe, it, beforeEach, afterEach, name: "prefork", capabilities, createHarness: () => ({ createPool }) });
 */
export function poolConformance(options: PoolConformanceOptions): void {
  options.describe(`the pool ${options.name}`, () => {
    const suite = createPoolSuite(options);
    suite.it("has the name and the capabilities that it is said to have", () => {
      const pool = suite.createPool();
      assert.equal(pool.name, options.name);
      assert.deepEqual(pool.capabilities, options.capabilities);
    });
    outcomesChapter(suite);
    concurrencyChapter(suite);
    stoppingAJobChapter(suite);
    deathsChapter(suite);
    childrenChapter(suite);
    endingChapter(suite);
  });
}
