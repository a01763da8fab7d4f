// What a task's end sets off: callbacks and the next of the chain after success, errbacks after failure. Messages are built here and sent by
// whoever has the outcome, before the state is stored.
import type { Document } from "../backend/contract.ts";
import { encodeException } from "../protocol/exception-record.ts";
import type { SignatureRecord } from "../protocol/signature-record.ts";
import type { TaskDefinition } from "../task/task-definition.ts";
import { runInTask } from "./current-task.ts";
import { type Execution, known } from "./execution.ts";
import type { BuiltMessage, FollowUp } from "./execution-host.ts";
import { metaOf } from "./result-document.ts";

/** Messages of the callbacks and of the next of the chain, each called with the result. Their results become the task's children. */
export function successFollowUps(execution: Execution, value: unknown): BuiltMessage[] {
  const request = known(execution.taskRequest, "the request");
  const { callbacks, chain } = request;
  if (!callbacks?.length && !chain?.length) return [];
  const messages: BuiltMessage[] = [];
  for (const callback of callbacks ?? []) build(execution, followUp(execution, callback, [value]), messages);
  const next = chain?.at(-1);
  if (next) build(execution, { ...followUp(execution, next, [value]), chain: chain?.slice(0, -1) ?? [] }, messages);
  return messages;
}

function followUp(execution: Execution, signature: SignatureRecord, args: readonly unknown[]): FollowUp {
  const { headers, delivery } = execution.request;
  return {
    signature,
    args,
    chain: null,
    parentId: headers.id,
    rootId: headers.rootId ?? headers.id,
    priority: execution.host.settings.taskInheritParentPriority ? delivery.priority : null,
  };
}

function build(execution: Execution, what: FollowUp, into: BuiltMessage[]): void {
  const built = execution.host.buildFollowUp(what);
  into.push(...built.messages);
  if (execution.definition?.options.trail) execution.children.push(built.child);
}

/**
 * Calls the errbacks that this process has and which take more than an id, as `(request, error, traceback)`; builds messages for the rest,
 * called with the id of the failed task. An errback that throws is logged.
 */
export async function errorFollowUps(execution: Execution, error: unknown, traceback: string | null): Promise<BuiltMessage[]> {
  const messages: BuiltMessage[] = [];
  for (const errback of execution.taskRequest?.errbacks ?? []) {
    const local = errback.immutable || errback.args.length > 0 ? undefined : execution.host.tasks.get(errback.task);
    if (local && local.arity > 1) await callInline(execution, local, error, traceback);
    else build(execution, followUp(execution, errback, [execution.request.headers.id]), messages);
  }
  return messages;
}

async function callInline(execution: Execution, errback: TaskDefinition, error: unknown, traceback: string | null): Promise<void> {
  const context = known(execution.context, "the context");
  try {
    await runInTask(context, () => errback.run.apply(context, [context.request, error, traceback] as never[]));
  } catch (thrown) {
    context.logger.error({ err: thrown }, `the errback ${errback.name} of task ${context.request.task}[${context.request.id}] threw`);
  }
}

/** The rest of a chain whose member failed: each gets the same failure, so that nobody waits for it in vain. */
export function abandonedChain(execution: Execution, error: unknown, traceback: string | null): { taskId: string; document: Document }[] {
  const abandoned: { taskId: string; document: Document }[] = [];
  for (const member of execution.taskRequest?.chain ?? []) {
    const taskId = member.options["task_id"];
    if (typeof taskId !== "string") continue;
    const meta = metaOf(execution, "FAILURE", encodeException(error), traceback);
    abandoned.push({ taskId, document: execution.host.encodeMeta({ ...meta, taskId, children: [] }) });
  }
  return abandoned;
}

/** Messages of the signature that takes the task's place: its id, its followers and its membership go with it. */
export function replacementMessages(execution: Execution, replacement: SignatureRecord): readonly BuiltMessage[] {
  const request = known(execution.taskRequest, "the request");
  const { options } = replacement;
  const signature: SignatureRecord = {
    ...replacement,
    options: {
      ...options,
      task_id: request.id,
      ...(request.group === null ? {} : { group_id: request.group, group_index: request.groupIndex }),
      ...(request.chord === null ? {} : { chord: request.chord }),
      ...(request.replyTo === null ? {} : { reply_to: request.replyTo }),
      ...joined("link", options["link"], request.callbacks),
      ...joined("link_error", options["link_error"], request.errbacks),
      ...(request.stampedHeaders ? { ...request.stamps, stamped_headers: request.stampedHeaders } : {}),
      replaced_task_nesting: request.replacedTaskNesting + 1,
    },
  };
  return execution.host.buildFollowUp({ ...followUp(execution, signature, []), chain: request.chain }).messages;
}

function joined(name: string, own: unknown, inherited: readonly SignatureRecord[] | null): Record<string, unknown> {
  const all = [...(Array.isArray(own) ? (own as unknown[]) : own ? [own] : []), ...(inherited ?? [])];
  return all.length > 0 ? { [name]: all } : {};
}
