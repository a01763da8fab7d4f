// A test runner that runs a conformance suite inside a test, so that it can be shown that the suite fails where it must.
import type { TestRunner } from "../../src/testing/conformance/test-runner.ts";

/** What became of one test. */
export interface CollectedResult {
  /** The titles of its chapters and its own, joined with ` > `. */
  readonly path: string;
  /** What it threw; undefined where it passed. */
  readonly error: unknown;
}

/** What became of a whole suite. Tests are named by their paths. */
export interface CollectedOutcome {
  readonly passed: readonly string[];
  /** With what each threw. */
  readonly failed: ReadonlyMap<string, unknown>;
  readonly skipped: readonly string[];
}

/** A runner that keeps what is registered, to be run when asked. */
export interface CollectingRunner extends TestRunner {
  readonly skipped: readonly string[];
  /** Runs the tests whose path has this in it, one after the other. */
  run(
    wanted?: string | RegExp,
  ): Promise<{ readonly failed: readonly string[]; readonly count: number; readonly results: readonly CollectedResult[] }>;
}

interface Registered {
  readonly path: readonly string[];
  readonly run: () => Promise<void> | void;
}

/** Makes a runner, whose functions may be taken apart. */
export function createCollectingRunner(): CollectingRunner {
  const at: string[] = [];
  const tests: Registered[] = [];
  const before: Registered[] = [];
  const after: Registered[] = [];
  const skipped: string[] = [];
  const register = (list: Registered[], run: Registered["run"], title?: string): void => {
    list.push({ path: title === undefined ? [...at] : [...at, title], run });
  };
  return {
    skipped,
    describe(title, define) {
      at.push(title);
      define();
      at.pop();
    },
    it: Object.assign((title: string, run: Registered["run"]) => register(tests, run, title), {
      skip: (title: string) => void skipped.push([...at, title].join(" > ")),
    }),
    beforeEach: (run) => register(before, run),
    afterEach: (run) => register(after, run),
    async run(wanted = "") {
      const results: CollectedResult[] = [];
      for (const test of tests) {
        const path = test.path.join(" > ");
        if (typeof wanted === "string" ? !path.includes(wanted) : !wanted.test(path)) continue;
        const isOf = (hook: Registered): boolean => hook.path.every((title, i) => title === test.path[i]);
        results.push({ path, error: await errorOf([...before.filter(isOf), test], after.filter(isOf)) });
      }
      return { failed: results.filter(({ error }) => error !== undefined).map(({ path }) => path), count: results.length, results };
    },
  };
}

/** Registers a suite and runs those of its tests whose path matches; all, where nothing is said. */
export async function runCollected(define: (runner: TestRunner) => void, wanted?: RegExp): Promise<CollectedOutcome> {
  const runner = createCollectingRunner();
  define(runner);
  const { results } = await runner.run(wanted);
  return {
    passed: results.filter(({ error }) => error === undefined).map(({ path }) => path),
    failed: new Map(results.filter(({ error }) => error !== undefined).map(({ path, error }) => [path, error])),
    skipped: runner.skipped,
  };
}

/** What the steps throw, or what is thrown while tidying up after them, which is done in any case. */
async function errorOf(steps: readonly Registered[], tidyUp: readonly Registered[]): Promise<unknown> {
  let error: unknown;
  for (const part of [steps, tidyUp]) {
    try {
      for (const { run } of part) await run();
    } catch (thrown) {
      error ??= thrown;
    }
  }
  return error;
}
