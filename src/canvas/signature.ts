// A call that may be sent later: what users write, with its types. A frozen record; each method gives another one.
import type { SignatureRecord } from "../protocol/signature-record.ts";
import type { AsyncResult } from "./async-result.ts";
import type { ApplyOptions, SignatureOptions } from "./call-options.ts";
import type { FreezeIds } from "./freeze.ts";
import type { After, ResultOf } from "./joins.ts";
import type { Lead } from "./partial-arguments.ts";
import type { RESULT, Step, TAKES } from "./step.ts";

/** A call that may be sent later. `Takes` is the union of leading argument lists that it still accepts, `Result` what it gives. */
export interface Signature<Takes, Result> extends SignatureRecord {
  readonly [TAKES]: Takes;
  readonly [RESULT]: Result;
  /** Sends it now, with the arguments that are still missing. */
  delay(...lead: Lead<Takes>): Promise<AsyncResult<Result>>;
  /** Sends it now; options stand before the signature's own. */
  applyAsync(lead?: Lead<Takes>, options?: ApplyOptions): Promise<AsyncResult<Result>>;
  /** Executes it here, and what follows it. */
  apply(lead?: Lead<Takes>, options?: ApplyOptions): Promise<AsyncResult<Result>>;
  /** A chain of this and the next. */
  pipe<const S extends Step>(next: After<Result, S>): Signature<Takes, ResultOf<S>>;
  /** The same signature with a callback, which is sent with the result after success. */
  link<const S extends Step>(callback: After<Result, S>): Signature<Takes, Result>;
  /** The same signature with an errback, which is sent with the failed task's id, or called with (request, error, traceback) where it takes more than one argument. */
  linkError(errback: Step): Signature<Takes, Result>;
  /** The same as `linkError`. */
  onError(errback: Step): Signature<Takes, Result>;
  /** The same signature with these options put over its own. */
  set(options: SignatureOptions): Signature<Takes, Result>;
  /** The same signature with the ids under which it will run. */
  freeze(ids?: FreezeIds): Signature<Takes, Result>;
  /** Another signature with arguments put before, and keyword arguments and options over, its own. */
  clone(args?: readonly unknown[], options?: ApplyOptions & SignatureOptions): Signature<unknown, Result>;
  /** The plain record, as Python reads it. */
  toJSON(): SignatureRecord;
}

/** A signature that ignores what the step before gives. */
export interface ImmutableSignature<Result> extends Signature<unknown, Result> {}
