// A task as a program calls it: typed by its function. app/ makes the objects.
import type { AsyncResult } from "../canvas/async-result.ts";
import type { ApplyOptions, SignatureOptions } from "../canvas/call-options.ts";
import type { AnyFunction, LastArgumentsOf, List, Missing } from "../canvas/partial-arguments.ts";
import type { ImmutableSignature, Signature } from "../canvas/signature.ts";
import type { Retry, TaskDirective } from "../errors/directives.ts";
import type { SignatureRecord } from "../protocol/signature-record.ts";
import type { RetryOptions } from "./task-context.ts";

/** What `signature()` takes beside arguments. */
export type SignatureInit = ApplyOptions & SignatureOptions;

/** A task that can be sent; its body may live in another program, in another language. `P` are its parameters, `R` is its result, awaited. */
export interface RemoteTask<P extends List, R> {
  /** Name of the task. */
  readonly name: string;
  /** Sends a call. */
  delay(...args: P): Promise<AsyncResult<R>>;
  /** Sends a call with options. With keyword arguments in them, positional ones may be left out. */
  applyAsync(args?: P | readonly [], options?: ApplyOptions): Promise<AsyncResult<R>>;
  /** Sends many calls at once, with the same options: much faster than one by one. Resolves when all are as durable as the broker makes them. */
  sendMany(argsList: Iterable<P>, options?: ApplyOptions): Promise<AsyncResult<R>[]>;
  /**
   * A partial call: what the step before gives is put before these.
   * The constraint on A is what keeps literals and gives object literals their context.
   */
  s<A extends LastArgumentsOf<P>>(...args: A): Signature<Missing<P, A>, R>;
  /** A complete call that ignores what the step before gives. */
  si(...args: P): ImmutableSignature<R>;
  /** A call with options. */
  signature<A extends LastArgumentsOf<P>>(args: A, options?: SignatureInit): Signature<Missing<P, A>, R>;
  /** The result of a task with this id. */
  AsyncResult(id: string): AsyncResult<R>;
}

/** A task of this program: callable, and sendable. `Raw` is what its function returns, a promise included. */
export interface BoundTask<P extends List, R, Raw = R> extends RemoteTask<P, R> {
  /** Runs the function here, as the function that it is. */
  (...args: P): Raw;
  /** Executes a call here with all that belongs to it: retries, handlers, callbacks. Its result is there at once. */
  apply(args?: P | readonly [], options?: ApplyOptions): Promise<AsyncResult<R>>;
  /**
   * What is thrown to run the current call again later. The same as `this.retry()`.
   * @throws UsageError outside of a running task
   */
  retry(options?: RetryOptions): Retry;
  /** What is thrown to let another signature take the current call's place. The same as `this.replace()`. */
  replace(signature: SignatureRecord): TaskDirective;
}

/** A task from the type of its function: short enough to be written by hand where `isolatedDeclarations` wants it. */
export type TaskOf<F extends AnyFunction> = BoundTask<Parameters<F>, Awaited<ReturnType<F>>, ReturnType<F>>;

/** A task that lives elsewhere, from the type of its function. */
export type RemoteTaskOf<F extends AnyFunction> = RemoteTask<Parameters<F>, Awaited<ReturnType<F>>>;
