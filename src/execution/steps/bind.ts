import { type Execution, known } from "../execution.ts";
import { isPromiseLike } from "../maybe-promise.ts";
import { RunningTaskContext } from "../running-task-context.ts";
import { storeState } from "../state-update.ts";

/** Makes the context, and positional arguments for the body: keyword arguments bound by name, all of them validated. */
export function bind(execution: Execution): void | Promise<void> {
  if (execution.ending) return;
  const definition = known(execution.definition, "the task");
  const request = known(execution.taskRequest, "the request");
  execution.context = new RunningTaskContext({
    host: execution.host,
    definition,
    request,
    message: request.isEager ? null : execution.request,
    children: execution.children,
    signal: () => execution.control.signal,
    store: (state, meta) => storeState(execution, state, meta),
  });
  const bound = definition.bindArguments(request.args, request.kwargs);
  if (isPromiseLike(bound)) {
    return Promise.resolve(bound).then((args) => {
      execution.bound = args;
    });
  }
  execution.bound = bound;
}
