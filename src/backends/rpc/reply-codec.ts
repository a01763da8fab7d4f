// Results as messages: each is the document of one state, named by its task in the property `correlation_id`. Replies may come from a worker of another
// language and another serialiser; here they become what this app's own documents are.
import type { Document, StoreEntry } from "../../backend/contract.ts";
import type { ResultContent } from "../../backend/result-content.ts";
import { saysState } from "../../backend/document-state.ts";
import type { Delivery, OutgoingMessage } from "../../broker/contract.ts";

/** A result that has arrived. */
export interface Reply {
  readonly taskId: string;
  readonly document: Document;
  /** The state, where the sender said it beside the document. */
  readonly status: string | undefined;
  /** Milliseconds; undefined where the sender did not say. */
  readonly expiresMs: number | undefined;
}

/** Writes and reads replies. */
export class ReplyCodec {
  readonly #content: ResultContent;
  readonly #contentType: string;
  readonly #contentEncoding: string;
  readonly #usualExpiresMs: number | null;

  /** @param usualExpiresMs what need not be said in a message, as the queue is kept no longer */
  constructor(content: ResultContent, usualExpiresMs: number | null) {
    this.#content = content;
    const { contentType, contentEncoding } = content.serializers.find(content.serializer);
    this.#contentType = contentType;
    this.#contentEncoding = contentEncoding;
    this.#usualExpiresMs = usualExpiresMs;
  }

  /** The message of a state. */
  messageOf({ taskId, status, document, expiresMs }: StoreEntry): OutgoingMessage {
    const { serializers, compression, persistent = false } = this.#content;
    const compressed = compression === undefined ? undefined : serializers.compression.compress(document, compression);
    return {
      // Bytes belong to the caller, who may use the buffer again before they have left.
      body: compressed?.body ?? (typeof document === "string" ? document : document.slice()),
      contentType: this.#contentType,
      contentEncoding: this.#contentEncoding,
      headers: compressed === undefined ? {} : { compression: compressed.contentType },
      properties: {
        correlationId: taskId,
        deliveryMode: persistent ? 2 : 1,
        ...(expiresMs !== null && expiresMs !== this.#usualExpiresMs && { expirationMs: expiresMs }),
        // Celery says it in the document alone.
        ...(!saysState(document, status) && { type: status }),
      },
    };
  }

  /** Reads a message. @throws SerializationError where it cannot be read or is not accepted */
  read({ body, contentType, contentEncoding, headers, properties }: Delivery): Reply | undefined {
    const { serializers, serializer, accept } = this.#content;
    const { compression } = headers;
    const plain = typeof compression === "string" ? serializers.compression.decompress(body, compression) : body;
    const own = contentType === this.#contentType;
    const document = own
      ? plain
      : serializers.encode(serializers.decode({ body: plain, contentType, contentEncoding }, accept), serializer).body;
    const taskId = properties.correlationId ?? this.#field(document, "task_id");
    return taskId === undefined ? undefined : { taskId, document, status: properties.type, expiresMs: properties.expirationMs };
  }

  /** The state of a reply. */
  statusOf({ status, document }: Pick<Reply, "status" | "document">): string | undefined {
    return status ?? this.#field(document, "status");
  }

  #field(document: Document, name: string): string | undefined {
    const { serializers, accept } = this.#content;
    const content = { body: document, contentType: this.#contentType, contentEncoding: this.#contentEncoding };
    const record = serializers.decode(content, accept);
    const value: unknown =
      typeof record === "object" && record !== null && name in record ? (record as Readonly<Record<string, unknown>>)[name] : undefined;
    return typeof value === "string" ? value : undefined;
  }
}
