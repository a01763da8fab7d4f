// Celery's native delayed delivery: 28 levels of topic exchanges and queues. Level L holds a message for 2^L seconds; the seconds to wait, in
// binary, are the first 28 words of the routing key, one for each level: 1 waits in it, 0 passes by. What comes out of level 0 is routed by
// the rest of the key. Names, arguments and bindings are Celery's to the letter, so that its workers and ours declare the same.
import { createHash } from "node:crypto";
import type { Channel } from "amqplib";
import { typedTable } from "./queue-arguments.ts";

/** The exchange that delayed messages come out of. */
export const DELAY_TARGET = "celery_delayed_delivery";

const LEVELS = 28;
/** The longest delay, in seconds: eight and a half years. */
const LONGEST_S: number = 2 ** LEVELS - 1;
/** A routing key has 255 bytes, and the levels take 56. */
const LONGEST_TARGET = 190;
const KEY_WITH_DELAY = /^(?:[01]\.){28}/;

/** Name of the exchange that delayed messages go into. */
export const DELAY_ENTRANCE: string = levelName(LEVELS - 1);

/** The routing key by which a message waits so many whole seconds and is then routed by `target`. A longer wait than the longest is the longest. */
export function delayRoutingKey(seconds: number, target: string): string {
  const bits = Math.min(seconds, LONGEST_S).toString(2).padStart(LEVELS, "0");
  return `${bits.split("").join(".")}.${target}`;
}

/** The key without the words of the levels. */
export function routingKeyWithoutDelay(key: string): string {
  return key.replace(KEY_WITH_DELAY, "");
}

/**
 * The word by which delayed messages find a queue: its name, or what stands for a name that is too long or that has words which mean something else
 * in the pattern of a topic exchange.
 */
export function delayTargetOf(queue: string): string {
  const isPlain = Buffer.byteLength(queue) <= LONGEST_TARGET && !queue.split(".").some((word) => word === "*" || word === "#");
  return isPlain ? queue : `celeriac.queue.${createHash("sha256").update(queue).digest("hex").slice(0, 40)}`;
}

/** Name of the queue that sends delayed messages on to an exchange when their time has come. */
export function forwarderOf(exchange: string, routingKey: string): string {
  const digest = createHash("sha256")
    .update(JSON.stringify([exchange, routingKey]))
    .digest("hex");
  return `celeriac.forward.${digest.slice(0, 40)}`;
}

/** The pattern that takes what is delayed for one target. Exact, where Celery's `#.target` would also take what is for `other.target`. */
export function delayPattern(target: string): string {
  return `${"*.".repeat(LEVELS)}${target}`;
}

/** Declares all levels. */
export async function declareDelayLevels(channel: Channel, queueType: "quorum" | "classic"): Promise<void> {
  for (let level = LEVELS - 1; level >= 0; level--) {
    const name = levelName(level);
    await channel.assertExchange(name, "topic", { durable: true });
    await channel.assertQueue(name, { durable: true, arguments: levelArguments(level, queueType) });
    await channel.bindQueue(name, name, `${"*.".repeat(LEVELS - 1 - level)}1.#`);
  }
  await channel.assertExchange(DELAY_TARGET, "topic", { durable: true });
  for (let level = LEVELS - 1; level >= 0; level--) {
    await channel.bindExchange(nextName(level), levelName(level), `${"*.".repeat(LEVELS - 1 - level)}0.#`);
  }
}

function levelArguments(level: number, queueType: "quorum" | "classic"): Record<string, unknown> {
  return typedTable({
    "x-queue-type": queueType,
    "x-overflow": "reject-publish",
    "x-message-ttl": 2 ** level * 1000,
    "x-dead-letter-exchange": nextName(level),
    ...(queueType === "quorum" ? { "x-dead-letter-strategy": "at-least-once" } : {}),
  });
}

function levelName(level: number): string {
  return `celery_delayed_${level}`;
}

function nextName(level: number): string {
  return level === 0 ? DELAY_TARGET : levelName(level - 1);
}
