import { type Execution, known } from "../execution.ts";
import { callHandler } from "../call-handler.ts";
import { storeState } from "../state-update.ts";

/** Says that the task starts: the state STARTED where it is tracked, the hook, the task's own handler. */
export function announce(execution: Execution): void | Promise<void> {
  if (execution.ending) return;
  const { host } = execution;
  execution.announced = true;
  const definition = known(execution.definition, "the task");
  const request = known(execution.taskRequest, "the request");
  if (definition.options.trackStarted) storeState(execution, "STARTED", { pid: process.pid, hostname: host.hostname });
  const hooked = host.hooks.has("taskPrerun")
    ? host.hooks.emitAsync("taskPrerun", {
        sender: request.task,
        taskId: request.id,
        task: definition,
        args: request.args,
        kwargs: request.kwargs,
        request,
      })
    : undefined;
  const { beforeStart } = definition.handlers;
  if (!beforeStart) return hooked;
  const call = (): Promise<void> =>
    callHandler(execution, "beforeStart", (context) => beforeStart.call(context, request.id, request.args, request.kwargs));
  return hooked ? hooked.then(call) : call();
}
