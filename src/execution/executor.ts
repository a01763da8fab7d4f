import { TaskRevokedError } from "../errors/task-errors.ts";
import type { ResultTuple } from "../protocol/result-meta.ts";
import { emptyEmbed, type TaskHeaders } from "../protocol/task-message.ts";
import type { TaskRequest } from "../task/task-request.ts";
import { createExecution, type Ending, type Execution, known } from "./execution.ts";
import type { ExecutionHost } from "./execution-host.ts";
import type { ExecutionOutcome } from "./execution-outcome.ts";
import type { ExecutionRequest } from "./execution-request.ts";
import type { EagerCall, EagerOutcome, ExecutionControl, Executor } from "./executor-contract.ts";
import { errorRepr } from "./error-repr.ts";
import { runSteps } from "./maybe-promise.ts";
import { errorDocument, tracebackOf } from "./result-document.ts";
import { runTask } from "./run-task.ts";
import { announce } from "./steps/announce.ts";
import { bind } from "./steps/bind.ts";
import { failure, invoke } from "./steps/invoke.ts";
import { notify } from "./steps/notify.ts";
import { tellReplace } from "./steps/tell-replace.ts";

/** Makes what executes the tasks of an app in this process. */
export function createExecutor(host: ExecutionHost): Executor {
  return {
    execute: (request, body, control) => execute(host, request, body, control),
    executeEager: (call) => executeEager(host, call),
  };
}

function execute(
  host: ExecutionHost,
  request: ExecutionRequest,
  body: string | Uint8Array,
  control: ExecutionControl,
): ExecutionOutcome | Promise<ExecutionOutcome> {
  const execution = createExecution(host, request, body, control);
  try {
    const outcome = runTask(execution);
    return outcome instanceof Promise ? outcome.catch((error: unknown) => internalError(execution, error)) : outcome;
  } catch (error) {
    return internalError(execution, error);
  }
}

/** The pipeline itself failed: a follow-up that cannot be built, or a fault of ours. The task ends as a failure that says so. */
function internalError(execution: Execution, error: unknown): ExecutionOutcome {
  const { host, request } = execution;
  host.logger.error(
    { err: error, task: request.headers.task, id: request.headers.id },
    `task ${request.headers.task}[${request.headers.id}] ended with an internal error`,
  );
  const traceback = tracebackOf(error);
  if (host.hooks.has("taskInternalError")) {
    const exception = error instanceof Error ? error : new Error(errorRepr(error), { cause: error });
    const { task, id } = request.headers;
    const { args, kwargs } = execution.payload ?? { args: null, kwargs: null };
    host.hooks.emit("taskInternalError", {
      sender: task,
      taskId: id,
      exception,
      args,
      kwargs,
      traceback,
      request: execution.taskRequest ?? request.headers,
    });
  }
  return {
    state: "FAILURE",
    runtime: execution.runtime,
    repr: errorRepr(error),
    ...(traceback === null ? {} : { traceback }),
    document: errorDocument(execution, "FAILURE", error, traceback),
  };
}

async function executeEager(host: ExecutionHost, call: EagerCall): Promise<EagerOutcome> {
  const { definition, request } = call;
  const control: ExecutionControl = { signal: call.signal ?? new AbortController().signal, onState: () => {} };
  const children: ResultTuple[] = [];
  const execution: Execution = { ...createExecution(host, eagerMessage(request), "", control), definition, taskRequest: request, children };
  execution.payload = {
    args: request.args,
    kwargs: request.kwargs,
    embed: { ...emptyEmbed, callbacks: request.callbacks, errbacks: request.errbacks, chain: request.chain, chord: request.chord },
  };
  try {
    await runSteps(execution, [bind, announce, invoke]);
  } catch (error) {
    execution.ending = failure(execution, error);
  }
  await tellReplace(execution);
  const outcome = eagerOutcome(known(execution.ending, "the ending"));
  execution.outcome = { state: outcome.state === "REPLACED" ? "IGNORED" : outcome.state, runtime: execution.runtime };
  await notify(execution);
  return outcome;
}

function eagerOutcome(ending: Ending): EagerOutcome {
  switch (ending.kind) {
    case "success":
      return { state: "SUCCESS", value: ending.value };
    case "failure":
      return { state: "FAILURE", error: ending.error, traceback: tracebackOf(ending.error) ?? undefined };
    case "retry":
      return { state: "RETRY", error: ending.reason, next: ending.resend.next };
    case "replace":
      return { state: "REPLACED", replacement: ending.replacement };
    case "ignore":
      return { state: "IGNORED" };
    case "reject":
      return { state: "REJECTED", error: ending.reason };
    case "expired":
      return { state: "FAILURE", error: new TaskRevokedError("expired") };
    case "malformed":
      return { state: "FAILURE", error: ending.error };
  }
}

/** The message that an eager call would have been, for the steps that read one. */
function eagerMessage(request: TaskRequest): ExecutionRequest {
  const headers: TaskHeaders = {
    task: request.task,
    id: request.id,
    lang: "js",
    shadow: request.shadow,
    eta: null,
    expires: null,
    group: request.group,
    groupIndex: request.groupIndex,
    retries: request.retries,
    timelimit: [request.timeLimit, request.softTimeLimit],
    rootId: request.rootId,
    parentId: request.parentId,
    argsrepr: null,
    kwargsrepr: null,
    origin: request.origin,
    ignoreResult: request.ignoreResult,
    replacedTaskNesting: request.replacedTaskNesting,
    stampedHeaders: request.stampedHeaders,
    stamps: request.stamps,
    custom: request.headers,
  };
  return {
    headers,
    delivery: request.deliveryInfo ?? { queue: "", exchange: "", routingKey: "", priority: null, redelivered: false },
    correlationId: request.correlationId,
    replyTo: request.replyTo,
    contentType: "application/json",
    contentEncoding: "utf-8",
    compression: null,
    protocol: 2,
    wantsRepr: false,
  };
}
