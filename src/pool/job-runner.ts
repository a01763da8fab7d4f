// Runs jobs inside a child. Each job's `started` is flushed before its first instruction, together with the outcome of the one before it:
// one write a job, and a death is never blamed on the wrong one. Everything else goes out as soon as nothing more can join it.
import { performance } from "node:perf_hooks";
import { memoryUsage, resourceUsage } from "node:process";
import { isMainThread } from "node:worker_threads";
import type { ChildChannel } from "./child-channel.ts";
import { ChildJob } from "./child-job.ts";
import type { JsonRecord, PoolOutcome, Work } from "./contract.ts";
import { errorText } from "./error-text.ts";
import type { FrameEncoder } from "./frame-encoder.ts";
import { type Frame, FrameKind, outcomeNote } from "./frames.ts";
import { JobQueue } from "./job-queue.ts";

/** How long jobs may follow each other before the event loop gets a turn, in which aborts and other news arrive. */
const TURN_MS = 4;

/** How a runner is set up. */
export interface JobRunnerOptions {
  readonly work: Work;
  readonly channel: ChildChannel;
  readonly encoder: FrameEncoder;
  /** How many jobs run at a time. */
  readonly concurrency: number;
  /** A job that leaves the child above so many kibibytes says so. */
  readonly maxMemoryKiB: number | undefined;
  /** Called when there is nothing more to do after `stop`. */
  readonly onIdle: () => void;
}

/** Holds the jobs of a child: those that wait and those that run. */
export class JobRunner {
  readonly #options: JobRunnerOptions;
  readonly #waiting: JobQueue<Frame> = new JobQueue();
  readonly #running: Map<number, ChildJob> = new Map();
  /** Reasons of jobs that were aborted while they waited here. */
  readonly #abortedEarly: Map<number, string> = new Map();
  readonly #say = (job: ChildJob, message: JsonRecord): void => this.#onMessage(job, message);
  #stopping = false;
  #pumping = false;
  #turnEndScheduled = false;
  #turnEndsAt = 0;

  constructor(options: JobRunnerOptions) {
    this.#options = options;
  }

  /** Takes a job. It starts at the next {@link pump}. */
  accept(frame: Frame): void {
    this.#waiting.push(frame);
  }

  /** Aborts the signal of the job of that number, whether it runs or waits. One that has ended is not here any more. */
  abort(number: number, reason: string): void {
    const job = this.#running.get(number);
    if (job) job.abort(reason);
    else if (this.#waiting.some((frame) => frame.job === number)) this.#abortedEarly.set(number, reason);
  }

  /** Aborts the signal of a running job because its soft limit, in seconds, was reached. */
  softLimit(number: number, seconds: number): void {
    this.#running.get(number)?.softLimit(seconds);
  }

  /** Returns all jobs that have not started. */
  giveBack(): void {
    for (const frame of this.#waiting.takeAll()) this.#options.encoder.add(FrameKind.returned, frame.job);
    this.#abortedEarly.clear();
    this.flush();
  }

  /** Returns what has not started; when the rest has ended, tells `onIdle`. */
  stop(): void {
    this.#stopping = true;
    this.giveBack();
    if (this.#running.size === 0) this.#options.onIdle();
  }

  /** Starts what may start, and sends what there is to say. */
  pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    const { concurrency } = this.#options;
    while (this.#running.size < concurrency) {
      if (this.#waiting.size === 0) break;
      if (this.#isTurnOver()) break;
      const frame = this.#waiting.shift();
      if (frame) this.#start(frame);
    }
    this.#pumping = false;
    // With nothing else running, nothing more can join what is written: it goes at once.
    if (this.#running.size === 0 && this.#waiting.size === 0) this.flush();
    else if (!this.#options.encoder.isEmpty) this.#scheduleTurnEnd();
  }

  /** Sends all that was written. */
  flush(): void {
    const { encoder, channel } = this.#options;
    if (!encoder.isEmpty) channel.write(encoder.take());
  }

  #start(frame: Frame): void {
    const { encoder, work } = this.#options;
    const job = new ChildJob(frame, this.#say);
    this.#running.set(job.number, job);
    if (this.#abortedEarly.size > 0) this.#applyEarlyAbort(job);
    encoder.add(FrameKind.started, job.number);
    this.flush();
    const startedAt = performance.now();
    try {
      const outcome = work(job);
      if ("then" in outcome) void this.#await(job, outcome, startedAt);
      else this.#give(job, outcome, startedAt);
    } catch (error) {
      this.#reject(job, error);
    }
  }

  async #await(job: ChildJob, outcome: Promise<PoolOutcome>, startedAt: number): Promise<void> {
    try {
      this.#give(job, await outcome, startedAt);
    } catch (error) {
      this.#reject(job, error);
    }
    this.pump();
  }

  #reject(job: ChildJob, error: unknown): void {
    this.#end(job, () => this.#options.encoder.add(FrameKind.rejected, job.number, 0, JSON.stringify({ error: errorText(error) })));
  }

  #applyEarlyAbort(job: ChildJob): void {
    const reason = this.#abortedEarly.get(job.number);
    if (reason === undefined) return;
    this.#abortedEarly.delete(job.number);
    job.abort(reason);
  }

  #give(job: ChildJob, outcome: PoolOutcome, startedAt: number): void {
    const { encoder, maxMemoryKiB } = this.#options;
    const note = outcomeNote(performance.now() - startedAt, maxMemoryKiB !== undefined && isAboveMemory(maxMemoryKiB));
    this.#end(job, () => encoder.add(FrameKind.outcome, job.number, note, JSON.stringify(outcome.header), outcome.body));
  }

  /** An outcome that cannot be written is a fault of the work function, and is told as one. */
  #end(job: ChildJob, write: () => void): void {
    this.#running.delete(job.number);
    try {
      write();
    } catch (error) {
      this.#options.encoder.add(FrameKind.rejected, job.number, 0, JSON.stringify({ error: errorText(error) }));
    }
    if (this.#stopping && this.#running.size === 0) this.#options.onIdle();
  }

  /** At once, for a job may block the loop after it. */
  #onMessage(job: ChildJob, message: JsonRecord): void {
    // What a job says after its end has nobody to hear it.
    if (this.#running.get(job.number) !== job) return;
    this.#options.encoder.add(FrameKind.message, job.number, 0, JSON.stringify(message));
    this.flush();
  }

  #isTurnOver(): boolean {
    if (!this.#turnEndScheduled) {
      this.#scheduleTurnEnd();
      this.#turnEndsAt = performance.now() + TURN_MS;
      return false;
    }
    return performance.now() > this.#turnEndsAt;
  }

  #scheduleTurnEnd(): void {
    if (this.#turnEndScheduled) return;
    this.#turnEndScheduled = true;
    this.#turnEndsAt = performance.now() + TURN_MS;
    setImmediate(() => {
      this.#turnEndScheduled = false;
      this.flush();
      this.pump();
    });
  }
}

/** A process by its resident memory; a thread, which shares that with others, by its heap. The peak is asked first: it costs a tenth. */
function isAboveMemory(limitKiB: number): boolean {
  if (!isMainThread) {
    const { heapTotal, external } = memoryUsage();
    return (heapTotal + external) / 1024 > limitKiB;
  }
  return resourceUsage().maxRSS > limitKiB && memoryUsage.rss() / 1024 > limitKiB;
}
