// The frames of publications and of acknowledgements, written side by side into one buffer for one write to the socket. amqplib encodes and
// copies each message several times over and encodes header tables in a way that Python misreads (table-writer.ts).
import type { ByteWriter } from "./byte-writer.ts";
import { TableUnwritableError, writeTable } from "./table-writer.ts";

/** A message as AMQP has it. */
export interface AmqpMessage {
  readonly body: string | Uint8Array;
  readonly contentType?: string | undefined;
  readonly contentEncoding?: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly deliveryMode: 1 | 2;
  readonly priority?: number | undefined;
  readonly correlationId?: string | undefined;
  readonly replyTo?: string | undefined;
  /** Milliseconds. */
  readonly expiration?: string | undefined;
  readonly messageId?: string | undefined;
  /** Seconds since 1970. */
  readonly timestamp?: number | undefined;
  readonly type?: string | undefined;
  readonly userId?: string | undefined;
  readonly appId?: string | undefined;
}

/** A message with its address. */
export interface AmqpPublication {
  readonly exchange: string;
  readonly routingKey: string;
  readonly message: AmqpMessage;
  /** The broker sends it back where no queue takes it. @default false */
  readonly mandatory?: boolean;
}

/** Where frames go. */
export interface FrameTarget {
  /** Number of the channel. */
  readonly channel: number;
  /** Longest frame that both sides agreed on, in bytes. */
  readonly frameMax: number;
}

const METHOD = 1;
const HEADER = 2;
const BODY = 3;
const END = 0xce;
const BASIC = 60;
/** Bytes of a frame that are not its payload. */
const OVERHEAD = 8;

/**
 * Writes the frames of one publication.
 * @throws TableUnwritableError where a header or a property cannot be written; what was written before is to be truncated then
 */
export function writePublish(writer: ByteWriter, target: FrameTarget, publication: AmqpPublication): void {
  const { exchange, routingKey, message, mandatory = false } = publication;
  const method = beginFrame(writer, METHOD, target.channel);
  writer.uint16(BASIC);
  writer.uint16(40);
  writer.uint16(0);
  short(writer, exchange, "the name of the exchange");
  short(writer, routingKey, "the routing key");
  writer.uint8(mandatory ? 1 : 0);
  endFrame(writer, method);
  const { body } = message;
  const bytes = typeof body === "string" ? Buffer.from(body, "utf8") : body;
  const header = beginFrame(writer, HEADER, target.channel);
  writer.uint16(BASIC);
  writer.uint16(0);
  writer.uint64(bytes.byteLength);
  writeProperties(writer, message);
  endFrame(writer, header);
  if (writer.length - header + 4 > target.frameMax)
    throw new TableUnwritableError(
      `the headers and properties take ${writer.length - header} bytes, and the broker takes ${target.frameMax} at most`,
    );
  const part = target.frameMax - OVERHEAD;
  for (let at = 0; at < bytes.byteLength; at += part) {
    const frame = beginFrame(writer, BODY, target.channel);
    writer.bytes(bytes.subarray(at, at + part));
    endFrame(writer, frame);
  }
}

/** Writes an acknowledgement. @param multiple of all deliveries of the channel up to this one */
export function writeAck(writer: ByteWriter, channel: number, deliveryTag: number, multiple: boolean): void {
  const frame = beginFrame(writer, METHOD, channel);
  writer.uint16(BASIC);
  writer.uint16(80);
  writer.uint64(deliveryTag);
  writer.uint8(multiple ? 1 : 0);
  endFrame(writer, frame);
}

/** Writes a refusal. @param requeue whether the broker delivers it again */
export function writeReject(writer: ByteWriter, channel: number, deliveryTag: number, requeue: boolean): void {
  const frame = beginFrame(writer, METHOD, channel);
  writer.uint16(BASIC);
  writer.uint16(90);
  writer.uint64(deliveryTag);
  writer.uint8(requeue ? 1 : 0);
  endFrame(writer, frame);
}

/** Begins a frame; gives where its length is to be set. */
function beginFrame(writer: ByteWriter, type: number, channel: number): number {
  writer.uint8(type);
  writer.uint16(channel);
  return writer.gap32();
}

function endFrame(writer: ByteWriter, lengthAt: number): void {
  writer.set32(lengthAt, writer.length - lengthAt - 4);
  writer.uint8(END);
}

function short(writer: ByteWriter, value: string, what: string): void {
  if (!writer.shortText(value)) throw new TableUnwritableError(`${what} is longer than 255 bytes: ${value.slice(0, 40)}...`);
}

function writeProperties(writer: ByteWriter, message: AmqpMessage): void {
  const { contentType, contentEncoding, priority, correlationId, replyTo, expiration, messageId, timestamp, type, userId, appId } = message;
  let flags = 0x2000 | 0x1000;
  if (contentType !== undefined) flags |= 0x8000;
  if (contentEncoding !== undefined) flags |= 0x4000;
  if (priority !== undefined) flags |= 0x0800;
  if (correlationId !== undefined) flags |= 0x0400;
  if (replyTo !== undefined) flags |= 0x0200;
  if (expiration !== undefined) flags |= 0x0100;
  if (messageId !== undefined) flags |= 0x0080;
  if (timestamp !== undefined) flags |= 0x0040;
  if (type !== undefined) flags |= 0x0020;
  if (userId !== undefined) flags |= 0x0010;
  if (appId !== undefined) flags |= 0x0008;
  writer.uint16(flags);
  if (contentType !== undefined) short(writer, contentType, "the content type");
  if (contentEncoding !== undefined) short(writer, contentEncoding, "the content encoding");
  writeTable(writer, message.headers, "headers");
  writer.uint8(message.deliveryMode);
  if (priority !== undefined) writer.uint8(Math.min(255, Math.max(0, Math.trunc(priority))));
  if (correlationId !== undefined) short(writer, correlationId, "the correlation id");
  if (replyTo !== undefined) short(writer, replyTo, "replyTo");
  if (expiration !== undefined) short(writer, expiration, "the expiration");
  if (messageId !== undefined) short(writer, messageId, "the message id");
  if (timestamp !== undefined) writer.int64(BigInt(Math.trunc(timestamp)));
  if (type !== undefined) short(writer, type, "the type");
  if (userId !== undefined) short(writer, userId, "the user id");
  if (appId !== undefined) short(writer, appId, "the app id");
}
