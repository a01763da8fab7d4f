import { currentTask } from "../execution/current-task.ts";
import type { TaskContext } from "../task/task-context.ts";

/** The context around that of a task which was called as a function; a WeakMap so that the context itself stays what execution/ makes. */
const around: WeakMap<TaskContext, TaskContext> = new WeakMap();

/** Remembers the task in which a direct call was made. */
export function rememberAround(direct: TaskContext, outer: TaskContext): void {
  around.set(direct, outer);
}

/** The task that is being executed; calls of tasks as plain functions within it are passed over. */
export function workerTask(): TaskContext | undefined {
  let context = currentTask();
  while (context?.request.calledDirectly) context = around.get(context);
  return context;
}
