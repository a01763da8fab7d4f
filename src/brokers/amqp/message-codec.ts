// Messages of the contract as AMQP messages, and back.
import type { Message } from "amqplib";
import type { Deaths, Delivery, DeliveryTag, MessageProperties, OutgoingMessage } from "../../broker/contract.ts";
import { wrappedTable } from "../../stores/amqp/opaque-headers.ts";
import type { AmqpMessage } from "../../stores/amqp/publish-frames.ts";
import { readTable, TableUnreadableError } from "../../stores/amqp/table-reader.ts";
import { DELAY_TARGET, routingKeyWithoutDelay } from "./delay-routing.ts";
import { OWN_HEADER, type OwnHeader, takeOwnHeader } from "./own-header.ts";

/** The broker does not count them: the facade does, in a header. */
const NO_DEATHS: Deaths = Object.freeze({ child: 0, worker: 0 });
/** In the headers of a message whose own could not be read: why. */
const UNREADABLE_HEADER = "x-celeriac-unreadable-headers";
/** Names of the queues in which messages of ours wait begin with these. */
const OUR_QUEUES = /^(?:celery_delayed_\d+|celeriac\.(?:lease|forward)\..*)$/;

/** A message as it is published. */
export function toAmqp({ body, contentType, contentEncoding, headers, properties }: OutgoingMessage, own?: OwnHeader): AmqpMessage {
  const { expirationMs } = properties;
  return {
    body,
    contentType,
    contentEncoding,
    headers: own === undefined ? headers : { ...headers, [OWN_HEADER]: own },
    deliveryMode: properties.deliveryMode ?? 2,
    priority: properties.priority,
    correlationId: properties.correlationId,
    replyTo: properties.replyTo,
    expiration: expirationMs === undefined ? undefined : String(Math.max(0, Math.trunc(expirationMs))),
    messageId: properties.messageId,
    timestamp: properties.timestamp,
    type: properties.type,
    userId: properties.userId,
    appId: properties.appId,
  };
}

/** A message as it is delivered. */
export interface Received {
  readonly delivery: Delivery;
  /** Not to be handed on before this time. */
  readonly visibleAt: number | undefined;
  /** The lease that it is, if it is one. */
  readonly lease: string | undefined;
}

/** Reads a delivery. */
export function toReceived(message: Message, queue: string, tag: DeliveryTag): Received {
  const { fields, properties, content } = message;
  const headers = readHeaders(properties.headers);
  const own = takeOwnHeader(headers);
  const isDelayed = fields.exchange === DELAY_TARGET;
  const delivery: Delivery = {
    tag,
    queue,
    exchange: own?.exchange ?? (isDelayed ? "" : fields.exchange),
    routingKey: own?.routingKey ?? (isDelayed ? routingKeyWithoutDelay(fields.routingKey) : fields.routingKey),
    redelivered: fields.redelivered || own?.redelivered === true || own?.lease !== undefined,
    deaths: NO_DEATHS,
    body: content,
    contentType: text(properties.contentType) ?? "",
    contentEncoding: text(properties.contentEncoding) ?? "",
    headers,
    properties: readProperties(properties),
  };
  return { delivery, visibleAt: own?.visibleAt, lease: own?.lease };
}

/**
 * A delivery as it is published again. RabbitMQ's record of where it has been is left out where that is about our own queues: by it RabbitMQ
 * would take a message that is delayed a second time for one that goes round in circles, and drop it.
 */
export function republished(delivery: Delivery): OutgoingMessage {
  const { body, contentType, contentEncoding, properties } = delivery;
  return { body, contentType, contentEncoding, properties, headers: withoutOurDeaths(delivery.headers) };
}

/** What of a delivery's address the queue's name does not say. */
export function addressOf({ queue, exchange, routingKey }: Delivery): OwnHeader {
  return exchange === "" && routingKey === queue ? {} : { exchange, routingKey };
}

function withoutOurDeaths(headers: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const deaths = headers["x-death"];
  if (!Array.isArray(deaths)) return headers;
  const others = deaths.filter((death: unknown) => !OUR_QUEUES.test(String((death as { readonly queue?: unknown } | null)?.queue)));
  if (others.length === deaths.length) return headers;
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (name === "x-death" ? others.length === 0 : name.startsWith("x-first-death-") || name.startsWith("x-last-death-")) continue;
    kept[name] = name === "x-death" ? others : value;
  }
  return kept;
}

function readHeaders(headers: unknown): Record<string, unknown> {
  const table = wrappedTable(headers);
  if (table === undefined) return {};
  try {
    return readTable(table);
  } catch (error) {
    if (!(error instanceof TableUnreadableError)) throw error;
    // The worker finds no task in it and gives it up with this reason.
    return { [UNREADABLE_HEADER]: error.message };
  }
}

function readProperties(given: Message["properties"]): MessageProperties {
  const { correlationId, replyTo, deliveryMode, priority, expiration, messageId, timestamp, type, userId, appId } =
    given as unknown as Readonly<Record<string, unknown>>; // amqplib types all of them as any
  const properties: { -readonly [Name in keyof MessageProperties]: MessageProperties[Name] } = {};
  if (typeof correlationId === "string") properties.correlationId = correlationId;
  if (typeof replyTo === "string") properties.replyTo = replyTo;
  if (deliveryMode === 1 || deliveryMode === 2) properties.deliveryMode = deliveryMode;
  if (typeof priority === "number") properties.priority = priority;
  if (typeof expiration === "string" && Number.isFinite(Number(expiration))) properties.expirationMs = Number(expiration);
  if (typeof messageId === "string") properties.messageId = messageId;
  if (typeof timestamp === "number") properties.timestamp = timestamp;
  if (typeof type === "string") properties.type = type;
  if (typeof userId === "string") properties.userId = userId;
  if (typeof appId === "string") properties.appId = appId;
  return properties;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
