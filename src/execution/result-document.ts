// The document of a state: what the result backend keeps for a task.
import type { Document } from "../backend/contract.ts";
import { encodeException } from "../protocol/exception-record.ts";
import { formatIsoTime } from "../util/iso-time.ts";
import type { ResultMeta } from "../protocol/result-meta.ts";
import { isReady, type TaskState } from "../protocol/states.ts";
import type { Execution } from "./execution.ts";

/** The record of a state with this result. */
export function metaOf(execution: Execution, status: TaskState, result: unknown, traceback: string | null = null): ResultMeta {
  const { host, request } = execution;
  const { headers } = request;
  return {
    taskId: headers.id,
    status,
    result,
    traceback,
    children: execution.children,
    dateDone: isReady(status) ? formatIsoTime(host.clock.now()) : null,
    ...(headers.group === null ? {} : { groupId: headers.group }),
    ...(headers.parentId === null ? {} : { parentId: headers.parentId }),
    ...(host.settings.resultExtended ? extendedFields(execution) : {}),
  };
}

function extendedFields(execution: Execution): Partial<ResultMeta> {
  const { request, payload, host } = execution;
  const { headers } = request;
  return {
    name: headers.task,
    args: payload?.args ?? [],
    kwargs: payload?.kwargs ?? {},
    worker: host.hostname,
    retries: headers.retries,
    queue: request.delivery.routingKey,
    ...(headers.stampedHeaders ? { stampedHeaders: headers.stampedHeaders, stamps: headers.stamps } : {}),
  };
}

/** The document of an ending with an error, for this task. */
export function errorDocument(execution: Execution, status: TaskState, error: unknown, traceback: string | null): Document {
  return execution.host.encodeMeta(metaOf(execution, status, encodeException(error), traceback));
}

/** The text of an error with where it was thrown; null where it is no Error. */
export function tracebackOf(error: unknown): string | null {
  return error instanceof Error ? (error.stack ?? String(error)) : null;
}
