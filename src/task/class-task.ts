// Tasks written as classes: one object a process, so that what it keeps on `this` is kept between calls (a database connection, a model).
// Its options are its fields, static or not. The call that is being executed is reached through the getters.
import { UsageError } from "../errors/celeriac-error.ts";
import type { Retry, TaskDirective } from "../errors/directives.ts";
import type { SignatureRecord } from "../protocol/signature-record.ts";
import type { TaskState } from "../protocol/states.ts";
import type { Logger } from "../util/logger.ts";
import type { RetryOptions, TaskContext } from "./task-context.ts";
import { TASK_OPTION_NAMES, type TaskOptions } from "./task-options.ts";
import type { TaskRequest } from "./task-request.ts";

/** Base of tasks that are classes: `class Resize extends Task { name = "shop.resize"; run(path: string) {...} }`, registered by `app.registerTask(Resize)`. */
export abstract class Task {
  /** Name of the task. @default the app's name and that of the class */
  readonly name?: string;
  #current: (() => TaskContext | undefined) | undefined;

  /** The body. `this` is the object; the call is `this.request`. */
  abstract run(...args: never[]): unknown;

  /** Tells the object how the current call is found. Called by the app that registers it. */
  bind(current: () => TaskContext | undefined): void {
    this.#current = current;
  }

  /** What the current call may do; see {@link TaskContext}. */
  get context(): TaskContext {
    const context = this.#current?.();
    if (context === undefined) throw new UsageError("CELERIAC_NO_CURRENT_TASK", { operation: `the context of ${this.constructor.name}` });
    return context;
  }

  /** The call that is being executed. */
  get request(): TaskRequest {
    return this.context.request;
  }

  /** Aborted when the task shall stop. */
  get signal(): AbortSignal {
    return this.context.signal;
  }

  /** A logger whose lines carry the task's id and name. */
  get logger(): Logger {
    return this.context.logger;
  }

  /** See {@link TaskContext.retry}. */
  retry(options?: RetryOptions): Retry {
    return this.context.retry(options);
  }

  /** See {@link TaskContext.replace}. */
  replace(signature: SignatureRecord | { toJSON(): SignatureRecord }): TaskDirective {
    return this.context.replace(signature);
  }

  /** See {@link TaskContext.updateState}. */
  updateState(state: TaskState, meta?: unknown): void {
    this.context.updateState(state, meta);
  }

  /** See {@link TaskContext.progress}. */
  progress(meta: unknown): void {
    this.context.progress(meta);
  }
}

const HANDLERS: ReadonlySet<string> = new Set([
  "beforeStart",
  "onSuccess",
  "onRetry",
  "onFailure",
  "afterReturn",
  "onReplace",
  "onBound",
  "shadowName",
]);

/** The options that a class-based task has as its fields; those of the object stand before those of the class. Handlers keep the object as `this`. */
export function optionsOfTask(task: Task): TaskOptions {
  const options: Record<string, unknown> = {};
  const own = task as unknown as Readonly<Record<string, unknown>>; // fields of subclasses, known only by the names of the options
  const statics = task.constructor as unknown as Readonly<Record<string, unknown>>;
  for (const name of TASK_OPTION_NAMES) {
    const value = own[name] ?? statics[name];
    if (value !== undefined) options[name] = HANDLERS.has(name) && typeof value === "function" ? (value.bind(task) as unknown) : value;
  }
  return options;
}
