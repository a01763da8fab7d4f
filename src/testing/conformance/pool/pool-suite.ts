// What the chapters of the pool suite share: pools that are ended after each test, jobs that are watched, waiting with a deadline, and skips
// with a reason.
import assert from "node:assert/strict";
import type { ExecutionPool, PoolCapabilities, PoolJob, PoolOptions } from "../../../pool/contract.ts";
import type { TestRunner } from "../test-runner.ts";
import type { Errand } from "./conformance-work.ts";
import { JobRecord } from "./job-record.ts";

/** What the suite asks of a pool; the driver adds `work` and `entry`. */
export type PoolRequest = Omit<PoolOptions, "work" | "entry">;

/** Makes pools for one test. */
export interface PoolHarness {
  /** A pool that has not been started, whose jobs are done by `conformanceWork`. */
  createPool(options: PoolRequest): ExecutionPool;
  /** Called after the pools were ended. */
  close?(): Promise<void> | void;
}

/** What the pool suite is given. */
export interface PoolConformanceOptions extends TestRunner {
  readonly name: string;
  /** What the pool claims; a test holds it to that. */
  readonly capabilities: PoolCapabilities;
  createHarness(): Promise<PoolHarness> | PoolHarness;
  /** Longest wait for something that must happen, in milliseconds. @default 20000 */
  readonly patienceMs?: number;
  /** Where the reasons of skips are printed. @default standard error */
  readonly print?: (line: string) => void;
}

/** The running suite, as chapters see it. */
export interface PoolSuite extends TestRunner {
  readonly capabilities: PoolCapabilities;
  /** Makes and starts a pool; it is killed after the test where it still runs. */
  startPool(options?: Partial<PoolRequest>): Promise<ExecutionPool>;
  /** Makes a pool; it is killed after the test. */
  createPool(options?: Partial<PoolRequest>): ExecutionPool;
  /** Submits a job with an id of its own. */
  submit(pool: ExecutionPool, errand: Errand, job?: Partial<PoolJob>): SubmittedJob;
  /** A test that runs only where the pool has a capability, or has not; else it is skipped and the reason printed. */
  itWhere(capability: keyof PoolCapabilities, wanted: boolean, reason: string, title: string, run: () => Promise<void>): void;
  /** Resolves as the promise does; fails with `what` when that takes too long. */
  within<T>(promise: Promise<T>, what: string): Promise<T>;
  /** Asks again until the condition holds; fails with `what` when that takes too long. For what only the system can tell. */
  eventually(condition: () => Promise<boolean> | boolean, what: string): Promise<void>;
}

/** A job that was submitted, and what its observer was told. */
export interface SubmittedJob {
  readonly id: string;
  readonly record: JobRecord;
}

/** Prepares the suite: a harness for each test, and all its pools ended after it. */
export function createPoolSuite(options: PoolConformanceOptions): PoolSuite {
  const { capabilities, name, patienceMs = 20_000, print = (line: string) => void process.stderr.write(`${line}\n`) } = options;
  let harness: PoolHarness | undefined;
  let pools: ExecutionPool[] = [];
  let jobs = 0;
  const createPool = (request: Partial<PoolRequest> = {}): ExecutionPool => {
    const made = harness ?? assert.fail("no test is running");
    // A machine that runs many tests at once starts children slowly.
    const pool = made.createPool({ concurrency: 1, aliveTimeoutMs: patienceMs, onLog: () => {}, ...request });
    pools.push(pool);
    return pool;
  };
  const within = <T>(promise: Promise<T>, what: string): Promise<T> => inTime(promise, patienceMs, what);
  options.beforeEach(async () => {
    harness = await options.createHarness();
  });
  options.afterEach(async () => {
    const [made, used] = [pools, harness];
    [pools, harness] = [[], undefined];
    try {
      await within(Promise.all(made.map((pool) => pool.kill())), "the end of the test's pools");
    } finally {
      await used?.close?.();
    }
  });
  return {
    describe: options.describe,
    it: options.it,
    beforeEach: options.beforeEach,
    afterEach: options.afterEach,
    capabilities,
    createPool,
    async startPool(request) {
      const pool = createPool(request);
      await within(pool.start(), "the start of the pool");
      return pool;
    },
    submit(pool, errand, job) {
      const record = new JobRecord();
      const id = job?.id ?? `job-${jobs++}`;
      pool.submit({ header: { ...errand }, body: "", ...job, id }, record);
      return { id, record };
    },
    itWhere(capability, wanted, reason, title, run) {
      if (capabilities[capability] === wanted) {
        options.it(title, run);
        return;
      }
      const why = `the capability ${capability} of ${name} is ${String(!wanted)}: ${reason}`;
      print(`skipped: ${title} (${why})`);
      options.it.skip(`${title} (${why})`, run);
    },
    within,
    eventually: (condition, what) => eventually(condition, patienceMs, what),
  };
}

async function inTime<T>(promise: Promise<T>, patienceMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new assert.AssertionError({ message: `${what} did not come within ${patienceMs} ms` })), patienceMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function eventually(condition: () => Promise<boolean> | boolean, patienceMs: number, what: string): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await condition())) {
    if (performance.now() > deadline) assert.fail(`${what} did not come within ${patienceMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
