import type { TaskPayload } from "../protocol/task-message.ts";
import type { TaskDefinition } from "../task/task-definition.ts";
import type { TaskRequest } from "../task/task-request.ts";
import type { ExecutionRequest } from "./execution-request.ts";

/** What a task sees of a message: its headers, its arguments and its delivery, the task's own options filled in where the message is silent. */
export function taskRequestFrom(
  request: ExecutionRequest,
  payload: TaskPayload,
  definition: TaskDefinition,
  hostname: string,
): TaskRequest {
  const { headers } = request;
  return {
    id: headers.id,
    task: headers.task,
    args: payload.args,
    kwargs: payload.kwargs,
    retries: headers.retries,
    eta: headers.eta,
    expires: headers.expires,
    rootId: headers.rootId,
    parentId: headers.parentId,
    group: headers.group,
    groupIndex: headers.groupIndex,
    correlationId: request.correlationId,
    replyTo: request.replyTo,
    shadow: headers.shadow,
    origin: headers.origin,
    ignoreResult: headers.ignoreResult ?? definition.options.ignoreResult,
    timeLimit: headers.timelimit[0] ?? definition.options.timeLimitSeconds,
    softTimeLimit: headers.timelimit[1] ?? definition.options.softTimeLimitSeconds,
    replacedTaskNesting: headers.replacedTaskNesting,
    stampedHeaders: headers.stampedHeaders,
    stamps: headers.stamps,
    headers: headers.custom,
    callbacks: payload.embed.callbacks,
    errbacks: payload.embed.errbacks,
    chain: payload.embed.chain,
    chord: payload.embed.chord,
    hostname,
    deliveryInfo: request.delivery,
    isEager: false,
    calledDirectly: false,
  };
}
