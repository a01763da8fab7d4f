import { TaskError } from "../errors/celeriac-error.ts";
import { NotRegistered } from "../errors/task-errors.ts";
import { didYouMean } from "../util/did-you-mean.ts";
import type { RegisteredTask } from "./registered-task.ts";
import type { TaskLookup } from "./task-definition.ts";

/** The tasks of one app, by name. */
export class TaskRegistry implements TaskLookup {
  readonly #tasks: Map<string, RegisteredTask> = new Map();

  /**
   * Adds a task. The same function under the same name again is the task that is there already.
   * @throws TaskError CELERIAC_TASK_DUPLICATE where the name belongs to another
   */
  add(task: RegisteredTask): RegisteredTask {
    const there = this.#tasks.get(task.name);
    if (there === undefined) {
      this.#tasks.set(task.name, task);
      return task;
    }
    if (there.source === task.source) return there;
    throw new TaskError("CELERIAC_TASK_DUPLICATE", { task: task.name });
  }

  get(name: string): RegisteredTask | undefined {
    return this.#tasks.get(name);
  }

  /** @throws NotRegistered, with a suggestion, where there is none */
  find(name: string): RegisteredTask {
    const task = this.#tasks.get(name);
    if (task === undefined) throw new NotRegistered(name, didYouMean(name, this.#tasks.keys()));
    return task;
  }

  has(name: string): boolean {
    return this.#tasks.has(name);
  }

  names(): Iterable<string> {
    return this.#tasks.keys();
  }

  /** Removes a task; a worker then knows it no more. */
  unregister(name: string): void {
    if (!this.#tasks.delete(name)) this.find(name);
  }

  /** The tasks that are not Celeriac's own, in the order of their definition. */
  regular(): readonly RegisteredTask[] {
    return [...this.#tasks.values()].filter((task) => !task.name.startsWith("celery."));
  }

  get size(): number {
    return this.#tasks.size;
  }
}
