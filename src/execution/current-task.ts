import { AsyncLocalStorage } from "node:async_hooks";
import type { TaskContext } from "../task/task-context.ts";

const storage = new AsyncLocalStorage<TaskContext>();

/** The context of the task that this code runs in, anywhere below it; undefined outside of one. */
export function currentTask(): TaskContext | undefined {
  return storage.getStore();
}

/** Runs a function as part of a task: `currentTask()` gives this context in it and in all that it starts. */
export function runInTask<T>(context: TaskContext, run: () => T): T {
  return storage.run(context, run);
}
