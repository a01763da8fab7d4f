// Tasks of libraries, which know no app: every app of the process has them, those made later too.
import type { List } from "../canvas/partial-arguments.ts";
import { UsageError } from "../errors/celeriac-error.ts";
import type { BoundTask } from "../task/bound-task.ts";
import type { TaskFunction } from "../task/registered-task.ts";
import type { TaskContext } from "../task/task-context.ts";
import type { TaskOptions } from "../task/task-options.ts";
import type { CeleriacApp } from "./celeriac.ts";

/** A task that every app has, as its record. */
export interface SharedTask {
  readonly name: string;
  readonly options: TaskOptions;
  readonly fn: TaskFunction;
}

/** A task that every app has, as a library holds it. */
export interface SharedTaskHandle<P extends List, R, Raw = R> {
  readonly name: string;
  /** The same task on an app, to be called and sent. */
  on(app: CeleriacApp): BoundTask<P, R, Raw>;
}

/** Who adopts shared tasks: an app. */
export interface Adopter {
  adopt(task: SharedTask): void;
}

// The one list that a process has on purpose: a library cannot know the apps that will use it.
const shared: SharedTask[] = [];
const adopters: Set<WeakRef<Adopter>> = new Set();

/** Makes a task of a library: every app of the process has it, those made later too. It is sent by `task.on(app).delay(...)`. */
export function sharedTask<P extends List, R>(name: string, fn: (this: TaskContext, ...args: P) => R): SharedTaskHandle<P, Awaited<R>, R>;
export function sharedTask<P extends List, R>(
  name: string,
  options: TaskOptions,
  fn: (this: TaskContext, ...args: P) => R,
): SharedTaskHandle<P, Awaited<R>, R>;
export function sharedTask(name: string, second: unknown, third?: unknown): SharedTaskHandle<List, unknown> {
  const fn = typeof second === "function" ? second : third;
  const options = typeof second === "function" ? {} : second;
  if (typeof fn !== "function" || typeof options !== "object" || options === null) {
    throw new UsageError("CELERIAC_USAGE", {
      message: `expected sharedTask(name, options?, function), got: ${typeof second}, ${typeof third}`,
    });
  }
  const task: SharedTask = { name, options, fn: fn as TaskFunction }; // the overloads have said what it is
  shareTask(task);
  return { name, on: (app) => app.task(name, options, fn as (this: TaskContext, ...args: List) => unknown) };
}

/** Registers a task on all apps of the process, present and future. */
export function shareTask(task: SharedTask): void {
  shared.push(task);
  for (const reference of adopters) reference.deref()?.adopt(task);
}

/** Gives an app the shared tasks, and those that are shared later. The list keeps no app alive. */
export function adoptSharedTasks(app: Adopter): void {
  for (const reference of adopters) if (reference.deref() === undefined) adopters.delete(reference);
  adopters.add(new WeakRef(app));
  for (const task of shared) app.adopt(task);
}

/** The shared tasks stop being given to an app, because it is closed. */
export function leaveSharedTasks(app: Adopter): void {
  for (const reference of adopters) if (reference.deref() === app) adopters.delete(reference);
}
