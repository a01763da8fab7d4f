// The pool suite tested: a pool with one fault must fail in the test that is about it.
import { AssertionError } from "node:assert";
import { describe, expect, it } from "vitest";
import type { ExecutionPool, JobLoss, JobObserver, PoolFactory, PoolJob, PoolOptions } from "../../src/pool/contract.ts";
import { createPool as createAsyncPool } from "../../src/pools/async/index.ts";
import { createPool as createSoloPool } from "../../src/pools/solo/index.ts";
import { createPool as createThreadsPool } from "../../src/pools/threads/index.ts";
import { poolConformance } from "../../src/testing/conformance/pool/pool-conformance.ts";
import { createCollectingRunner } from "../support/collecting-runner.ts";
import { poolHarness } from "../support/pool-harness.ts";

/** Changes what passes between the suite and a pool. */
interface Fault {
  readonly options?: (options: PoolOptions) => PoolOptions;
  readonly job?: (job: PoolJob) => PoolJob;
  readonly observer?: (observer: JobObserver) => Partial<JobObserver>;
  readonly pool?: (pool: ExecutionPool) => Partial<ExecutionPool>;
}

function faulty(create: PoolFactory, fault: Fault): PoolFactory {
  return (options) => {
    const pool = create(fault.options?.(options) ?? options);
    const bound: ExecutionPool = {
      name: pool.name,
      capabilities: pool.capabilities,
      start: () => pool.start(),
      submit: (job, observer) => pool.submit(fault.job?.(job) ?? job, { ...delegate(observer), ...fault.observer?.(observer) }),
      abort: (id, reason) => pool.abort(id, reason),
      terminate: (id, signal) => pool.terminate(id, signal),
      withdraw: (count) => pool.withdraw(count),
      resize: (concurrency) => pool.resize(concurrency),
      restart: () => pool.restart(),
      info: () => pool.info(),
      stop: () => pool.stop(),
      kill: () => pool.kill(),
    };
    return { ...bound, ...fault.pool?.(pool) };
  };
}

function delegate(observer: JobObserver): JobObserver {
  return {
    onStarted: (info) => observer.onStarted(info),
    onMessage: (message) => observer.onMessage(message),
    onOutcome: (outcome) => observer.onOutcome(outcome),
    onLost: (loss) => observer.onLost(loss),
  };
}

async function failures(create: PoolFactory, titles: RegExp, patienceMs: number): Promise<string[]> {
  const runner = createCollectingRunner();
  const { name, capabilities } = create({ concurrency: 1, work: () => ({ header: {} }), entry: { module: "data:,", data: {} } });
  poolConformance({ ...runner, name, capabilities, createHarness: () => poolHarness(create), patienceMs, print: () => {} });
  const { results } = await runner.run(titles);
  expect(results.length, `tests that match ${titles.source}`).toBeGreaterThan(0);
  const failed = results.filter(({ error }) => error !== undefined);
  for (const { error } of failed) expect(error).toBeInstanceOf(AssertionError);
  return failed.map(({ path }) => path);
}

function without<K extends keyof PoolJob>(job: PoolJob, key: K): PoolJob {
  return { ...job, [key]: undefined };
}

const DIED: JobLoss = { kind: "died", pid: 1, exitCode: 1, signal: null, started: true };

const inProcess: readonly (readonly [string, RegExp, Fault])[] = [
  [
    "keeps an outcome to itself",
    /exactly one/,
    { observer: (to) => ({ onOutcome: (o) => void (o.header["value"] !== 77 && to.onOutcome(o)) }) },
  ],
  ["tells an outcome twice", /exactly one/, { observer: (to) => ({ onOutcome: (o) => [to.onOutcome(o), to.onOutcome(o)] }) }],
  ["does not tell of the start", /after it said that it started/, { observer: () => ({ onStarted: () => {} }) }],
  ["tells messages late", /messages in order/, { observer: (to) => ({ onMessage: (m) => queueMicrotask(() => to.onMessage(m)) }) }],
  [
    "makes bytes of texts",
    /texts texts/,
    { observer: (to) => ({ onOutcome: (o) => to.onOutcome({ ...o, body: Buffer.from(o.body ?? "") }) }) },
  ],
  ["takes a job's death for an outcome", /throws as the death/, { observer: (to) => ({ onLost: () => to.onOutcome({ header: {} }) }) }],
  ["does not abort", /aborts the signal of a running job/, { pool: () => ({ abort: () => true }) }],
  [
    "claims to abort what is not there",
    /does not have a job that has ended/,
    { pool: (pool) => ({ abort: (id, reason) => pool.abort(id, reason) || true }) },
  ],
  ["keeps jobs that it was to give up", /newest of the jobs that wait/, { pool: () => ({ withdraw: () => 2 }) }],
  ["forgets soft limits", /SoftTimeLimitExceeded/, { job: (job) => without(job, "softTimeLimitMs") }],
  ["runs more jobs than it shall", /and no more/, { options: (options) => ({ ...options, concurrency: 10 }) }],
  ["takes hard limits that it cannot hold", /refuses hard time limits/, { job: (job) => without(job, "timeLimitMs") }],
  ["interrupts jobs on stop", /lets running jobs end/, { pool: (pool) => ({ stop: () => pool.kill() }) }],
  ["forgets jobs that wait when it stops", /lets running jobs end/, { observer: () => ({ onLost: () => {} }) }],
  ["does not end on kill", /in the middle of a stop/, { pool: (pool) => ({ kill: () => pool.stop() }) }],
];

const withChildren: readonly (readonly [string, RegExp, Fault])[] = [
  ["forgets hard limits", /at its hard time limit/, { job: (job) => without(job, "timeLimitMs") }],
  ["calls a time limit a death", /at its hard time limit/, { observer: (to) => ({ onLost: () => to.onLost(DIED) }) }],
  ["keeps the reason of a death to itself", /exception nobody caught/, { observer: (to) => ({ onLost: () => to.onLost(DIED) }) }],
  ["never replaces a child", /asked/, { options: (options) => ({ ...options, maxTasksPerChild: undefined }) }],
  ["does not restart", /on restart/, { pool: () => ({ restart: () => Promise.resolve() }) }],
  ["keeps a rejection to itself", /nobody awaits/, { options: (options) => ({ ...options, onLog: () => {} }) }],
  ["does not tell of its children", /each child that comes/, { options: (options) => ({ ...options, onChild: undefined }) }],
  ["leaves its children alive", /leaves no process/, { pool: () => ({ stop: () => Promise.resolve() }) }],
];

describe("the pool suite", () => {
  it.each(inProcess)("fails a pool that %s", async (_, titles, fault) => {
    expect(await failures(faulty(createAsyncPool, fault), titles, 300)).not.toEqual([]);
  });

  it("fails a pool that mixes up its jobs' order", async () => {
    const create: PoolFactory = (options) => ({
      ...faulty(createAsyncPool, {})(options),
      name: "solo",
      capabilities: createSoloPool(options).capabilities,
    });
    expect(await failures(create, /in order, whatever/, 300)).not.toEqual([]);
  });

  it.each(withChildren)("fails a pool of children that %s", async (_, titles, fault) => {
    expect(await failures(faulty(createThreadsPool, fault), titles, 3000)).not.toEqual([]);
  });

  it("passes the same pools without a fault", async () => {
    expect(await failures(faulty(createAsyncPool, {}), /./, 5000)).toEqual([]);
  });
});
