// Ends a task that is not run, or was lost while it ran: the same outcome, errbacks and handlers as if its body had ended so. Used by the
// worker's supervising process, which alone knows of a child that died, of a hard time limit and of a message that came too late.
import { unregisteredTask } from "./unregistered-task.ts";
import { createExecution, type Execution, known } from "./execution.ts";
import type { ExecutionHost } from "./execution-host.ts";
import type { ExecutionOutcome } from "./execution-outcome.ts";
import type { ExecutionRequest } from "./execution-request.ts";
import type { ExecutionControl } from "./executor-contract.ts";
import { runSteps } from "./maybe-promise.ts";
import { RunningTaskContext } from "./running-task-context.ts";
import { conclude } from "./steps/conclude.ts";
import { decodeFor } from "./steps/decode.ts";
import { notify } from "./steps/notify.ts";

/** Why a task ends without having been run to its end: an error that is its failure, or that it expired. */
export type EndReason = { readonly kind: "failure"; readonly error: Error } | { readonly kind: "expired" };

/**
 * The outcome of a task that ends for this reason.
 * @throws whatever building its follow-ups throws
 */
export async function endWithoutRunning(
  host: ExecutionHost,
  request: ExecutionRequest,
  body: string | Uint8Array,
  reason: EndReason,
): Promise<ExecutionOutcome> {
  const execution = createExecution(host, request, body, idleControl);
  decodeFor(execution, host.tasks.get(request.headers.task) ?? unregisteredTask(request.headers.task));
  if (execution.taskRequest) execution.context = contextOf(execution);
  execution.ending = reason.kind === "failure" ? { kind: "failure", error: reason.error, expected: false } : { kind: "expired" };
  await runSteps(execution, [conclude, notify]);
  return known(execution.outcome, "the outcome");
}

/** Nothing runs that could be aborted or say anything. */
const idleControl: ExecutionControl = { signal: new AbortController().signal, onState: () => {} };

function contextOf(execution: Execution): RunningTaskContext {
  return new RunningTaskContext({
    host: execution.host,
    definition: known(execution.definition, "the task"),
    request: known(execution.taskRequest, "the request"),
    message: execution.request,
    children: execution.children,
    signal: () => execution.control.signal,
    store: () => {},
  });
}
