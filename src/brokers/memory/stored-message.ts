import type { Deaths, Delivery, OutgoingMessage, Publication } from "../../broker/contract.ts";
import type { MemoryConnection } from "./memory-connection.ts";
import type { MemoryConsumer } from "./memory-consumer.ts";
import type { MemoryQueue } from "./memory-queue.ts";

/**
 * A message in a queue. It is `waiting` in the queue's line, `delayed` until its time, `held` by a connection, or `gone`; structures that
 * cannot give up an entry cheaply keep it until its turn and then see that it is gone, or no longer theirs.
 */
export interface StoredMessage {
  readonly message: OutgoingMessage;
  readonly exchange: string;
  readonly routingKey: string;
  readonly queue: MemoryQueue;
  /** Its place in the order of publishing. */
  readonly order: number;
  readonly priority: number;
  state: "waiting" | "delayed" | "held" | "gone";
  visibleAt: number;
  /** Infinity where it does not expire. */
  readonly expiresAt: number;
  /** Whether the queue's heap of expiries has it. */
  isTracked: boolean;
  redelivered: boolean;
  deaths: Deaths;
  /** Who holds it, while it is held; the consumer is undefined where it was taken by `get`. */
  holder: MemoryConnection | undefined;
  consumer: MemoryConsumer | undefined;
}

/** The deaths of a message that has none: one object for all. */
export const NO_DEATHS: Deaths = Object.freeze({ child: 0, worker: 0 });

let lastOrder = 0;
let lastTag = 0;

/** Makes the record of a publication in one queue. */
export function storeMessage(queue: MemoryQueue, publication: Publication, message: OutgoingMessage, now: number): StoredMessage {
  const { expirationMs = Infinity, priority = 0 } = message.properties;
  const ttlMs = Math.min(expirationMs, queue.messageTtlMs);
  return {
    message,
    exchange: publication.exchange,
    routingKey: publication.routingKey,
    queue,
    order: ++lastOrder,
    priority: Math.min(priority, queue.maxPriority),
    state: "waiting",
    visibleAt: publication.visibleAt ?? 0,
    expiresAt: ttlMs === Infinity ? Infinity : now + ttlMs,
    isTracked: false,
    redelivered: false,
    deaths: NO_DEATHS,
    holder: undefined,
    consumer: undefined,
  };
}

/** The message as it is stored: bytes are copied, since their owner may use the buffer again. */
export function ownMessage(message: OutgoingMessage): OutgoingMessage {
  return typeof message.body === "string" ? message : { ...message, body: new Uint8Array(message.body) };
}

/** Makes the delivery of a message, with a tag that no other delivery of this process has. */
export function makeDelivery(stored: StoredMessage): Delivery & { readonly tag: number } {
  const { message } = stored;
  return {
    tag: ++lastTag,
    queue: stored.queue.name,
    exchange: stored.exchange,
    routingKey: stored.routingKey,
    redelivered: stored.redelivered,
    deaths: stored.deaths,
    body: message.body,
    contentType: message.contentType,
    contentEncoding: message.contentEncoding,
    headers: message.headers,
    properties: message.properties,
  };
}
