import type { TaskContext } from "../task/task-context.ts";
import { runInTask } from "./current-task.ts";
import { type Execution, known } from "./execution.ts";

/** Calls a handler of the task's. Its error is logged and changes nothing of how the task ends. */
export async function callHandler(execution: Execution, name: string, call: (context: TaskContext) => unknown): Promise<void> {
  const context = known(execution.context, "the context");
  try {
    await runInTask(context, () => call(context));
  } catch (error) {
    context.logger.error(
      { err: error },
      `the handler ${name} of task ${context.request.task}[${context.request.id}] threw; the task's end is not changed`,
    );
  }
}
