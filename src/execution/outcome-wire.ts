// An outcome as it crosses from a child to its worker: a JSON header, and the document as the raw body behind it. Inside one process the
// record itself is handed over.
import type { Document } from "../backend/contract.ts";
import type { BuiltMessage } from "./execution-host.ts";
import type { ExecutionOutcome, StateUpdate } from "./execution-outcome.ts";

/** A header and a body, as pools carry them. */
export interface WireOutcome {
  readonly header: Readonly<Record<string, unknown>>;
  readonly body?: Document | undefined;
}

/** Bytes inside JSON. */
interface Base64 {
  readonly $base64: string;
}

/** The form in which a child sends an outcome. */
export function outcomeToWire(outcome: ExecutionOutcome): WireOutcome {
  const { document, messages, alsoFailed, ...header } = outcome;
  return {
    header: {
      ...header,
      ...(messages ? { messages: messages.map((message) => ({ ...message, body: packBytes(message.body) })) } : {}),
      ...(alsoFailed ? { alsoFailed: alsoFailed.map((failed) => ({ ...failed, document: packBytes(failed.document) })) } : {}),
    },
    body: document,
  };
}

/** The outcome that a child sent. */
export function outcomeFromWire(wire: WireOutcome): ExecutionOutcome {
  const header = wire.header as unknown as ExecutionOutcome;
  return {
    ...header,
    ...(header.messages
      ? { messages: header.messages.map((message): BuiltMessage => ({ ...message, body: unpackBytes(message.body) })) }
      : {}),
    ...(header.alsoFailed
      ? { alsoFailed: header.alsoFailed.map((failed) => ({ ...failed, document: unpackBytes(failed.document) })) }
      : {}),
    ...(wire.body === undefined ? {} : { document: wire.body }),
  };
}

/** The form in which a child sends a state on the way. */
export function stateToWire(update: StateUpdate): Readonly<Record<string, unknown>> {
  return { ...update, document: packBytes(update.document) };
}

/** The state that a child sent. */
export function stateFromWire(message: Readonly<Record<string, unknown>>): StateUpdate {
  const update = message as unknown as StateUpdate;
  return { ...update, document: unpackBytes(update.document) };
}

function packBytes(body: Document): string | Base64 {
  return typeof body === "string" ? body : { $base64: Buffer.from(body).toString("base64") };
}

function unpackBytes(body: Document | Base64): Document {
  return typeof body === "object" && "$base64" in body ? Buffer.from(body.$base64, "base64") : body;
}
