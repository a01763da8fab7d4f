import { NotRegistered } from "../../errors/task-errors.ts";
import { decodeTaskBody } from "../../protocol/task-body.ts";
import { didYouMean } from "../../util/did-you-mean.ts";
import type { TaskDefinition } from "../../task/task-definition.ts";
import type { Execution } from "../execution.ts";
import { taskRequestFrom } from "../task-request-from.ts";

/** Finds the task and reads its arguments. Ends the run where the body cannot be read: such a message is dead-lettered, not failed. */
export function decode(execution: Execution): void {
  const { host, request } = execution;
  const definition = host.tasks.get(request.headers.task);
  if (!definition) throw new NotRegistered(request.headers.task, didYouMean(request.headers.task, host.tasks.names()));
  decodeFor(execution, definition);
}

/** Reads the arguments for a task that is known already. */
export function decodeFor(execution: Execution, definition: TaskDefinition): void {
  const { host, request } = execution;
  execution.definition = definition;
  try {
    const { contentType, contentEncoding, compression, headers } = request;
    const content = { body: execution.body, contentType, contentEncoding, ...(compression === null ? {} : { compression }) };
    const payload = decodeTaskBody(content, host.serializers, host.accept, headers);
    execution.payload = payload;
    execution.taskRequest = taskRequestFrom(request, payload, definition, host.hostname);
  } catch (error) {
    execution.ending = { kind: "malformed", error };
  }
}
