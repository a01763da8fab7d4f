// The messages and documents that were captured from Celery 5.6.3 (test/fixtures/wire), as the golden tests want them.
import { readdirSync, readFileSync } from "node:fs";
import { SerializerRegistry } from "../../src/serialization/serializer-registry.ts";

const FOLDER = new URL("../fixtures/wire/", import.meta.url);
const registry = new SerializerRegistry();

/** A captured message, whichever transport it came over. */
export interface CapturedMessage {
  readonly fixture: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string | Uint8Array;
  readonly contentType: string;
  readonly contentEncoding: string;
}

/** Names of the fixtures, without `.json`. */
export function fixtureNames(pattern: RegExp): readonly string[] {
  return readdirSync(FOLDER)
    .map((file) => file.replace(/\.json$/, ""))
    .filter((name) => pattern.test(name))
    .sort();
}

/** What was captured under a name. */
export function captured(name: string): unknown {
  return (JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8")) as { captured: unknown }).captured;
}

/** Every message in a fixture. */
export function capturedMessages(name: string): readonly CapturedMessage[] {
  const found: CapturedMessage[] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    const message = redisMessage(name, value) ?? amqpMessage(name, value);
    if (message) found.push(message);
    else for (const inner of Object.values(value)) walk(inner);
  };
  walk(captured(name));
  return found;
}

function redisMessage(fixture: string, value: object): CapturedMessage | undefined {
  if (!("envelope" in value) || !("value" in value)) return undefined;
  return parseEnvelope(fixture, value.value as string);
}

/** A message as it stands in a Redis list. */
export function parseEnvelope(fixture: string, text: string): CapturedMessage {
  const envelope = untypedJson(text) as {
    body: string;
    headers: Record<string, unknown>;
    "content-type": string;
    "content-encoding"?: string;
    properties: { body_encoding?: string };
  };
  return {
    fixture,
    headers: envelope.headers,
    body: envelope.properties.body_encoding === "base64" ? Buffer.from(envelope.body, "base64") : envelope.body,
    contentType: envelope["content-type"],
    contentEncoding: envelope["content-encoding"] ?? "utf-8",
  };
}

function amqpMessage(fixture: string, value: object): CapturedMessage | undefined {
  const { properties, body_b64: body } = value as { properties?: Record<string, unknown>; body_b64?: string };
  if (!properties || body === undefined || !("application_headers" in properties)) return undefined;
  return {
    fixture,
    headers: properties["application_headers"] as Record<string, unknown>,
    body: Buffer.from(body, "base64"),
    contentType: properties["content_type"] as string,
    contentEncoding: properties["content_encoding"] as string,
  };
}

/** JSON with Python's tokens and long integers, but with typed values left as they are written. */
export function untypedJson(text: string | Uint8Array): unknown {
  return registry.fromJson(Buffer.from(text).toString().replaceAll("__type__", "__TYPE__"));
}
