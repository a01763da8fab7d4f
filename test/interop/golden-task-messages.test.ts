// Every task message that was captured from Celery decodes to our records and encodes back to the same JSON.
import { describe, expect, it } from "vitest";
import { SerializationError } from "../../src/errors/celeriac-error.ts";
import { ContentDisallowed } from "../../src/errors/task-errors.ts";
import { decodeTaskMessage, type TaskMessage } from "../../src/protocol/decode-task-message.ts";
import { decodeTaskBody, encodeTaskBody } from "../../src/protocol/task-body.ts";
import { decodeTaskHeaders, encodeTaskHeaders } from "../../src/protocol/task-headers.ts";
import { buildTaskBodyV1 } from "../../src/protocol/task-message-v1.ts";
import { SerializerRegistry } from "../../src/serialization/serializer-registry.ts";
import { captured, type CapturedMessage, capturedMessages, fixtureNames, parseEnvelope, untypedJson } from "./wire-fixtures.ts";

const registry = new SerializerRegistry();
const accept = registry.acceptList(["json", "yaml", "msgpack"]);
const FULL_HEADERS = 19;

const messages = fixtureNames(/^(redis|amqp)\.(client|worker)\./).flatMap(capturedMessages);
const tasks = messages.filter((message) => kindOf(message) === "task");

function kindOf(message: CapturedMessage): "task" | "other" | "pickle" | "lookalike" {
  if (message.contentType === "application/x-python-serialize") return "pickle";
  if (message.fixture.endsWith("task-type-tag-lookalike")) return "lookalike";
  if ("task" in message.headers) return "task";
  const body = untypedJson(message.body);
  return typeof body === "object" && body !== null && "task" in body ? "task" : "other";
}

function decode(message: CapturedMessage): TaskMessage {
  return decodeTaskMessage(message, registry, accept);
}

function compressorOf(message: CapturedMessage): string | undefined {
  return message.headers["compression"] as string | undefined;
}

describe("captured task messages", () => {
  it("are as many as were captured", () => {
    expect(tasks.length).toBeGreaterThan(200);
    expect(new Set(tasks.map((task) => decode(task).version))).toEqual(new Set([1, 2]));
    expect(new Set(tasks.map((task) => task.contentType))).toEqual(
      new Set(["application/json", "application/x-yaml", "application/x-msgpack"]),
    );
  });

  it.each(tasks.filter((task) => "task" in task.headers))("$fixture: headers come back the same", (message) => {
    const headers = decodeTaskHeaders(message.headers);
    const encoded = encodeTaskHeaders(headers, { compression: compressorOf(message) ?? null });
    // A restored message says so in its headers. That is a fact of one delivery: we do not send it on.
    const { redelivered: _, ...expected } = message.headers;
    if (Object.keys(message.headers).length < FULL_HEADERS) {
      // Written by hand with few headers: those that were left out say nothing.
      expect(decodeTaskHeaders(encoded)).toEqual(headers);
      expect(encoded).toMatchObject(expected);
    } else {
      expect(encoded).toEqual(expected);
      // RabbitMQ sorts the headers of what it delivers, so that the order holds only as sent.
      if (message.fixture.startsWith("redis.client.")) expect(Object.keys(encoded)).toEqual(Object.keys(expected));
    }
  });

  it.each(tasks.filter((task) => "task" in task.headers))("$fixture: compact headers say the same", (message) => {
    const headers = decodeTaskHeaders(message.headers);
    expect(decodeTaskHeaders(encodeTaskHeaders(headers, { compact: true }))).toEqual(headers);
  });

  it.each(tasks.filter((task) => task.contentType === "application/json"))("$fixture: the JSON body comes back the same", (message) => {
    const decoded = decode(message);
    const payload = decoded.payload();
    const plainBody = compressorOf(message) ? registry.compression.decompress(message.body, compressorOf(message) ?? "") : message.body;
    const expected = untypedJson(plainBody);
    if (decoded.version === 1) {
      const body = buildTaskBodyV1(decoded.headers, payload);
      expect(untypedJson(registry.toJson(body))).toEqual(expected);
      expect(Object.keys(body)).toEqual(Object.keys(expected as object));
    } else {
      expect(untypedJson(encodeTaskBody(payload, registry).body)).toEqual(expected);
    }
    const compact = encodeTaskBody(payload, registry, { compact: true });
    expect(decodeTaskBody(compact, registry, accept)).toEqual(payload);
  });

  it.each(tasks.filter((task) => task.contentType !== "application/json"))(
    "$fixture: the body comes back the same in $contentType",
    (message) => {
      const payload = decode(message).payload();
      expect(payload.args).toContain(1);
      const encoded = encodeTaskBody(payload, registry, { serializer: message.contentType });
      expect(encoded).toMatchObject({ contentType: message.contentType, contentEncoding: message.contentEncoding });
      expect(decodeTaskBody(encoded, registry, accept)).toEqual(payload);
      if (message.contentType === "application/x-msgpack")
        expect(Buffer.from(encoded.body as Uint8Array).toString("hex")).toBe(Buffer.from(message.body).toString("hex"));
    },
  );

  it.each(tasks.filter((task) => compressorOf(task) && !compressorOf(task)?.includes("bz2")))(
    "$fixture: the body can be compressed again",
    (message) => {
      const payload = decode(message).payload();
      const encoded = encodeTaskBody(payload, registry, { compression: compressorOf(message) });
      expect(encoded.compression).toBe(compressorOf(message));
      expect(decodeTaskBody(encoded, registry, accept)).toEqual(payload);
    },
  );
});

describe("captured messages that are no task for us", () => {
  it.each(messages.filter((message) => kindOf(message) === "other"))("$fixture: an event or control message is refused", (message) => {
    expect(() => decode(message)).toThrow(/not a task message.*no header task/);
  });

  it.each(messages.filter((message) => kindOf(message) === "pickle"))("$fixture: pickle is refused, and says why", (message) => {
    const task = decode(message);
    expect(task.headers.task).toBe("tasks.echo");
    expect(() => task.payload()).toThrow(ContentDisallowed);
    expect(() => task.payload()).toThrow(/Pickle is never read/);
    expect(() => registry.acceptList(["json", "pickle"])).toThrow(/Pickle is never read/);
  });

  it.each(messages.filter((message) => kindOf(message) === "lookalike"))(
    "$fixture: an unknown typed value is refused, as Celery's own worker does",
    (message) => {
      expect(() => decode(message).payload()).toThrow(/the type "point" of a typed value is unknown/);
    },
  );
});

describe("malformed messages that were given to a Celery worker", () => {
  const { cases } = captured("redis.worker.malformed-messages") as { cases: Record<string, { raw: string; task_succeeded: boolean }> };
  // These are refused by the broker driver, which reads the envelope.
  const ofTheTransport = ["bad-base64", "no-delivery-tag", "no-delivery-info", "no-properties", "not-json", "not-object"];
  const refusals: Record<string, RegExp> = {
    "missing-id": /\(task tasks\.add\): expected the header id to be a text, got: nothing/,
    "body-pair": /expected the body to be \[args, kwargs, embed\], got: an array of 2/,
    "body-object-v2-headers": /expected the body to be \[args, kwargs, embed\], got: an object/,
    "kwargs-null": /expected the keyword arguments to be an object, got: null/,
    "args-object": /expected the arguments to be an array, got: an object/,
    "bad-eta": /expected the header eta to be an ISO-8601 time.*got: "not a date"/,
    "eta-number": /expected the header eta to be an ISO-8601 time.*got: 1795327208\.5/,
    "timelimit-bad": /expected the header timelimit to be two numbers.*got: "abc"/,
    "timelimit-single": /expected the header timelimit to be two numbers.*got: an array of 1/,
    "headers-null": /it has no header task/,
    "v1-missing-id": /expected the header id to be a text, got: nothing/,
    "content-type-yaml": /setting acceptContent \(json\), got: application\/x-yaml/,
    "content-type-unknown": /setting acceptContent \(json\), got: application\/x-foo/,
    "bad-json-body": /cannot be read: it is not JSON: unexpected "o" at position 1/,
    "unsupported-type-tag": /the type "map" of a typed value is unknown/,
    "bad-type-value": /a value of type "decimal" is malformed/,
    "compression-unknown": /no serializer or compression is called "application\/x-foo"/,
  };

  it("are all looked at", () => {
    const accepted = Object.keys(cases).filter((name) => cases[name]?.task_succeeded);
    expect(Object.keys(cases).sort()).toEqual([...accepted, ...Object.keys(refusals), ...ofTheTransport].sort());
  });

  it.each(Object.keys(cases).filter((name) => !ofTheTransport.includes(name)))("%s: accepted or refused with a sentence", (name) => {
    const { raw } = cases[name] as { raw: string };
    const read = (): unknown => decodeTaskMessage(parseEnvelope(name, raw), registry, registry.acceptList(["json"])).payload();
    const refusal = refusals[name];
    if (refusal) {
      expect(read).toThrow(SerializationError);
      expect(read).toThrow(refusal);
    } else expect(read()).toMatchObject({ args: [2, 3], kwargs: {}, embed: { chain: null } });
  });
});
