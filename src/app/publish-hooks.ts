// The hooks around publishing. A message that a client sends is told of as the draft that it is made from; one that execution built in a
// child, and its worker sends, is read back for those who want to see what was sent.
import type { BuiltMessage, MessageDraft } from "../execution/execution-host.ts";
import type { PublishDraft } from "../hooks/hook-subjects.ts";
import { decodeTaskBody } from "../protocol/task-body.ts";
import { decodeTaskHeaders } from "../protocol/task-headers.ts";
import type { AppContext } from "./app-context.ts";

/** A draft that handlers may change. */
export function changeable(draft: MessageDraft): PublishDraft {
  return { ...draft, headers: { ...draft.headers }, payload: { ...draft.payload } };
}

/** The draft with what handlers of `beforeTaskPublish` made of it; they are not waited for, because what follows a task is built at once. */
export function draftAfterHooks(app: AppContext, draft: MessageDraft): MessageDraft {
  if (!app.hooks.has("beforeTaskPublish")) return draft;
  const message = changeable(draft);
  app.hooks.emit("beforeTaskPublish", { sender: message.headers.task, message });
  return message;
}

/** Tells handlers of `afterTaskPublish` of messages that were built before. */
export function tellOfBuilt(app: AppContext, messages: readonly BuiltMessage[]): void {
  for (const built of messages) {
    const message = draftOfBuilt(app, built);
    app.hooks.emit("afterTaskPublish", { sender: message.headers.task, message });
  }
}

function draftOfBuilt({ serializers }: AppContext, built: BuiltMessage): MessageDraft {
  const { exchange, routingKey, queue, body, contentType, contentEncoding, properties } = built;
  const compression = typeof built.headers["compression"] === "string" ? built.headers["compression"] : null;
  const headers = decodeTaskHeaders(built.headers);
  const accept = serializers.acceptList([contentType]);
  return {
    headers,
    payload: decodeTaskBody({ body, contentType, contentEncoding, compression }, serializers, accept, headers),
    exchange,
    routingKey,
    queue,
    serializer: contentType,
    compression,
    priority: typeof properties["priority"] === "number" ? properties["priority"] : null,
    correlationId: typeof properties["correlationId"] === "string" ? properties["correlationId"] : null,
    replyTo: typeof properties["replyTo"] === "string" ? properties["replyTo"] : null,
  };
}
