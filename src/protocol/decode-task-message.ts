// Reads a task message of either protocol. Routing and admission need the headers alone, so the body of protocol 2 stays as it came
// until `payload()` is called, here or in the process that runs the task (`decodeTaskBody` there, given `content`).
import type { AcceptList, EncodedContent } from "../serialization/serializer.ts";
import type { SerializerRegistry } from "../serialization/serializer-registry.ts";
import { messageInvalid, shown } from "./message-invalid.ts";
import { decodeTaskBody } from "./task-body.ts";
import { decodeTaskHeaders, type RawHeaders } from "./task-headers.ts";
import type { TaskHeaders, TaskPayload } from "./task-message.ts";
import { parseTaskMessageV1 } from "./task-message-v1.ts";

/** What a broker delivers, as far as it matters here. */
export interface RawTaskMessage {
  readonly headers: RawHeaders | null | undefined;
  readonly body: string | Uint8Array;
  readonly contentType: string;
  readonly contentEncoding: string;
  readonly properties?: { readonly correlationId?: string };
}

/** A task message whose headers were read; the body may not have been. */
export class TaskMessage {
  /** The protocol it came in. A hybrid counts as 1. */
  readonly version: 1 | 2;
  readonly headers: TaskHeaders;
  /** Whether times without an offset are UTC; false only where a sender of protocol 1 said so: then they are in the app's time zone. */
  readonly utc: boolean;
  /** The body as it came. */
  readonly content: EncodedContent;
  readonly #registry: SerializerRegistry;
  readonly #accept: AcceptList;
  #payload: TaskPayload | undefined;

  /** Use {@link decodeTaskMessage}. */
  constructor(
    read: { readonly version: 1 | 2; readonly headers: TaskHeaders; readonly payload?: TaskPayload; readonly utc: boolean },
    content: EncodedContent,
    registry: SerializerRegistry,
    accept: AcceptList,
  ) {
    this.version = read.version;
    this.headers = read.headers;
    this.utc = read.utc;
    this.#payload = read.payload;
    this.content = content;
    this.#registry = registry;
    this.#accept = accept;
  }

  /** The arguments and what follows; read on first use. @throws SerializationError where the body is not accepted or malformed */
  payload(): TaskPayload {
    return (this.#payload ??= decodeTaskBody(this.content, this.#registry, this.#accept, this.headers));
  }
}

/**
 * Reads a task message.
 * @throws SerializationError where it is none; for protocol 1 also where its body cannot be read
 */
export function decodeTaskMessage(message: RawTaskMessage, registry: SerializerRegistry, accept: AcceptList): TaskMessage {
  const headers = message.headers ?? {};
  const content = contentOf(message, headers);
  if (typeof headers["task"] === "string" && !isHybrid(message)) {
    return new TaskMessage({ version: 2, headers: decodeTaskHeaders(headers), utc: true }, content, registry, accept);
  }
  const read = parseTaskMessageV1(registry.decode(content, accept), headers);
  return new TaskMessage({ version: 1, ...read }, content, registry, accept);
}

function contentOf(message: RawTaskMessage, headers: RawHeaders): EncodedContent {
  const { body, contentType, contentEncoding } = message;
  const compression = headers["compression"];
  if (compression === undefined || compression === null) return { body, contentType, contentEncoding };
  if (typeof compression === "string") return { body, contentType, contentEncoding, compression };
  throw messageInvalid(`expected the header compression to be a text, got: ${shown(compression)}`, {
    id: message.properties?.correlationId,
  });
}

/**
 * Whether a message with protocol 2's headers has protocol 1's body: seen at its first byte, so that nothing else is read for it.
 * Only looked for in JSON that is not compressed, as its senders send it.
 */
function isHybrid({ body, contentType, headers }: RawTaskMessage): boolean {
  const first = typeof body === "string" ? body.charCodeAt(0) : body[0];
  return first === 0x7b && contentType === "application/json" && !headers?.["compression"];
}
