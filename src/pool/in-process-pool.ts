// A pool without children: jobs run in this event loop. A job whose work is done synchronously costs a call and nothing else; after some
// milliseconds of such jobs the event loop gets a turn, so that a burst does not starve what the worker does besides. What only children
// can do is refused with a sentence.
import { performance } from "node:perf_hooks";
import { PoolError } from "../errors/celeriac-error.ts";
import { SoftTimeLimitExceeded } from "../errors/task-errors.ts";
import { systemClock } from "../util/clock.ts";
import { createDeferred, type Deferred } from "../util/deferred.ts";
import { AbortOnDemand, abortError } from "./abort-on-demand.ts";
import type {
  ExecutionPool,
  JobLoss,
  JobObserver,
  JsonRecord,
  PoolCapabilities,
  PoolInfo,
  PoolJob,
  PoolOptions,
  PoolOutcome,
  RunningJob,
} from "./contract.ts";
import { type Deadline, Deadlines } from "./deadlines.ts";
import { errorText } from "./error-text.ts";
import { JobQueue } from "./job-queue.ts";
import { sayLog } from "./pool-log.ts";

/** What makes one in-process pool differ from another. */
export interface InProcessKind {
  readonly name: string;
  /** Runs more than one job at a time. */
  readonly isConcurrent: boolean;
}

/** How long jobs may follow each other before the event loop gets a turn. */
const TURN_MS = 5;
/** The clock is read once in so many jobs. */
const JOBS_PER_LOOK = 16;

const PROCESS = Object.freeze({ pid: process.pid });

class LocalJob implements RunningJob {
  readonly job: PoolJob;
  readonly observer: JobObserver;
  isOver = false;
  isStarted = false;
  softLimit: Deadline | undefined = undefined;
  #abort: AbortOnDemand | undefined;

  constructor(job: PoolJob, observer: JobObserver) {
    this.job = job;
    this.observer = observer;
  }

  get id(): string {
    return this.job.id;
  }

  get header(): JsonRecord {
    return this.job.header;
  }

  get body(): string | Uint8Array {
    return this.job.body;
  }

  get signal(): AbortSignal {
    this.#abort ??= new AbortOnDemand();
    return this.#abort.signal;
  }

  send(message: JsonRecord): void {
    if (!this.isOver) this.observer.onMessage(message);
  }

  abort(reason: Error): void {
    this.#abort ??= new AbortOnDemand();
    this.#abort.abort(reason);
  }
}

/** A pool that works in this process. */
export class InProcessPool implements ExecutionPool {
  readonly name: string;
  readonly capabilities: PoolCapabilities;
  readonly #options: PoolOptions;
  readonly #deadlines: Deadlines;
  readonly #jobs: Map<string, LocalJob> = new Map();
  readonly #queue: JobQueue<LocalJob> = new JobQueue();
  readonly #ended: Deferred<void> = createDeferred();
  #concurrency: number;
  #running = 0;
  #state: "new" | "running" | "ending" = "new";
  #isDraining = false;
  #isTurnEndScheduled = false;
  #turnEndsAt = 0;
  #jobsToLook = 0;

  constructor(kind: InProcessKind, options: PoolOptions) {
    this.name = kind.name;
    this.capabilities = Object.freeze({
      kill: false,
      concurrent: kind.isConcurrent,
      resizable: kind.isConcurrent,
      recycles: false,
      isolated: false,
    });
    this.#options = options;
    this.#deadlines = new Deadlines(options.clock ?? systemClock);
    this.#concurrency = kind.isConcurrent ? options.concurrency : 1;
  }

  start(): Promise<void> {
    if (this.#state !== "new")
      return Promise.reject(new PoolError("CELERIAC_POOL_CLOSED", { operation: "start, a second time or after stop," }));
    this.#state = "running";
    const { maxTasksPerChild, maxMemoryPerChild, onLog } = this.#options;
    const say = (level: "info" | "warn", message: string): void => sayLog(onLog, { level, message, pid: process.pid });
    say(
      "info",
      `the ${this.name} pool runs jobs in the worker's own process: it can abort them by their signal, but has no hard time limits and no terminate`,
    );
    if (maxTasksPerChild !== undefined || maxMemoryPerChild !== undefined) {
      say(
        "warn",
        `maxTasksPerChild and maxMemoryPerChild have no effect in the ${this.name} pool, which has no children; use the prefork pool`,
      );
    }
    return Promise.resolve();
  }

  submit(job: PoolJob, observer: JobObserver): void {
    if (this.#state !== "running") throw new PoolError("CELERIAC_POOL_CLOSED", { operation: "submit" });
    if (job.timeLimitMs !== undefined) throw this.#unsupported("enforce a hard time limit");
    if (this.#jobs.has(job.id)) throw new PoolError("CELERIAC_POOL_DUPLICATE_JOB", { job: job.id });
    const local = new LocalJob(job, observer);
    this.#jobs.set(job.id, local);
    this.#queue.push(local);
    if (!this.#isDraining) this.#drain();
  }

  abort(jobId: string, reason: string): boolean {
    const local = this.#jobs.get(jobId);
    local?.abort(abortError(reason));
    return local !== undefined;
  }

  terminate(): boolean {
    throw this.#unsupported("terminate a job");
  }

  withdraw(count: number): number {
    const withdrawn = this.#queue.takeLast(count);
    for (const local of withdrawn) this.#lose(local, { kind: "not-started" });
    return withdrawn.length;
  }

  resize(concurrency: number): void {
    if (this.#state !== "running") throw new PoolError("CELERIAC_POOL_CLOSED", { operation: "resize" });
    if (!this.capabilities.resizable) throw this.#unsupported("run more than one job at a time");
    this.#concurrency = concurrency;
    this.#drain();
  }

  /** There are no children to replace. */
  restart(): Promise<void> {
    return Promise.resolve();
  }

  info(): PoolInfo {
    return {
      implementation: `celeriac/pools/${this.name}`,
      maxConcurrency: this.#concurrency,
      processes: [process.pid],
      maxTasksPerChild: null,
      busy: this.#running,
      queued: this.#queue.size,
    };
  }

  stop(): Promise<void> {
    this.#close();
    return this.#ended.promise;
  }

  kill(): Promise<void> {
    this.#close();
    for (const local of this.#jobs.values()) {
      local.abort(abortError("the pool was killed"));
      this.#lose(local, { kind: "terminated", pid: process.pid, signal: "SIGKILL" });
    }
    return this.#ended.promise;
  }

  /** Runs what may run. Never enters itself: a job that ends at once, and is followed by another, must not deepen the stack. */
  #drain(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    try {
      while (this.#running < this.#concurrency && this.#queue.size > 0) {
        if (this.#isTurnOver()) break;
        const local = this.#queue.shift();
        if (local) this.#run(local);
      }
    } finally {
      this.#isDraining = false;
    }
  }

  #run(local: LocalJob): void {
    this.#running++;
    local.isStarted = true;
    const { softTimeLimitMs } = local.job;
    if (softTimeLimitMs !== undefined) {
      local.softLimit = this.#deadlines.add(softTimeLimitMs, () => local.abort(new SoftTimeLimitExceeded(softTimeLimitMs / 1000)));
    }
    local.observer.onStarted(PROCESS);
    let outcome: Promise<PoolOutcome> | PoolOutcome;
    try {
      outcome = this.#options.work(local);
      if ("then" in outcome) {
        outcome.then(
          (given) => this.#end(local, given),
          (error: unknown) => this.#reject(local, error),
        );
        return;
      }
    } catch (error) {
      this.#reject(local, error);
      return;
    }
    this.#end(local, outcome);
  }

  #end(local: LocalJob, outcome: PoolOutcome): void {
    if (local.isOver) return;
    this.#leave(local);
    local.observer.onOutcome(outcome);
    this.#next();
  }

  #reject(local: LocalJob, error: unknown): void {
    this.#lose(local, { kind: "died", pid: process.pid, exitCode: null, signal: null, started: true, error: errorText(error) });
  }

  #lose(local: LocalJob, loss: JobLoss): void {
    if (local.isOver) return;
    this.#leave(local);
    local.observer.onLost(loss);
    this.#next();
  }

  #leave(local: LocalJob): void {
    local.isOver = true;
    local.softLimit?.cancel();
    this.#jobs.delete(local.job.id);
    if (local.isStarted) this.#running--;
  }

  #next(): void {
    if (this.#queue.size > 0) this.#drain();
    else if (this.#state === "ending") this.#finishWhenEmpty();
  }

  #close(): void {
    if (this.#state === "ending") return;
    this.#state = "ending";
    for (const local of this.#queue.takeAll()) this.#lose(local, { kind: "not-started" });
    this.#finishWhenEmpty();
  }

  #finishWhenEmpty(): void {
    if (this.#jobs.size > 0) return;
    this.#deadlines.clear();
    this.#ended.resolve();
  }

  #isTurnOver(): boolean {
    if (!this.#isTurnEndScheduled) {
      this.#isTurnEndScheduled = true;
      this.#turnEndsAt = performance.now() + TURN_MS;
      setImmediate(() => {
        this.#isTurnEndScheduled = false;
        this.#drain();
      });
      return false;
    }
    if (this.#jobsToLook-- > 0) return false;
    if (performance.now() > this.#turnEndsAt) {
      this.#jobsToLook = 0;
      return true;
    }
    this.#jobsToLook = JOBS_PER_LOOK;
    return false;
  }

  #unsupported(ability: string): PoolError {
    return new PoolError("CELERIAC_POOL_UNSUPPORTED", {
      pool: this.name,
      ability,
      instead: "it runs jobs in the worker's own process; use the prefork or the threads pool",
    });
  }
}
