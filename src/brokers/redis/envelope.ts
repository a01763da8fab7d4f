// kombu's envelope: one JSON text with the message and its address. Written in kombu's order of members. Read whole, and changed in place (see
// rewrite-envelope.ts), so that what we do not understand stays as it was.
import { randomUUID } from "node:crypto";
import type { MessageProperties, Publication } from "../../broker/contract.ts";
import { readJson } from "../../serialization/json-reader.ts";
import { TypedValues } from "../../serialization/typed-values.ts";

/** An envelope as it was read. Nothing in it is certain but that it is an object. */
export interface Envelope {
  readonly body: unknown;
  readonly contentType: string;
  readonly contentEncoding: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly exchange: string;
  readonly routingKey: string;
  readonly redelivered: boolean;
}

const NOTHING: Readonly<Record<string, never>> = Object.freeze({});
/** Typed values in headers stay tagged: the facade's codecs know them, an envelope does not. */
const NO_TYPES = new TypedValues();

/** The properties of AMQP that stand before the others, in kombu's spelling. */
const NAMED: readonly (readonly [ours: keyof MessageProperties, wire: string])[] = [
  ["messageId", "message_id"],
  ["timestamp", "timestamp"],
  ["userId", "user_id"],
  ["appId", "app_id"],
  ["type", "type"],
];
const OWN = new Set([
  "correlation_id",
  "reply_to",
  "delivery_mode",
  "expiration",
  "delivery_info",
  "priority",
  "body_encoding",
  "delivery_tag",
  ...NAMED.map(([, wire]) => wire),
]);

/** The text of a publication's envelope. */
export function writeEnvelope({ exchange, routingKey, message }: Publication): string {
  const { body, properties } = message;
  const encoded = typeof body === "string" ? Buffer.from(body, "utf8").toString("base64") : toBase64(body);
  let text = `{"body": "${encoded}", "content-encoding": ${JSON.stringify(message.contentEncoding)}, "content-type": ${JSON.stringify(message.contentType)}, "headers": ${JSON.stringify(message.headers)}, "properties": {`;
  if (properties.correlationId !== undefined) text += `"correlation_id": ${JSON.stringify(properties.correlationId)}, `;
  if (properties.replyTo !== undefined) text += `"reply_to": ${JSON.stringify(properties.replyTo)}, `;
  text += writeOthers(properties);
  text += `"delivery_mode": ${properties.deliveryMode ?? 2}, `;
  if (properties.expirationMs !== undefined) text += `"expiration": "${Math.max(0, Math.trunc(properties.expirationMs))}", `;
  text += `"delivery_info": {"exchange": ${JSON.stringify(exchange)}, "routing_key": ${JSON.stringify(routingKey)}}, `;
  return `${text}"priority": ${properties.priority ?? 0}, "body_encoding": "base64", "delivery_tag": "${randomUUID()}"}}`;
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

function writeOthers(properties: MessageProperties): string {
  let text = "";
  for (const [ours, wire] of NAMED) {
    const value = properties[ours];
    if (value !== undefined) text += `"${wire}": ${JSON.stringify(value)}, `;
  }
  if (properties.extra === undefined) return text;
  for (const [name, value] of Object.entries(properties.extra)) {
    if (value !== undefined && !OWN.has(name)) text += `${JSON.stringify(name)}: ${JSON.stringify(value)}, `;
  }
  return text;
}

/** Reads an envelope. @throws Error with a reason where the text is none */
export function readEnvelope(text: string): Envelope {
  const value = readJson(text, NO_TYPES);
  if (!isRecord(value)) throw new Error("it is no JSON object");
  if (typeof value["body"] !== "string") throw new Error('it has no text called "body"');
  const properties = recordOf(value["properties"]);
  const info = recordOf(properties["delivery_info"]);
  return {
    body: value["body"],
    contentType: textOf(value["content-type"], "application/data"),
    contentEncoding: textOf(value["content-encoding"], "utf-8"),
    headers: recordOf(value["headers"]),
    properties,
    exchange: textOf(info["exchange"], ""),
    routingKey: textOf(info["routing_key"], ""),
    redelivered: info["redelivered"] === true,
  };
}

/** The body's bytes. */
export function bodyOf(envelope: Envelope): Uint8Array {
  const text = envelope.body as string; // readEnvelope has made sure
  return Buffer.from(text, envelope.properties["body_encoding"] === "base64" ? "base64" : "utf8");
}

/** The properties by our names. */
export function propertiesOf({ properties }: Envelope): MessageProperties {
  const found: Record<string, unknown> = {};
  put(found, "correlationId", properties["correlation_id"], "string");
  put(found, "replyTo", properties["reply_to"], "string");
  if (properties["delivery_mode"] === 1 || properties["delivery_mode"] === 2) found["deliveryMode"] = properties["delivery_mode"];
  put(found, "priority", properties["priority"], "number");
  const expiration = properties["expiration"];
  if ((typeof expiration === "string" && expiration !== "") || typeof expiration === "number") {
    const expirationMs = Number(expiration);
    if (Number.isFinite(expirationMs)) found["expirationMs"] = expirationMs;
  }
  for (const [ours, wire] of NAMED) if (properties[wire] !== undefined && properties[wire] !== null) found[ours] = properties[wire];
  let extra: Record<string, unknown> | undefined;
  for (const name of Object.keys(properties)) {
    if (!OWN.has(name)) (extra ??= {})[name] = properties[name];
  }
  if (extra !== undefined) found["extra"] = extra;
  return found as MessageProperties; // each member was put in with its type
}

function put(target: Record<string, unknown>, name: string, value: unknown, type: "string" | "number"): void {
  if (typeof value === type) target[name] = value;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : NOTHING;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}
