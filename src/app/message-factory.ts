// Task messages as they are published: headers and body encoded, in full where Python programs may read them, and otherwise without what says nothing.
import type { BrokerCapabilities, MessageProperties, Publication } from "../broker/contract.ts";
import type { BuiltMessage, MessageDraft } from "../execution/execution-host.ts";
import { encodeTaskBody } from "../protocol/task-body.ts";
import { encodeTaskHeaders } from "../protocol/task-headers.ts";
import type { TaskHeaders } from "../protocol/task-message.ts";
import type { SerializerRegistry } from "../serialization/serializer-registry.ts";
import { parseIsoTime } from "../util/iso-time.ts";
import { argsRepr, kwargsRepr } from "../util/safe-repr.ts";
import { draftOf } from "./draft-of.ts";
import type { Envelope, PreparedCall } from "./prepare-call.ts";

/** What a factory works with. */
export interface MessageFactoryParams {
  readonly serializers: SerializerRegistry;
  readonly capabilities: Pick<BrokerCapabilities, "celeryPeers" | "consumersDelay" | "delay" | "expiry">;
  /** The default of `reply_to`, where Python programs expect one. */
  readonly oid: string;
  readonly deliveryMode: 1 | 2;
}

/** What all messages of one prepared call share. */
export interface MessageTemplate {
  readonly prepared: PreparedCall;
  readonly contentType: string;
  readonly contentEncoding: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly properties: MessageProperties;
  readonly visibleAt: number | undefined;
}

/** Makes the messages of one broker. */
export class MessageFactory {
  readonly #params: MessageFactoryParams;
  readonly #compact: boolean;

  constructor(params: MessageFactoryParams) {
    this.#params = params;
    this.#compact = !params.capabilities.celeryPeers;
  }

  /** Where Python programs would send answers; undefined where there are none. */
  get replyTo(): string | undefined {
    return this.#compact ? undefined : this.#params.oid;
  }

  /** The publication of a draft. @throws SerializationError naming the argument that cannot be written */
  publication(draft: MessageDraft, envelope: Envelope): Publication {
    const { serializers, capabilities } = this.#params;
    const { headers, payload } = draft;
    const compact = this.#compact;
    const content = encodeTaskBody(payload, serializers, { serializer: draft.serializer, compression: draft.compression, compact });
    const full = compact ? headers : this.#complete(headers, draft);
    const { dueAt } = envelope;
    const publication = {
      exchange: draft.exchange,
      routingKey: draft.routingKey,
      message: {
        body: content.body,
        contentType: content.contentType,
        contentEncoding: content.contentEncoding,
        headers: encodeTaskHeaders(full, { compact, compression: content.compression }),
        properties: compact ? compactProperties(draft, envelope) : this.#properties(draft, envelope),
      },
    };
    return dueAt !== undefined && capabilities.delay && !capabilities.consumersDelay ? { ...publication, visibleAt: dueAt } : publication;
  }

  /** What all messages of a prepared call share but their ids and bodies; undefined where more than that differs. */
  template(prepared: PreparedCall): MessageTemplate | undefined {
    if (!this.#compact || prepared.compression !== null) return undefined;
    const draft = draftOf(prepared, "", [], {});
    const { dueAt } = prepared.envelope;
    const { contentType, contentEncoding } = this.#params.serializers.find(prepared.serializer);
    return {
      prepared,
      contentType,
      contentEncoding,
      headers: encodeTaskHeaders(draft.headers, { compact: true }),
      properties: compactProperties(draft, prepared.envelope),
      visibleAt: this.#params.capabilities.delay ? dueAt : undefined,
    };
  }

  /** One message of a template. */
  fromTemplate(template: MessageTemplate, id: string, args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>): Publication {
    const { prepared, contentType, contentEncoding, headers, properties, visibleAt } = template;
    const { exchange, routingKey, embed, serializer } = prepared;
    const { body } = encodeTaskBody({ args, kwargs, embed }, this.#params.serializers, { serializer, compact: true });
    const message = { body, contentType, contentEncoding, headers: { ...headers, id }, properties };
    return visibleAt === undefined ? { exchange, routingKey, message } : { exchange, routingKey, message, visibleAt };
  }

  /** A draft of the execution pipeline as a message to be handed to a worker. Its times are those in its headers. */
  build(draft: MessageDraft, envelope?: Envelope, now?: number): BuiltMessage {
    const { exchange, routingKey, message, visibleAt } = this.publication(draft, envelope ?? this.envelopeOf(draft.headers, now ?? 0));
    const { properties, ...rest } = message;
    const built = { exchange, routingKey, queue: draft.queue, ...rest, properties: properties as Readonly<Record<string, unknown>> };
    return visibleAt === undefined ? built : { ...built, visibleAt };
  }

  /** What the properties of a message say, read back from its headers: a retry's times are in these alone. */
  envelopeOf(headers: TaskHeaders, now: number): Envelope {
    const expiresAt = typeof headers.expires === "string" ? parseIsoTime(headers.expires)?.epochMs : undefined;
    return {
      deliveryMode: this.#params.deliveryMode,
      expirationMs: expiresAt === undefined ? undefined : Math.max(0, Math.trunc(expiresAt - now)),
      dueAt: headers.eta === null ? undefined : parseIsoTime(headers.eta)?.epochMs,
      extra: undefined,
    };
  }

  /** Handlers may have changed the times in the headers; what else the properties say stays. */
  envelopeAfter(headers: TaskHeaders, before: Envelope, now: number): Envelope {
    return { ...this.envelopeOf(headers, now), deliveryMode: before.deliveryMode, extra: before.extra };
  }

  /** What Python programs expect to be said. */
  #complete(headers: TaskHeaders, { payload }: MessageDraft): TaskHeaders {
    return {
      ...headers,
      rootId: headers.rootId ?? headers.id,
      argsrepr: headers.argsrepr ?? argsRepr(payload.args),
      kwargsrepr: headers.kwargsrepr ?? kwargsRepr(payload.kwargs),
      ignoreResult: headers.ignoreResult ?? false,
    };
  }

  #properties(draft: MessageDraft, envelope: Envelope): MessageProperties {
    // A broker that drops what has expired says so to nobody: a task that somebody waits for, or that others follow, expires at the worker.
    const expirationMs = this.#params.capabilities.expiry && isAwaited(draft) ? undefined : envelope.expirationMs;
    const properties: MessageProperties = {
      correlationId: draft.correlationId ?? draft.headers.id,
      replyTo: draft.replyTo ?? this.#params.oid,
      deliveryMode: envelope.deliveryMode ?? this.#params.deliveryMode,
      ...(draft.priority === null ? {} : { priority: draft.priority }),
      ...(expirationMs === undefined ? {} : { expirationMs }),
    };
    return envelope.extra === undefined ? properties : withExtra(properties, envelope.extra);
  }
}

function isAwaited({ headers, payload: { embed } }: MessageDraft): boolean {
  return (
    !headers.ignoreResult ||
    [embed.callbacks, embed.errbacks, embed.chain].some((calls) => calls !== null && calls.length > 0) ||
    embed.chord !== null
  );
}

const NO_PROPERTIES: MessageProperties = Object.freeze({});

/** The id of the task is its correlation id where nobody else reads; the header `expires` decides about expiry, so that a result says so. */
function compactProperties(draft: MessageDraft, envelope: Envelope): MessageProperties {
  const { correlationId, priority, replyTo, headers } = draft;
  const transient = envelope.deliveryMode === 1;
  const correlated = correlationId !== null && correlationId !== headers.id;
  if (priority === null && replyTo === null && !transient && !correlated && envelope.extra === undefined) return NO_PROPERTIES;
  const properties: MessageProperties = {
    ...(correlated ? { correlationId } : {}),
    ...(replyTo === null ? {} : { replyTo }),
    ...(transient ? { deliveryMode: 1 } : {}),
    ...(priority === null ? {} : { priority }),
  };
  return envelope.extra === undefined ? properties : withExtra(properties, envelope.extra);
}

/** Names that AMQP has, by our spelling and Celery's; everything else stays in `extra`. */
const AMQP_NAMES: Readonly<Record<string, keyof MessageProperties>> = {
  correlationId: "correlationId",
  correlation_id: "correlationId",
  messageId: "messageId",
  message_id: "messageId",
  timestamp: "timestamp",
  type: "type",
  userId: "userId",
  user_id: "userId",
  appId: "appId",
  app_id: "appId",
};

function withExtra(properties: MessageProperties, given: Readonly<Record<string, unknown>>): MessageProperties {
  const named: Record<string, unknown> = { ...properties };
  const extra: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const known = Object.hasOwn(AMQP_NAMES, name) ? AMQP_NAMES[name] : undefined;
    if (known === undefined) extra[name] = value;
    else named[known] = value;
  }
  return Object.keys(extra).length === 0 ? named : { ...named, extra };
}
