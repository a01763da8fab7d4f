// The objects behind `app.task` and `app.remote`. Typed from outside by what the function is; inside, arguments are unknown.
import type { AsyncResult } from "../canvas/async-result.ts";
import type { ApplyOptions } from "../canvas/call-options.ts";
import { refuseUnknownOptions } from "../canvas/option-names.ts";
import { nodeOf } from "../canvas/make-signature.ts";
import type { SignatureNode } from "../canvas/signature-node.ts";
import { UsageError } from "../errors/celeriac-error.ts";
import type { Retry, TaskDirective } from "../errors/directives.ts";
import type { SignatureRecord } from "../protocol/signature-record.ts";
import type { SignatureInit } from "../task/bound-task.ts";
import type { RegisteredTask } from "../task/registered-task.ts";
import type { RetryOptions, TaskContext } from "../task/task-context.ts";
import type { AppContext } from "./app-context.ts";
import { callDirectly } from "./direct-context.ts";
import { NO_KWARGS, NO_OPTIONS } from "./sender.ts";
import type { TaskCall } from "./prepare-call.ts";
import { StoredResult } from "./results/stored-result.ts";
import type { ResultSource } from "./results/result-source.ts";
import type { TaskCalls } from "./task-calls.ts";
import { workerTask } from "./running-task.ts";

/** What bound tasks are made with. */
export interface TaskServices {
  readonly app: AppContext;
  readonly calls: TaskCalls;
  readonly results: ResultSource;
}

type Args = readonly unknown[];
const NO_ARGS: Args = Object.freeze([]);

/** A task by its name: what can be sent, wherever its body lives. */
export class TaskHandle {
  readonly name: string;
  readonly #services: TaskServices;
  readonly #task: RegisteredTask | undefined;
  readonly #defaults: ApplyOptions;

  /** @param defaults options of every call, which those of a call stand before */
  constructor(services: TaskServices, name: string, task: RegisteredTask | undefined, defaults: ApplyOptions = NO_OPTIONS) {
    this.#services = services;
    this.name = name;
    this.#task = task;
    refuseUnknownOptions(defaults, `the task ${name}`);
    this.#defaults = defaults;
  }

  delay(...args: Args): Promise<AsyncResult<unknown>> {
    return this.#services.calls.call({ name: this.name, task: this.#task, args, kwargs: NO_KWARGS, options: this.#defaults });
  }

  applyAsync(args: Args = NO_ARGS, options?: ApplyOptions): Promise<AsyncResult<unknown>> {
    return this.#services.calls.call(this.call(args, options));
  }

  sendMany(argsList: Iterable<Args>, options?: ApplyOptions): Promise<AsyncResult<unknown>[]> {
    const { args: _args, ...call } = this.call(NO_ARGS, options);
    return this.#services.calls.callMany(call, argsList);
  }

  s(...args: Args): SignatureNode {
    return nodeOf(this.name, args, this.#defaults, this.#services.calls);
  }

  si(...args: Args): SignatureNode {
    return nodeOf(this.name, args, { ...this.#defaults, immutable: true }, this.#services.calls);
  }

  signature(args: Args = NO_ARGS, options: SignatureInit = {}): SignatureNode {
    return nodeOf(this.name, args, { ...this.#defaults, ...options }, this.#services.calls);
  }

  AsyncResult(id: string): AsyncResult<unknown> {
    return new StoredResult(id, this.#services.results);
  }

  /** A call with the options of the task and of the call. */
  call(args: Args, options: ApplyOptions = NO_OPTIONS): TaskCall {
    if (options === NO_OPTIONS && this.#defaults === NO_OPTIONS)
      return { name: this.name, task: this.#task, args, kwargs: NO_KWARGS, options };
    const { kwargs = NO_KWARGS, ...rest } = this.#defaults === NO_OPTIONS ? options : { ...this.#defaults, ...options };
    return { name: this.name, task: this.#task, args, kwargs, options: rest };
  }
}

/** The function that stands for a task: called, it runs the body here; its methods send. */
export function boundTaskFunction(services: TaskServices, task: RegisteredTask): (...args: Args) => unknown {
  const handle = new TaskHandle(services, task.name, task);
  const bound = (...args: Args): unknown => callDirectly(services.app, task, args);
  const methods = {
    delay: (...args: Args) => handle.delay(...args),
    applyAsync: (args?: Args, options?: ApplyOptions) => handle.applyAsync(args, options),
    sendMany: (argsList: Iterable<Args>, options?: ApplyOptions) => handle.sendMany(argsList, options),
    apply: (args?: Args, options?: ApplyOptions) => services.calls.apply(handle.call(args ?? NO_ARGS, options)),
    s: (...args: Args) => handle.s(...args),
    si: (...args: Args) => handle.si(...args),
    signature: (args?: Args, options?: SignatureInit) => handle.signature(args, options),
    AsyncResult: (id: string) => handle.AsyncResult(id),
    retry: (options?: RetryOptions): Retry => running(task, "retry()").retry(options),
    replace: (signature: SignatureRecord): TaskDirective => running(task, "replace()").replace(signature),
  };
  Object.defineProperty(bound, "name", { value: task.name, configurable: true });
  return Object.assign(bound, methods);
}

function running(task: RegisteredTask, method: string): TaskContext {
  const context = workerTask();
  if (context === undefined) throw new UsageError("CELERIAC_NO_CURRENT_TASK", { operation: `${task.name}.${method}` });
  return context;
}
