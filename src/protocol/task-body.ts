// The body of a task message: the triple `[args, kwargs, embed]`. A body may be forwarded as it is to the process that runs the task, and be read there.
import type { EncodedContent, AcceptList } from "../serialization/serializer.ts";
import type { SerializerRegistry } from "../serialization/serializer-registry.ts";
import { isRecord, type MessageSubject, messageInvalid, shown } from "./message-invalid.ts";
import { parseSignature, parseSignatures } from "./signature-codec.ts";
import { emptyEmbed, type TaskEmbed, type TaskPayload } from "./task-message.ts";

const NAMES: readonly string[] = ["args", "kwargs", "embed"];
const NO_KWARGS: Readonly<Record<string, unknown>> = Object.freeze({});

/** How a body is written. */
export interface EncodeBodyOptions {
  /** Name of the serializer. @default "json" */
  readonly serializer?: string | undefined;
  /** Name of the compressor, if any. */
  readonly compression?: string | null | undefined;
  /** Write null for an embed that says nothing; only where no Python program reads. @default false */
  readonly compact?: boolean | undefined;
}

/** Writes the body of a task message. @throws SerializationError naming the argument that cannot be written */
export function encodeTaskBody(payload: TaskPayload, registry: SerializerRegistry, options?: EncodeBodyOptions): EncodedContent {
  const { embed } = payload;
  const triple = [payload.args, payload.kwargs, options?.compact && saysNothing(embed) ? null : wireEmbed(embed)];
  return registry.encode(triple, options?.serializer ?? "json", NAMES, options?.compression);
}

/** Reads the body of a task message; of protocol 1 too. @throws SerializationError where it is none */
export function decodeTaskBody(
  content: EncodedContent,
  registry: SerializerRegistry,
  accept: AcceptList,
  subject: MessageSubject = {},
): TaskPayload {
  return parseTaskBody(registry.decode(content, accept), subject);
}

/** A task's payload from the decoded body: the triple, or protocol 1's object. */
export function parseTaskBody(body: unknown, subject: MessageSubject): TaskPayload {
  if (Array.isArray(body)) {
    if (body.length === 3) return payloadOf(body[0], body[1], body[2], subject);
  } else if (isRecord(body) && "args" in body) {
    return payloadOf(body["args"], body["kwargs"] ?? NO_KWARGS, { ...body, chain: null }, subject);
  }
  throw messageInvalid(`expected the body to be [args, kwargs, embed], got: ${shown(body)}`, subject);
}

function payloadOf(args: unknown, kwargs: unknown, embed: unknown, subject: MessageSubject): TaskPayload {
  if (!Array.isArray(args)) throw messageInvalid(`expected the arguments to be an array, got: ${shown(args)}`, subject);
  if (!isRecord(kwargs)) throw messageInvalid(`expected the keyword arguments to be an object, got: ${shown(kwargs)}`, subject);
  return { args, kwargs, embed: embedOf(embed, subject) };
}

function embedOf(value: unknown, subject: MessageSubject): TaskEmbed {
  if (value === null || value === undefined) return emptyEmbed;
  if (!isRecord(value)) throw messageInvalid(`expected the embed to be an object or null, got: ${shown(value)}`, subject);
  const { callbacks = null, errbacks = null, chain = null, chord = null } = value;
  if (callbacks === null && errbacks === null && chain === null && chord === null) return emptyEmbed;
  return {
    callbacks: parseSignatures(callbacks, "embed.callbacks", subject),
    errbacks: parseSignatures(errbacks, "embed.errbacks", subject),
    chain: parseSignatures(chain, "embed.chain", subject),
    chord: chord === null ? null : parseSignature(chord, "embed.chord", subject),
  };
}

function saysNothing(embed: TaskEmbed): boolean {
  return embed === emptyEmbed || (embed.callbacks === null && embed.errbacks === null && embed.chain === null && embed.chord === null);
}

/** In Celery's order, whatever else the record may hold. */
function wireEmbed({ callbacks, errbacks, chain, chord }: TaskEmbed): TaskEmbed {
  return { callbacks, errbacks, chain, chord };
}
