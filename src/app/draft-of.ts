import type { MessageDraft } from "../execution/execution-host.ts";
import type { PreparedCall } from "./prepare-call.ts";

/** One message of a prepared call. */
export function draftOf(
  prepared: PreparedCall,
  id: string,
  args: readonly unknown[],
  kwargs: Readonly<Record<string, unknown>>,
): MessageDraft {
  return {
    headers: { ...prepared.headers, id },
    payload: { args, kwargs, embed: prepared.embed },
    exchange: prepared.exchange,
    routingKey: prepared.routingKey,
    queue: prepared.declare === undefined ? undefined : prepared.queueName,
    serializer: prepared.serializer,
    compression: prepared.compression,
    priority: prepared.priority,
    correlationId: id,
    replyTo: prepared.replyTo,
  };
}
