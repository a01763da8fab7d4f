import { SoftTimeLimitExceeded } from "../errors/task-errors.ts";
import { AbortOnDemand, abortError } from "./abort-on-demand.ts";
import type { JsonRecord, RunningJob } from "./contract.ts";
import type { Frame } from "./frames.ts";

/** A job inside a child, from the frame that brought it. */
export class ChildJob implements RunningJob {
  readonly id: string;
  readonly number: number;
  readonly header: JsonRecord;
  readonly body: string | Uint8Array;
  readonly #say: (job: ChildJob, message: JsonRecord) => void;
  #abort: AbortOnDemand | undefined;

  constructor(frame: Frame, say: (job: ChildJob, message: JsonRecord) => void) {
    // The pool wrote the frame: its header is {id, header, abort?}.
    const told = frame.header as { readonly id: string; readonly header: JsonRecord; readonly abort?: string };
    this.id = told.id;
    this.number = frame.job;
    this.header = told.header;
    this.body = frame.body ?? "";
    this.#say = say;
    if (told.abort !== undefined) this.abort(told.abort);
  }

  /** See {@link RunningJob.signal}. */
  get signal(): AbortSignal {
    this.#abort ??= new AbortOnDemand();
    return this.#abort.signal;
  }

  /** See {@link RunningJob.send}. */
  send(message: JsonRecord): void {
    this.#say(this, message);
  }

  /** Aborts the signal with a reason. */
  abort(reason: string): void {
    this.#abort ??= new AbortOnDemand();
    this.#abort.abort(abortError(reason));
  }

  /** Aborts the signal because the soft limit, in seconds, was reached. */
  softLimit(seconds: number): void {
    this.#abort ??= new AbortOnDemand();
    this.#abort.abort(new SoftTimeLimitExceeded(seconds));
  }
}
