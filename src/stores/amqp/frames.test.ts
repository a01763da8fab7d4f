import { describe, expect, it } from "vitest";
import { captured, fixtureNames } from "../../../test/interop/wire-fixtures.ts";
import { ByteWriter } from "./byte-writer.ts";
import { OpaqueHeaders } from "./opaque-headers.ts";
import { type AmqpMessage, writePublish } from "./publish-frames.ts";
import { readTable } from "./table-reader.ts";

interface CapturedPublish {
  readonly args: { readonly exchange: string; readonly routing_key: string };
  readonly method_payload_b64: string;
  readonly header_payload_b64: string;
  readonly body_b64: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

function publishesOf(fixture: string): CapturedPublish[] {
  const found: CapturedPublish[] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    if ("header_payload_b64" in value && "method_payload_b64" in value && (value as { method?: unknown }).method === "basic.publish")
      found.push(value as unknown as CapturedPublish);
    else for (const inner of Object.values(value)) walk(inner);
  };
  walk(captured(fixture));
  return found;
}

const all = fixtureNames(/^amqp\./).flatMap((name) => publishesOf(name).map((publish) => ({ name, publish })));

function frame(type: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(7);
  head.writeUInt8(type);
  head.writeUInt16BE(1, 1);
  head.writeUInt32BE(payload.length, 3);
  return Buffer.concat([head, payload, Buffer.from([0xce])]);
}

/** Payloads of the frames in a buffer, each with its type. */
function framesOf(bytes: Buffer): { type: number; payload: Buffer }[] {
  const frames: { type: number; payload: Buffer }[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUInt32BE(at + 3);
    frames.push({ type: bytes.readUInt8(at), payload: bytes.subarray(at + 7, at + 7 + length) });
    expect(bytes[at + 7 + length]).toBe(0xce);
    at += 8 + length;
  }
  return frames;
}

/** The table that a content header holds by its bytes alone: it stands after two short texts in all of these. */
function tableIn(header: Buffer): Buffer {
  let at = 14;
  const flags = header.readUInt16BE(12);
  if ((flags & 0x8000) !== 0) at += 1 + header.readUInt8(at);
  if ((flags & 0x4000) !== 0) at += 1 + header.readUInt8(at);
  return header.subarray(at + 4, at + 4 + header.readUInt32BE(at));
}

describe("frames that were captured from Celery", () => {
  it("are many", () => expect(all.length).toBeGreaterThan(50));

  it("have headers that are read as Python wrote them, wherever the network cuts them", () => {
    let seed = 12_345;
    const random = (): number => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
    const stream = Buffer.concat(
      all.flatMap(({ publish }) => [
        frame(1, Buffer.from(publish.method_payload_b64, "base64")),
        frame(2, Buffer.from(publish.header_payload_b64, "base64")),
        frame(3, Buffer.from(publish.body_b64, "base64")),
      ]),
    );
    const opaque = new OpaqueHeaders();
    const parts: Buffer[] = [];
    for (let at = 0; at < stream.length;) {
      const length = 1 + Math.floor(random() * 700);
      const part = opaque.push(stream.subarray(at, at + length));
      if (part !== undefined) parts.push(part);
      at += length;
    }
    const frames = framesOf(Buffer.concat(parts));
    expect(frames.map(({ type }) => type)).toEqual(all.flatMap(() => [1, 2, 3]));
    for (const [i, { name, publish }] of all.entries()) {
      const header = frames[i * 3 + 1]?.payload ?? Buffer.alloc(0);
      const wrapped = tableIn(header);
      expect([wrapped[0], String.fromCharCode(wrapped[1] ?? 0), wrapped.readUInt32BE(2)], name).toEqual([0, "x", wrapped.length - 6]);
      expect(wrapped.subarray(6).equals(tableIn(Buffer.from(publish.header_payload_b64, "base64"))), name).toBe(true);
      expect(readTable(wrapped.subarray(6)), name).toEqual(publish.properties["application_headers"] ?? {});
      expect(frames[i * 3 + 2]?.payload.equals(Buffer.from(publish.body_b64, "base64")), name).toBe(true);
    }
  });

  it("are written by us byte for byte the same", () => {
    for (const { name, publish } of all) {
      const { properties } = publish;
      const given = (key: string): never => properties[key] as never; // of the type that AMQP gives the property
      const message: AmqpMessage = {
        body: Buffer.from(publish.body_b64, "base64"),
        contentType: given("content_type"),
        contentEncoding: given("content_encoding"),
        headers: (properties["application_headers"] ?? {}) as Readonly<Record<string, unknown>>,
        deliveryMode: given("delivery_mode"),
        priority: given("priority"),
        correlationId: given("correlation_id"),
        replyTo: given("reply_to"),
        expiration: given("expiration"),
        messageId: given("message_id"),
        type: given("type"),
        appId: given("app_id"),
      };
      const writer = new ByteWriter(16);
      const { exchange, routing_key: routingKey } = publish.args;
      writePublish(writer, { channel: 1, frameMax: 131_072 }, { exchange, routingKey, message });
      const [method, header, body] = framesOf(writer.finish());
      expect(method?.payload.toString("base64"), name).toBe(publish.method_payload_b64);
      expect(readTable(tableIn(header?.payload ?? Buffer.alloc(0))), name).toEqual(message.headers);
      // A captured float that is whole, such as 30.0, is an integer in the fixture's JSON: its bytes differ, its value does not.
      if (!hasFloatTag(publish))
        expect(header?.payload.subarray(12).toString("hex"), name).toBe(headerOf(publish).subarray(12).toString("hex"));
      expect(body?.payload.equals(Buffer.from(publish.body_b64, "base64")), name).toBe(true);
    }
  });

  it("split a body that is longer than a frame", () => {
    const writer = new ByteWriter(16);
    const message: AmqpMessage = { body: "x".repeat(10_000), headers: {}, deliveryMode: 2 };
    writePublish(writer, { channel: 1, frameMax: 4096 }, { exchange: "", routingKey: "q", message, mandatory: true });
    const frames = framesOf(writer.finish());
    expect(frames.map(({ type, payload }) => (type === 3 ? payload.length : type))).toEqual([1, 2, 4088, 4088, 1824]);
  });
});

function headerOf(publish: CapturedPublish): Buffer {
  return Buffer.from(publish.header_payload_b64, "base64");
}

/** Whether a header is a float with no fraction. */
function hasFloatTag(publish: CapturedPublish): boolean {
  const table = tableIn(headerOf(publish));
  for (let at = table.indexOf("d"); at >= 0; at = table.indexOf("d", at + 1)) {
    if (at + 9 > table.length) break;
    const value = table.readDoubleBE(at + 1);
    if (Number.isInteger(value) && value !== 0 && Math.abs(value) < 1e12 && Math.abs(value) >= 1) return true;
  }
  return false;
}
