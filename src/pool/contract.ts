// The pool contract: who runs work, and where. Pools carry opaque jobs and know nothing of tasks. A job is a small JSON header and a raw
// body; its outcome is the same. An in-process pool is given a function that does the work; a pool of children is given the entry
// module that each child imports, which calls `serveJobs` (child-runtime.ts) with such a function.

import type { Clock } from "../util/clock.ts";

/** A plain JSON object. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** What a pool can do. */
export interface PoolCapabilities {
  /** Stops a job that never yields, by killing what runs it: hard time limits and `terminate`. */
  readonly kill: boolean;
  /** Runs more than one job at a time. */
  readonly concurrent: boolean;
  /** Grows and shrinks while running. */
  readonly resizable: boolean;
  /** Replaces children after a number of jobs, or above a memory limit. */
  readonly recycles: boolean;
  /** Jobs run apart from the worker's own event loop. */
  readonly isolated: boolean;
}

/** A piece of work. */
export interface PoolJob {
  /** Unique among the jobs that the pool holds. */
  readonly id: string;
  readonly header: JsonRecord;
  readonly body: string | Uint8Array;
  /** Aborts the job's signal after so long, in milliseconds from its start. */
  readonly softTimeLimitMs?: number | undefined;
  /** Kills the job after so long, in milliseconds from its start. Needs the capability `kill`. */
  readonly timeLimitMs?: number | undefined;
  /** A job of a kind that takes a few milliseconds: may be sent to a child ahead of time, behind the job that it runs. @default false */
  readonly short?: boolean;
}

/** What a job gave. */
export interface PoolOutcome {
  readonly header: JsonRecord;
  readonly body?: string | Uint8Array | undefined;
}

/** Why a job has no outcome. */
export type JobLoss =
  /** Its child died: of itself, by the system, or by a signal from outside; or the work function threw, and then the child lives on. */
  | {
      readonly kind: "died";
      readonly pid: number;
      /** Null where a signal ended it, or where only the work function threw. */
      readonly exitCode: number | null;
      readonly signal: string | null;
      /** Always true today: a job that had not started when its child died is given to another child. */
      readonly started: boolean;
      /** What was said of it: the uncaught exception, or what the work function threw, with its stack. */
      readonly error?: string | undefined;
      /** The child was killed on purpose, for this other job that ran beside it: no blame falls on this one. */
      readonly bystanderOf?: string | undefined;
    }
  /** It ran into its hard time limit and was killed. */
  | { readonly kind: "time-limit"; readonly pid: number; readonly limitMs: number }
  /** `terminate` killed it. */
  | { readonly kind: "terminated"; readonly pid: number; readonly signal: string }
  /** The pool was stopped before it started. */
  | { readonly kind: "not-started" };

/** Who is told what becomes of a job. Exactly one of `onOutcome` and `onLost` is called, last, and once. */
export interface JobObserver {
  /** It starts now. */
  onStarted(info: { readonly pid: number }): void;
  /** It said something on its way, as `RunningJob.send` was given it. */
  onMessage(message: JsonRecord): void;
  onOutcome(outcome: PoolOutcome): void;
  onLost(loss: JobLoss): void;
}

/** A job as the work function sees it. */
export interface RunningJob {
  readonly id: string;
  readonly header: JsonRecord;
  readonly body: string | Uint8Array;
  /** Aborted when the job shall stop: soft time limit (reason: `SoftTimeLimitExceeded`), `abort`, or a stopping pool. Made on first use. */
  readonly signal: AbortSignal;
  /** Says something to the job's observer on its way. */
  send(message: JsonRecord): void;
}

/** Does the work of a job. It should not reject: a rejection is reported as the death of the job. */
export type Work = (job: RunningJob) => Promise<PoolOutcome> | PoolOutcome;

/** What a pool of children imports in each child: a module that calls `serveJobs`. */
export interface ChildEntry {
  /** URL of the module. */
  readonly module: string;
  /** Handed to the module as JSON. */
  readonly data: JsonRecord;
}

/** What a pool is made with. */
export interface PoolOptions {
  /** How many jobs run at a time: children, or jobs in this process. */
  readonly concurrency: number;
  /** How many jobs each child runs at a time. @default 1 */
  readonly childConcurrency?: number;
  /** For pools that work in this process. */
  readonly work: Work;
  /** For pools of children; undefined where none can be had, and then they refuse to start. */
  readonly entry?: ChildEntry | undefined;
  /** A child is replaced after so many jobs. */
  readonly maxTasksPerChild?: number | undefined;
  /** A child is replaced after a job that left it above so many kibibytes. */
  readonly maxMemoryPerChild?: number | undefined;
  /** A new child must say that it is up within so many milliseconds. @default 30,000 (the setting `workerProcAliveTimeout`) */
  readonly aliveTimeoutMs?: number;
  /** Told of children that come and go. */
  readonly onChild?: ((event: ChildEvent) => void) | undefined;
  /** Told what the pool and its children have to say. @default warnings and errors become warnings of the process */
  readonly onLog?: ((line: PoolLog) => void) | undefined;
  /** The running pool has given up: too many children in a row died before they were up. What waited has been told `not-started`. @default a warning of the process */
  readonly onFailed?: ((error: Error) => void) | undefined;
  /** Time, for limits. @default the clock of the system */
  readonly clock?: Clock | undefined;
}

/** A line of the pool, or of a child, for the log. */
export interface PoolLog {
  readonly level: "info" | "warn" | "error";
  readonly message: string;
  readonly pid: number;
}

/** A child came or went. Its index is the lowest number, from 0, that no other child of its pool has while it lives. */
export type ChildEvent =
  /** It is about to be made. */
  | { readonly kind: "starting"; readonly index: number }
  | { readonly kind: "up"; readonly pid: number; readonly index: number }
  | {
      readonly kind: "down";
      readonly pid: number;
      readonly index: number;
      readonly exitCode: number | null;
      readonly signal: string | null;
      readonly reason: "stopped" | "recycled" | "died" | "killed";
    };

/** What `inspect stats` shows of a pool. */
export interface PoolInfo {
  readonly implementation: string;
  readonly maxConcurrency: number;
  readonly processes: readonly number[];
  readonly maxTasksPerChild: number | null;
  readonly busy: number;
  readonly queued: number;
}

/** Runs jobs. */
export interface ExecutionPool {
  readonly name: string;
  readonly capabilities: PoolCapabilities;
  /** Resolves when all children are up. */
  start(): Promise<void>;
  /** Takes a job; it waits here until a slot is free. Outcomes and their messages come in batches where that is cheaper, never later than the turn in which they arrived. */
  submit(job: PoolJob, observer: JobObserver): void;
  /** Asks a job to stop: aborts its signal with this reason. False where the pool does not have it. */
  abort(jobId: string, reason: string): boolean;
  /** Kills a job that has started. False where it has not, or is not here. Needs the capability `kill`. */
  terminate(jobId: string, signal: NodeJS.Signals): boolean;
  /** Gives up the newest of the jobs that wait here, so many at most: they are told `not-started`. Those that were sent to a child stay. Gives how many. */
  withdraw(count: number): number;
  /** Changes how many jobs run at a time. Shrinking takes idle children first and interrupts none: busy ones go after their job. */
  resize(concurrency: number): void;
  /** Replaces all children, each after its job. */
  restart(): Promise<void>;
  info(): PoolInfo;
  /**
   * Takes no more and resolves when every started job has ended. Jobs that have not started are told `not-started`.
   * Safe to call twice.
   */
  stop(): Promise<void>;
  /** Ends at once: what runs is killed and told `terminated`. In-process pools abort the signals and give up waiting. */
  kill(): Promise<void>;
}

/** Makes a pool. Exported by `pools/<name>/index.ts` as `createPool`. */
export type PoolFactory = (options: PoolOptions) => ExecutionPool;
