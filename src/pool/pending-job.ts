import type { JobLoss, JobObserver, PoolJob } from "./contract.ts";
import type { Deadline } from "./deadlines.ts";
import { checkFrameSize } from "./frame-encoder.ts";
import type { PoolChild } from "./pool-child.ts";

/** Units of text, or bytes, that are far below what a frame carries, headers included. */
const SURELY_FITS = 64 * 1024 * 1024;

/** A job that a pool of children holds: it waits, or a child has it, or it runs there. */
export class PendingJob {
  readonly job: PoolJob;
  readonly observer: JobObserver;
  /** Number in frames; a new one each time that it is given to a child. */
  number = 0;
  /** Who has it; undefined while it waits. */
  child: PoolChild | undefined = undefined;
  started = false;
  /** Aborted before it started: told to the child with the job. */
  abortReason: string | undefined = undefined;
  /** Why its child is being killed, where that is for this job's sake. */
  loss: JobLoss | undefined = undefined;
  softLimit: Deadline | undefined = undefined;
  hardLimit: Deadline | undefined = undefined;

  readonly #headerJson: string;

  /** @throws where the header is not JSON or the job is too big for a frame: the one who submits it is told, not the pool's loop */
  constructor(job: PoolJob, observer: JobObserver) {
    this.job = job;
    this.observer = observer;
    this.#headerJson = JSON.stringify({ id: job.id, header: job.header });
    if (job.body.length > SURELY_FITS) checkFrameSize(this.#headerJson, job.body);
  }

  /** The header of the frame that brings it to a child. */
  frameHeader(): string {
    if (this.abortReason === undefined) return this.#headerJson;
    return JSON.stringify({ id: this.job.id, header: this.job.header, abort: this.abortReason });
  }

  /** Its limits no longer matter. */
  cancelLimits(): void {
    this.softLimit?.cancel();
    this.hardLimit?.cancel();
  }
}
