import { callHandler } from "../call-handler.ts";
import { errorRepr } from "../error-repr.ts";
import { type Ending, type Execution, known } from "../execution.ts";
import { tracebackOf } from "../result-document.ts";

/**
 * Tells the task's handlers and the hooks how it ended. Costs nothing where nobody listens. `taskPostrun` stands only beside a `taskPrerun`:
 * a task that was not run, or that is ended by another process than ran it, has neither here.
 */
export function notify(execution: Execution): void | Promise<void> {
  const { hooks } = execution.host;
  const { context, definition, announced } = execution;
  if (!context || !definition) return;
  const { onSuccess, onRetry, onFailure, afterReturn } = definition.handlers;
  const handled = onSuccess ?? onRetry ?? onFailure ?? afterReturn;
  const ran = announced && hooks.has("taskPostrun");
  if (!handled && !hooks.has("taskSuccess") && !hooks.has("taskFailure") && !hooks.has("taskRetry") && !ran) return;
  return tellAll(execution, known(execution.ending, "the ending"));
}

async function tellAll(execution: Execution, ending: Ending): Promise<void> {
  const request = known(execution.taskRequest, "the request");
  const definition = known(execution.definition, "the task");
  const { state } = known(execution.outcome, "the outcome");
  const { hooks } = execution.host;
  const { id, task: sender, args, kwargs } = request;
  const { onSuccess, onRetry, onFailure, afterReturn } = definition.handlers;
  if (ending.kind === "success") {
    if (onSuccess) await callHandler(execution, "onSuccess", (context) => onSuccess.call(context, ending.value, id, args, kwargs));
    if (hooks.has("taskSuccess")) await hooks.emitAsync("taskSuccess", { sender, request, result: ending.value });
  } else if (ending.kind === "retry") {
    if (onRetry) await callHandler(execution, "onRetry", (context) => onRetry.call(context, ending.reason, id, args, kwargs));
    if (hooks.has("taskRetry"))
      await hooks.emitAsync("taskRetry", { sender, request, reason: ending.reason, traceback: tracebackOf(ending.reason) });
  } else if (ending.kind === "failure") {
    const { error } = ending;
    if (onFailure) await callHandler(execution, "onFailure", (context) => onFailure.call(context, error, id, args, kwargs));
    const exception = error instanceof Error ? error : new Error(errorRepr(error), { cause: error });
    if (hooks.has("taskFailure"))
      await hooks.emitAsync("taskFailure", { sender, taskId: id, exception, args, kwargs, traceback: tracebackOf(error), request });
  }
  const retval = ending.kind === "success" ? ending.value : ending.kind === "failure" ? ending.error : undefined;
  if (afterReturn && (ending.kind === "success" || ending.kind === "failure")) {
    await callHandler(execution, "afterReturn", (context) => afterReturn.call(context, state, retval, id, args, kwargs));
  }
  if (execution.announced && hooks.has("taskPostrun"))
    await hooks.emitAsync("taskPostrun", { sender, taskId: id, task: definition, args, kwargs, request, retval, state });
}
