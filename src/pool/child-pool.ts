// A pool whose jobs run in children: processes or threads, whatever the spawner makes. It joins the roster (who lives), the dispatcher (who
// gets what) and the limits, and tells each job's observer exactly once how it ended. States: new -> running -> ending, or failed.
import { PoolError } from "../errors/celeriac-error.ts";
import { type Clock, systemClock } from "../util/clock.ts";
import type { ChildExit, ChildSpawner } from "./child-handle.ts";
import { ChildRoster } from "./child-roster.ts";
import type { ChildEntry, ExecutionPool, JobLoss, JobObserver, PoolCapabilities, PoolInfo, PoolJob, PoolOptions } from "./contract.ts";
import { Deadlines } from "./deadlines.ts";
import { Dispatcher } from "./dispatcher.ts";
import { type Frame, FrameKind, isNoteAboveMemory } from "./frames.ts";
import { PendingJob } from "./pending-job.ts";
import type { ChildOwner, PoolChild } from "./pool-child.ts";
import { sayLog } from "./pool-log.ts";

/** What a kind of children makes of a pool. */
export interface ChildPoolKind {
  readonly name: string;
  readonly spawner: ChildSpawner;
}

const CAPABILITIES: PoolCapabilities = Object.freeze({ kill: true, concurrent: true, resizable: true, recycles: true, isolated: true });

/** A pool of children. */
export class ChildPool implements ExecutionPool, ChildOwner {
  readonly name: string;
  readonly capabilities: PoolCapabilities = CAPABILITIES;
  readonly #options: PoolOptions;
  readonly #spawner: ChildSpawner;
  readonly #deadlines: Deadlines;
  readonly #roster: ChildRoster;
  readonly #dispatcher: Dispatcher;
  readonly #jobs: Map<string, PendingJob> = new Map();
  #state: "new" | "running" | "ending" | "failed" = "new";
  /** The start is over; later failures are told by `onFailed`. */
  #isUp = false;
  #running = 0;
  #end: Promise<void> | undefined;

  constructor(kind: ChildPoolKind, options: PoolOptions) {
    const clock: Clock = options.clock ?? systemClock;
    const entry = entryOf(kind.name, options);
    const concurrency = options.childConcurrency ?? 1;
    this.name = kind.name;
    this.#options = options;
    this.#spawner = kind.spawner;
    this.#deadlines = new Deadlines(clock);
    this.#roster = new ChildRoster({
      pool: options,
      init: { module: entry.module, data: entry.data, concurrency, maxMemoryKiB: options.maxMemoryPerChild },
      spawner: kind.spawner,
      owner: this,
      deadlines: this.#deadlines,
      onRoom: () => this.#dispatcher.schedule(),
      onFailed: (error) => this.#fail(error),
    });
    this.#dispatcher = new Dispatcher(this.#roster, concurrency, clock);
  }

  async start(): Promise<void> {
    if (this.#state !== "new") throw new PoolError("CELERIAC_POOL_CLOSED", { operation: "start, a second time or after stop," });
    this.#state = "running";
    try {
      await this.#roster.start();
      this.#isUp = true;
    } catch (error) {
      await this.kill();
      throw error;
    }
  }

  submit(job: PoolJob, observer: JobObserver): void {
    if (this.#state !== "running") throw new PoolError("CELERIAC_POOL_CLOSED", { operation: "submit" });
    if (this.#jobs.has(job.id)) throw new PoolError("CELERIAC_POOL_DUPLICATE_JOB", { job: job.id });
    const pending = new PendingJob(job, observer);
    this.#jobs.set(job.id, pending);
    this.#dispatcher.queue.push(pending);
    this.#dispatcher.schedule();
  }

  abort(jobId: string, reason: string): boolean {
    const pending = this.#jobs.get(jobId);
    if (!pending) return false;
    pending.abortReason ??= reason;
    if (pending.child) {
      pending.child.tell(FrameKind.abort, pending.number, { reason });
      pending.child.flush();
    }
    return true;
  }

  terminate(jobId: string, signal: NodeJS.Signals): boolean {
    const pending = this.#jobs.get(jobId);
    if (!pending?.child || !pending.started) return false;
    this.#killFor(pending, { kind: "terminated", pid: pending.child.pid, signal }, signal);
    return true;
  }

  withdraw(count: number): number {
    const withdrawn = this.#dispatcher.queue.takeLast(count);
    for (const pending of withdrawn) this.#settle(pending, (observer) => observer.onLost({ kind: "not-started" }));
    return withdrawn.length;
  }

  resize(concurrency: number): void {
    if (this.#state !== "running") throw new PoolError("CELERIAC_POOL_CLOSED", { operation: "resize" });
    this.#roster.resize(concurrency);
  }

  async restart(): Promise<void> {
    if (this.#state !== "running") throw new PoolError("CELERIAC_POOL_CLOSED", { operation: "restart" });
    await this.#roster.restart();
  }

  info(): PoolInfo {
    const living = [...this.#roster.children].filter((child) => child.phase !== "starting");
    return {
      implementation: `celeriac/pools/${this.name}`,
      maxConcurrency: this.#roster.target,
      processes: living.map((child) => child.pid),
      maxTasksPerChild: this.#options.maxTasksPerChild ?? null,
      busy: this.#running,
      queued: this.#jobs.size - this.#running,
    };
  }

  stop(): Promise<void> {
    return this.#close("retire");
  }

  kill(): Promise<void> {
    return this.#close("kill");
  }

  /** Called by a child: see {@link ChildOwner}. */
  onFrame(child: PoolChild, frame: Frame): void {
    switch (frame.kind) {
      case FrameKind.ready:
        this.#roster.onReady(child);
        break;
      case FrameKind.failed:
        child.importFailed = true;
        child.lastWords = String(frame.header["error"]);
        break;
      case FrameKind.dying:
        child.lastWords = String(frame.header["error"]);
        break;
      case FrameKind.log:
        sayLog(this.#options.onLog, { level: "error", message: String(frame.header["message"]), pid: child.pid });
        break;
      default: {
        const pending = child.jobs.get(frame.job);
        if (pending) this.#onJobFrame(child, pending, frame);
      }
    }
  }

  /** Called by a child: see {@link ChildOwner}. */
  onBatchEnd(child: PoolChild): void {
    this.#roster.onDrained(child);
    if (this.#state === "running") this.#dispatcher.dispatch();
  }

  /** Called by a child: see {@link ChildOwner}. What had started is lost; what had not is given to another child. */
  onGone(child: PoolChild, exit: ChildExit): void {
    const held = [...child.jobs.values()];
    const lost = held.filter((pending) => pending.started);
    for (const pending of held.toReversed()) {
      child.release(pending);
      if (!pending.started) this.#takeBack(pending);
    }
    if (lost.length === 0) this.#tellUnaccounted(child, exit);
    this.#roster.onGone(child, exit);
    for (const pending of lost) this.#settle(pending, (observer) => observer.onLost(lossOf(pending, child, exit)));
  }

  /** A death for which no job is lost is told by nobody else: something that an ended job left behind has thrown, or somebody killed the child. */
  #tellUnaccounted(child: PoolChild, exit: ChildExit): void {
    // One that is not up yet is told of as a failed start; one that was to go went, unless it says otherwise.
    if (child.phase === "starting" || (child.downReason !== "died" && child.lastWords === undefined)) return;
    const how = exit.signal === null ? `exit code ${exit.exitCode}` : `signal ${exit.signal}`;
    const said = child.lastWords ?? exit.error;
    const message = `a child of the pool died while it ran no job (${how})${said === undefined ? "" : `: ${said}`}`;
    sayLog(this.#options.onLog, { level: "error", message, pid: child.pid });
  }

  #onJobFrame(child: PoolChild, pending: PendingJob, frame: Frame): void {
    switch (frame.kind) {
      case FrameKind.started:
        pending.started = true;
        this.#running++;
        this.#armLimits(child, pending);
        pending.observer.onStarted({ pid: child.pid });
        break;
      case FrameKind.message:
        pending.observer.onMessage(frame.header);
        break;
      case FrameKind.outcome:
        child.release(pending);
        this.#dispatcher.onEnded(child, pending, frame.note);
        if (isNoteAboveMemory(frame.note)) this.#roster.recycle(child);
        this.#settle(pending, (observer) => observer.onOutcome({ header: frame.header, body: frame.body }));
        break;
      case FrameKind.rejected:
        child.release(pending);
        this.#dispatcher.onEnded(child, pending, 0);
        this.#settle(pending, (observer) =>
          observer.onLost({
            kind: "died",
            pid: child.pid,
            exitCode: null,
            signal: null,
            started: true,
            error: String(frame.header["error"]),
          }),
        );
        break;
      case FrameKind.returned:
        child.release(pending);
        child.taken--;
        this.#takeBack(pending);
        break;
      default:
        throw new PoolError("CELERIAC_POOL_FRAME_INVALID", { expected: "a frame for a pool", got: `kind ${frame.kind}` });
    }
  }

  /** The job has not started where it was: it is given to another child, unless the pool is ending. */
  #takeBack(pending: PendingJob): void {
    if (this.#state === "running") this.#dispatcher.queue.unshift(pending);
    else this.#settle(pending, (observer) => observer.onLost({ kind: "not-started" }));
  }

  #settle(pending: PendingJob, tell: (observer: JobObserver) => void): void {
    pending.cancelLimits();
    if (pending.started) this.#running--;
    this.#jobs.delete(pending.job.id);
    tell(pending.observer);
  }

  #armLimits(child: PoolChild, pending: PendingJob): void {
    const { softTimeLimitMs, timeLimitMs } = pending.job;
    if (softTimeLimitMs !== undefined) {
      pending.softLimit = this.#deadlines.add(softTimeLimitMs, () => {
        child.tell(FrameKind.softLimit, pending.number, { seconds: softTimeLimitMs / 1000 });
        child.flush();
      });
    }
    if (timeLimitMs !== undefined) {
      const enforce = (): void => {
        if (pending.child === child) this.#killFor(pending, { kind: "time-limit", pid: child.pid, limitMs: timeLimitMs }, "SIGKILL");
      };
      // Where this process itself was held up, the outcome may lie in the pipe: it is read before the check phase.
      pending.hardLimit = this.#deadlines.add(timeLimitMs, () => setImmediate(enforce));
    }
  }

  #killFor(pending: PendingJob, loss: JobLoss, signal: NodeJS.Signals): void {
    const { child } = pending;
    if (!child) return;
    pending.loss ??= loss;
    if (child.killedFor) return;
    child.killedFor = pending;
    child.kill(signal, "killed");
  }

  #fail(error: PoolError): void {
    if (this.#state !== "running") return;
    this.#state = "failed";
    this.#refuseQueued();
    if (!this.#isUp) return;
    if (this.#options.onFailed) this.#options.onFailed(error);
    else process.emitWarning(error.message, "CeleriacPoolWarning");
  }

  #refuseQueued(): void {
    for (const pending of this.#dispatcher.queue.takeAll()) this.#settle(pending, (observer) => observer.onLost({ kind: "not-started" }));
  }

  /** A kill may overtake a stop that is under way. */
  #close(how: "retire" | "kill"): Promise<void> {
    const isFirst = this.#end === undefined;
    this.#state = "ending";
    if (isFirst) {
      this.#dispatcher.close();
      this.#refuseQueued();
    }
    if (how === "kill") {
      for (const pending of this.#jobs.values()) {
        if (pending.started && pending.child && !pending.loss)
          pending.loss = { kind: "terminated", pid: pending.child.pid, signal: "SIGKILL" };
      }
    }
    const ended = this.#roster.end(how);
    this.#end ??= ended.then(async () => {
      this.#deadlines.clear();
      await this.#spawner.close();
    });
    return this.#end;
  }
}

function entryOf(pool: string, options: PoolOptions): ChildEntry {
  if (options.entry) return options.entry;
  throw new PoolError("CELERIAC_POOL_UNSUPPORTED", {
    pool,
    ability: "run jobs without an entry module, which each child imports",
    instead: "run the app from a file that can be imported, or use the pool async or solo, which work in this process",
  });
}

function lossOf(pending: PendingJob, child: PoolChild, exit: ChildExit): JobLoss {
  if (pending.loss) return pending.loss;
  return {
    kind: "died",
    pid: child.pid,
    exitCode: exit.exitCode,
    signal: exit.signal,
    started: true,
    error: child.lastWords ?? exit.error,
    bystanderOf: child.killedFor?.job.id,
  };
}
