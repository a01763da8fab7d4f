// Turns the ending of the body into an outcome: the messages that follow, the document to be stored, and what the worker is to say.
import { NotRegistered, TaskRevokedError } from "../../errors/task-errors.ts";
import { Reject } from "../../errors/directives.ts";
import { encodeException } from "../../protocol/exception-record.ts";
import { safeRepr } from "../../util/safe-repr.ts";
import { errorRepr } from "../error-repr.ts";
import { type Ending, type Execution, known } from "../execution.ts";
import type { ExecutionOutcome } from "../execution-outcome.ts";
import { abandonedChain, errorFollowUps, replacementMessages, successFollowUps } from "../follow-ups.ts";
import { tellReplace } from "./tell-replace.ts";
import { errorDocument, metaOf, tracebackOf } from "../result-document.ts";

/** Builds the outcome. A result that cannot be written turns a success into a failure. */
export function conclude(execution: Execution): void | Promise<void> {
  const ending = known(execution.ending, "the ending");
  if (ending.kind === "success") {
    try {
      execution.outcome = success(execution, ending.value);
      return;
    } catch (error) {
      execution.children.length = 0;
      execution.ending = { kind: "failure", error, expected: false };
      return concludeFailure(execution, error, false);
    }
  }
  if (ending.kind === "failure") return concludeFailure(execution, ending.error, ending.expected);
  const told = tellReplace(execution);
  if (told !== undefined) return told.then(() => void (execution.outcome = otherOutcome(execution, ending)));
  execution.outcome = otherOutcome(execution, ending);
}

function success(execution: Execution, value: unknown): ExecutionOutcome {
  const { request, runtime, host } = execution;
  const definition = known(execution.definition, "the task");
  const ignored = known(execution.taskRequest, "the request").ignoreResult;
  const messages = successFollowUps(execution, value);
  return {
    state: "SUCCESS",
    runtime,
    ...(messages.length > 0 ? { messages } : {}),
    ...(ignored ? {} : { document: host.encodeMeta(metaOf(execution, "SUCCESS", value)) }),
    ...(request.wantsRepr ? { repr: safeRepr(value, { maxLength: definition.options.resultReprMaxSize }) } : {}),
  };
}

async function concludeFailure(execution: Execution, error: unknown, expected: boolean): Promise<void> {
  const traceback = tracebackOf(error);
  const messages = await errorFollowUps(execution, error, traceback);
  const alsoFailed = abandonedChain(execution, error, traceback);
  execution.outcome = {
    state: "FAILURE",
    runtime: execution.runtime,
    expected,
    repr: errorRepr(error),
    ...(traceback === null ? {} : { traceback }),
    ...(messages.length > 0 ? { messages } : {}),
    ...(errorsIgnored(execution) ? {} : { document: errorDocument(execution, "FAILURE", error, traceback) }),
    ...(alsoFailed.length > 0 ? { alsoFailed } : {}),
    ...(error instanceof NotRegistered ? { unknown: true } : {}),
  };
}

/** Whether not even an error is stored of this task. A body that cannot be read leaves no request, so that nothing is known but the headers. */
function errorsIgnored({ taskRequest, definition, request }: Execution): boolean {
  const ignored = taskRequest?.ignoreResult ?? request.headers.ignoreResult ?? definition?.options.ignoreResult ?? false;
  return ignored && definition?.options.storeErrorsEvenIfIgnored !== true;
}

function otherOutcome(execution: Execution, ending: Exclude<Ending, { kind: "success" | "failure" }>): ExecutionOutcome {
  const { host, runtime, taskRequest } = execution;
  const ignored = taskRequest?.ignoreResult ?? false;
  switch (ending.kind) {
    case "retry": {
      const { reason, resend, inSeconds } = ending;
      const traceback = reason === undefined ? null : tracebackOf(reason);
      const result = reason === undefined ? null : encodeException(reason);
      return {
        state: "RETRY",
        runtime,
        retryIn: inSeconds,
        repr: reason === undefined ? "" : errorRepr(reason),
        ...(traceback === null ? {} : { traceback }),
        messages: [host.buildMessage(known(resend.draft ?? undefined, "the message of the next try"))],
        ...(ignored ? {} : { document: host.encodeMeta(metaOf(execution, "RETRY", result, traceback)) }),
      };
    }
    case "replace":
      return { state: "IGNORED", runtime, messages: replacementMessages(execution, ending.replacement) };
    case "ignore":
      return { state: "IGNORED", runtime };
    case "expired":
      return {
        state: "REVOKED",
        runtime,
        repr: "expired",
        ...(errorsIgnored(execution) ? {} : { document: errorDocument(execution, "REVOKED", new TaskRevokedError("expired"), null) }),
      };
    case "malformed":
      return {
        state: "REJECTED",
        runtime,
        requeue: false,
        malformed: true,
        repr: errorRepr(ending.error),
        ...(errorsIgnored(execution) ? {} : { document: errorDocument(execution, "FAILURE", ending.error, null) }),
      };
    case "reject": {
      const error = new Reject(ending.reason, ending.requeue);
      return {
        state: "REJECTED",
        runtime,
        requeue: ending.requeue,
        repr: error.message,
        ...(ending.requeue || errorsIgnored(execution) ? {} : { document: errorDocument(execution, "FAILURE", error, null) }),
      };
    }
  }
}
