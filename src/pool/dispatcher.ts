// Decides which child gets which job: in order, to the one with the fewest; when all are busy, short ones behind short ones. What was sent
// ahead and then waits behind a job that takes longer than it should is asked back when another child has room.
import type { Clock, Timer } from "../util/clock.ts";
import type { ChildRoster } from "./child-roster.ts";
import { FrameKind, noteRunTimeMs } from "./frames.ts";
import { JobQueue } from "./job-queue.ts";
import type { PendingJob } from "./pending-job.ts";
import type { PoolChild } from "./pool-child.ts";
import { SendAhead } from "./send-ahead.ts";

/** How long a child may go without ending a job before what waits behind it is asked back. */
const STALL_MS = 20;

/** Gives jobs to children. */
export class Dispatcher {
  readonly queue: JobQueue<PendingJob> = new JobQueue();
  readonly #roster: ChildRoster;
  readonly #slots: number;
  readonly #clock: Clock;
  readonly #ahead = new SendAhead();
  #number = 0;
  #turnEnd: NodeJS.Immediate | undefined;
  #stallTimer: Timer | undefined;

  /** @param slots how many jobs a child runs at a time */
  constructor(roster: ChildRoster, slots: number, clock: Clock) {
    this.#roster = roster;
    this.#slots = slots;
    this.#clock = clock;
  }

  /** Dispatches when this turn of the event loop ends, together with what else comes in it. */
  schedule(): void {
    this.#turnEnd ??= setImmediate(() => {
      this.#turnEnd = undefined;
      this.dispatch();
    });
  }

  /** Gives out what can be given out, and sends it. */
  dispatch(): void {
    if (this.queue.size > 0) {
      this.#fill(() => this.#freest());
      if (this.queue.peek()?.job.short === true) {
        const depth = this.#ahead.depth;
        this.#fill(() => (this.queue.peek()?.job.short === true ? this.#shortest(depth) : undefined));
      }
    }
    for (const child of this.#roster.children) child.flush();
  }

  /** A job ended in a child. */
  onEnded(child: PoolChild, pending: PendingJob, note: number): void {
    child.ended++;
    child.stalled = false;
    if (pending.job.short === true) this.#ahead.learn(noteRunTimeMs(note));
  }

  /** Nothing is dispatched any more. */
  close(): void {
    if (this.#turnEnd) clearImmediate(this.#turnEnd);
    this.#turnEnd = undefined;
    this.#stallTimer?.cancel();
    this.#stallTimer = undefined;
  }

  #fill(choose: () => PoolChild | undefined): void {
    while (this.queue.size > 0) {
      const child = choose();
      if (!child) return;
      const pending = this.queue.shift();
      if (pending) this.#give(child, pending);
    }
  }

  #give(child: PoolChild, pending: PendingJob): void {
    // 0 stands for no job.
    this.#number = (this.#number + 1) >>> 0 || 1;
    if (child.jobs.size === 0) child.endedBefore = -1;
    child.give(pending, this.#number);
    this.#roster.onGiven(child);
    if (child.jobs.size > this.#slots) this.#watchStalls();
  }

  #freest(): PoolChild | undefined {
    let best: PoolChild | undefined;
    let least = this.#slots;
    for (const child of this.#roster.children) {
      if (child.jobs.size >= least || !child.takesJobs || this.#roster.remaining(child) <= 0) continue;
      best = child;
      least = child.jobs.size;
      if (least === 0) break;
    }
    return best;
  }

  #shortest(depth: number): PoolChild | undefined {
    let best: PoolChild | undefined;
    let least = this.#slots + depth;
    for (const child of this.#roster.children) {
      if (child.jobs.size >= least || child.longJobs > 0 || child.stalled || !child.takesJobs || this.#roster.remaining(child) <= 0)
        continue;
      best = child;
      least = child.jobs.size;
    }
    return best;
  }

  #watchStalls(): void {
    this.#stallTimer ??= this.#clock.setTimer(() => this.#onStallTimer(), STALL_MS, { unref: true });
  }

  #onStallTimer(): void {
    this.#stallTimer = undefined;
    let anyAhead = false;
    for (const child of this.#roster.children) {
      if (child.jobs.size <= this.#slots) continue;
      anyAhead = true;
      if (child.ended === child.endedBefore && !child.stalled) {
        child.stalled = true;
        if (this.#freest()) this.#askBack(child);
      } else if (child.stalled && this.#freest()) {
        this.#askBack(child);
      }
      child.endedBefore = child.ended;
    }
    if (anyAhead) this.#watchStalls();
  }

  /** A child that blocks its loop answers when it is through; it is asked again each time, which is harmless. */
  #askBack(child: PoolChild): void {
    child.tell(FrameKind.giveBack, 0);
    child.flush();
  }
}
