// One child as its pool sees it. Phases:
//   starting  spawned; takes nothing yet            -> up (it said ready), retiring (no longer wanted), gone
//   up        takes jobs, unless it is on standby   -> retiring, gone
//   retiring  takes no more; ends what it has       -> gone
//   gone      dead, and everything it sent was read
import type { ChildInit } from "./child-runtime.ts";
import type { ChildEvent, JsonRecord } from "./contract.ts";
import type { ChildExit, ChildHandle, ChildSpawner } from "./child-handle.ts";
import type { Deadline } from "./deadlines.ts";
import { errorText } from "./error-text.ts";
import { FrameDecoder } from "./frame-decoder.ts";
import { FrameEncoder } from "./frame-encoder.ts";
import { type Frame, FrameKind } from "./frames.ts";
import type { PendingJob } from "./pending-job.ts";

/** Where a child is in its life. */
export type ChildPhase = "starting" | "up" | "retiring" | "gone";

/** Why a child went. */
export type ChildDownReason = Extract<ChildEvent, { kind: "down" }>["reason"];

/** Who a child reports to. */
export interface ChildOwner {
  onFrame(child: PoolChild, frame: Frame): void;
  /** All frames of one read were told. */
  onBatchEnd(child: PoolChild): void;
  onGone(child: PoolChild, exit: ChildExit): void;
}

/** A child and the jobs that it has. */
export class PoolChild {
  /** By number, in the order in which the child runs them. */
  readonly jobs: Map<number, PendingJob> = new Map();
  /** Number in its pool, from 0. */
  readonly index: number;
  phase: ChildPhase = "starting";
  /** Up, but waiting for its predecessor to end. */
  standby = false;
  /** Takes its place when it retires. */
  successor: PoolChild | undefined = undefined;
  /** It goes as soon as its successor is up. */
  retireWhenReplaced = false;
  /** How many jobs it was given, less those that it gave back. */
  taken = 0;
  /** How many of its jobs are not known to be short. */
  longJobs = 0;
  /** How many jobs have ended here; tells whether it moves. */
  ended = 0;
  /** `ended` when it was last asked whether it moves. */
  endedBefore = -1;
  /** Its running job takes longer than a short one should: nothing is sent behind it. */
  stalled = false;
  stopSent = false;
  /** Its entry module cannot be imported. */
  importFailed = false;
  downReason: ChildDownReason = "died";
  /** What is known of why it dies. */
  lastWords: string | undefined = undefined;
  /** The job for whose sake it is killed. */
  killedFor: PendingJob | undefined = undefined;
  aliveDeadline: Deadline | undefined = undefined;
  readonly #encoder = new FrameEncoder();
  readonly #decoder = new FrameDecoder();
  readonly #owner: ChildOwner;
  readonly #handle: ChildHandle;

  constructor(spawner: ChildSpawner, init: ChildInit, owner: ChildOwner) {
    this.#owner = owner;
    this.index = init.index;
    this.#handle = spawner.spawn({ onChunk: (chunk) => this.#read(chunk), onGone: (exit) => owner.onGone(this, exit) });
    this.tell(FrameKind.init, 0, { ...init });
    this.flush();
  }

  get pid(): number {
    return this.#handle.pid;
  }

  /** Whether it may be given jobs. */
  get takesJobs(): boolean {
    return this.phase === "up" && !this.standby;
  }

  /** Gives it a job; sent at the next {@link flush}. */
  give(pending: PendingJob, number: number): void {
    this.#encoder.add(FrameKind.job, number, 0, pending.frameHeader(), pending.job.body);
    pending.number = number;
    pending.child = this;
    this.jobs.set(number, pending);
    this.taken++;
    if (pending.job.short !== true) this.longJobs++;
  }

  /** The job is no longer its. */
  release(pending: PendingJob): void {
    this.jobs.delete(pending.number);
    pending.child = undefined;
    if (pending.job.short !== true) this.longJobs--;
  }

  /** Tells it something; sent at the next {@link flush}. */
  tell(kind: FrameKind, job: number, header?: JsonRecord): void {
    this.#encoder.add(kind, job, 0, header && JSON.stringify(header));
  }

  /** Sends all that it was given and told. */
  flush(): void {
    if (!this.#encoder.isEmpty) this.#handle.write(this.#encoder.take());
  }

  /** Ends it by force. */
  kill(signal: NodeJS.Signals, reason: ChildDownReason): void {
    if (this.phase === "gone") return;
    this.downReason = reason;
    this.#handle.kill(signal);
  }

  #read(chunk: Uint8Array): void {
    try {
      this.#decoder.push(chunk, (frame) => this.#report(frame));
    } catch (error) {
      this.lastWords = errorText(error);
      this.kill("SIGKILL", "died");
      return;
    }
    this.#owner.onBatchEnd(this);
  }

  /** An observer that throws is a fault of the program: it must neither be hidden nor disturb the other jobs. */
  #report(frame: Frame): void {
    try {
      this.#owner.onFrame(this, frame);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}
