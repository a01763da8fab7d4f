// A task as its app keeps it: what the user wrote, and what comes of it with the settings, found out at first use.
import { type ArgumentBinder, argumentBinder, type Kwargs } from "./bind-arguments.ts";
import { type CallDefaults, type ResolvedTaskOptions, resolveTaskOptions } from "./resolve-task-options.ts";
import type { TaskContext } from "./task-context.ts";
import type { ExecutionOptions, TaskDefinition, TaskHandlers } from "./task-definition.ts";
import type { TaskOptions } from "./task-options.ts";
import type { TaskSettings } from "./task-settings.ts";

/** The body of a task. */
export type TaskFunction = (this: TaskContext, ...args: never[]) => unknown;

/** What a task is registered with. */
export interface RegisteredTaskInit {
  readonly name: string;
  readonly run: TaskFunction;
  /** The function or object that the user registered: the same one again is the same task. */
  readonly source: unknown;
  /** What the user wrote. */
  readonly given: TaskOptions;
  readonly settings: () => TaskSettings;
  /** The function whose parameters count, where `run` only calls it. @default run */
  readonly declared?: (...args: never[]) => unknown;
}

/** A task of an app. */
export class RegisteredTask implements TaskDefinition {
  readonly name: string;
  readonly run: (this: TaskContext, ...args: readonly never[]) => unknown;
  /** The function or object that the user registered: the same one again is the same task. */
  readonly source: unknown;
  /** What the user wrote. */
  readonly given: TaskOptions;
  readonly #settings: () => TaskSettings;
  readonly #binder: ArgumentBinder;
  #resolved: { readonly of: TaskSettings; readonly options: ResolvedTaskOptions } | undefined;

  constructor(init: RegisteredTaskInit) {
    const { name, run, source, given, settings, declared = run } = init;
    this.name = name;
    this.run = run;
    this.source = source;
    this.given = given;
    this.#settings = settings;
    this.#binder = argumentBinder(name, declared, given);
  }

  get arity(): number {
    return this.#binder.arity;
  }

  get options(): ExecutionOptions {
    return this.#resolve().execution;
  }

  /** Defaults of its calls. */
  get callDefaults(): CallDefaults {
    return this.#resolve().call;
  }

  get handlers(): TaskHandlers {
    return this.given;
  }

  bindArguments(args: readonly unknown[], kwargs: Kwargs): readonly unknown[] | Promise<readonly unknown[]> {
    return this.#binder.bind(args, kwargs);
  }

  /** Settings may change until they are first used; a change makes another settings object. */
  #resolve(): ResolvedTaskOptions {
    const settings = this.#settings();
    if (this.#resolved?.of !== settings) this.#resolved = { of: settings, options: resolveTaskOptions(this.name, this.given, settings) };
    return this.#resolved.options;
  }
}
