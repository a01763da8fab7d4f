// Fanout exchanges are Redis channels, as in kombu: who listens gets a copy, nobody else. A queue that is bound to one keeps its copies in this process, for as
// long as the connection lives that declared it; while nobody consumes it, only the last ones. The same socket brings the notices of other processes.
import type { DeliveryTag } from "../../broker/contract.ts";
import type { RedisConnection } from "../../stores/redis/redis-connection.ts";
import { readEnvelope } from "./envelope.ts";
import { FIELD_PREFIX, type Keys } from "./keys.ts";
import { escapeGlob } from "./queue-registry.ts";
import type { QueueEntry } from "./queue-entry.ts";
import { type Holder, RedisDelivery } from "./redis-delivery.ts";
import { markRedelivered, type Marks } from "./rewrite-envelope.ts";

/** What the tags of copies begin with. */
const COPY_PREFIX = `${FIELD_PREFIX}copy:`;
/** Copies that are kept for a queue that nobody consumes. */
const MOST_UNCONSUMED = 1000;

/** A queue that gets copies. */
interface CopyQueue {
  readonly entry: QueueEntry;
  /** Envelopes, the oldest first. */
  readonly waiting: string[];
  readonly channels: Set<string>;
  /** Connections that declared it. */
  readonly users: Set<object>;
  consumers: number;
}

/** What other processes tell. */
export interface Notice {
  readonly queue: string;
  /** A message of it is due at this time, in milliseconds. */
  readonly due?: number;
  /** It was deleted: the id that it had. */
  readonly gone?: string;
}

/** What a fanout tells its owner. */
export interface FanoutEvents {
  onCopy(queue: string): void;
  onNotice(notice: Notice): void;
}

/** Subscriptions and the copies they brought. */
export class Fanout {
  readonly #keys: Keys;
  readonly #open: () => Promise<RedisConnection>;
  readonly #events: FanoutEvents;
  readonly #queues = new Map<string, CopyQueue>();
  /** By channel or pattern: the queues that get what it brings. */
  readonly #channels = new Map<string, Set<CopyQueue>>();
  #subscriber: Promise<RedisConnection> | undefined;
  #listensToNotices = false;

  constructor(keys: Keys, open: () => Promise<RedisConnection>, events: FanoutEvents) {
    this.#keys = keys;
    this.#open = open;
    this.#events = events;
  }

  /** Whether a tag is a copy's. */
  static isCopy(tag: DeliveryTag): boolean {
    return typeof tag === "string" && tag.startsWith(COPY_PREFIX);
  }

  /** Whether a queue gets copies. */
  has(queue: string): boolean {
    return this.#queues.has(queue);
  }

  /** How many copies wait in a queue. */
  countOf(queue: string): number {
    return this.#queues.get(queue)?.waiting.length ?? 0;
  }

  /** Has a queue get copies of what is published to an exchange. A key with wildcards narrows that down, as monitors of events do. */
  async bind(entry: QueueEntry, exchange: string, routingKey: string, user: object): Promise<void> {
    let queue = this.#queues.get(entry.name);
    if (queue === undefined) {
      queue = { entry, waiting: [], channels: new Set(), users: new Set(), consumers: 0 };
      this.#queues.set(entry.name, queue);
    }
    queue.users.add(user);
    const channels = this.#channelsOf(exchange, routingKey).filter((channel) => !queue.channels.has(channel));
    for (const channel of channels) {
      queue.channels.add(channel);
      const listeners = this.#channels.get(channel);
      if (listeners === undefined) this.#channels.set(channel, new Set([queue]));
      else listeners.add(queue);
    }
    if (channels.length > 0) await (await this.#connected()).call("PSUBSCRIBE", ...channels);
  }

  /** Takes a binding away. */
  async unbind(name: string, exchange: string, routingKey: string): Promise<void> {
    const queue = this.#queues.get(name);
    if (queue !== undefined) await this.#leaveChannels(queue, this.#channelsOf(exchange, routingKey));
  }

  /** Forgets a queue with its copies. */
  async forget(name: string): Promise<void> {
    const queue = this.#queues.get(name);
    if (queue === undefined) return;
    this.#queues.delete(name);
    await this.#leaveChannels(queue, [...queue.channels]);
  }

  /** Forgets the queues that only this connection declared. */
  async leave(user: object): Promise<void> {
    for (const [name, queue] of this.#queues) {
      if (queue.users.delete(user) && queue.users.size === 0) await this.forget(name);
    }
  }

  /** Notes one consumer more or less. */
  countConsumer(name: string, change: 1 | -1): void {
    const queue = this.#queues.get(name);
    if (queue !== undefined) queue.consumers += change;
  }

  /** Listens to the notices of other processes. */
  async listenToNotices(): Promise<void> {
    if (this.#listensToNotices) return;
    this.#listensToNotices = true;
    await (await this.#connected()).call("SUBSCRIBE", this.#keys.notices);
  }

  /** Resolves when all that was published before has come. */
  async sync(): Promise<void> {
    if (this.#subscriber !== undefined) await (await this.#subscriber).call("PING");
  }

  /** Takes copies out of a queue. */
  take(name: string, limit: number, holder: Holder, nextOrder: () => number): readonly RedisDelivery[] {
    const queue = this.#queues.get(name);
    if (queue === undefined || queue.waiting.length === 0) return [];
    return queue.waiting.splice(0, limit).map((text) => {
      const order = nextOrder();
      return new RedisDelivery(`${COPY_PREFIX}${order}`, text, readEnvelope(text), { source: queue.entry, step: 0, holder, order });
    });
  }

  /** Gives a copy back to the front of its queue. */
  giveBack(delivery: RedisDelivery, marks: Marks | undefined): void {
    const queue = this.#queues.get(delivery.queue);
    if (queue === undefined || queue.entry.id !== delivery.source.id) return;
    queue.waiting.unshift(marks === undefined ? delivery.text : markRedelivered(delivery.text, marks));
    this.#events.onCopy(delivery.queue);
  }

  /** Removes the waiting copies of a queue; returns how many. */
  purge(name: string): number {
    return this.#queues.get(name)?.waiting.splice(0).length ?? 0;
  }

  /** Told that the socket has gone: subscriptions are made anew by those who declare anew. */
  reset(): void {
    this.#subscriber = undefined;
    this.#listensToNotices = false;
    this.#queues.clear();
    this.#channels.clear();
  }

  #channelsOf(exchange: string, routingKey: string): readonly string[] {
    const base = escapeGlob(this.#keys.channelBase(exchange));
    if (!this.#keys.fanoutPatterns) return [base];
    if (/(?:^|\.)[*#](?:$|\.)/.test(routingKey) && routingKey !== "#") return [`${base}/${routingKey.replaceAll("#", "*")}`];
    // AMQP's fanout asks for no key, so that all of them are heard.
    return [base, `${base}/*`];
  }

  async #leaveChannels(queue: CopyQueue, channels: readonly string[]): Promise<void> {
    const silent: string[] = [];
    for (const channel of channels) {
      const listeners = this.#channels.get(channel);
      if (!queue.channels.delete(channel) || listeners === undefined) continue;
      listeners.delete(queue);
      if (listeners.size > 0) continue;
      this.#channels.delete(channel);
      silent.push(channel);
    }
    if (silent.length === 0 || this.#subscriber === undefined) return;
    const subscriber = await this.#subscriber;
    if (subscriber.lost === undefined) await subscriber.call("PUNSUBSCRIBE", ...silent);
  }

  #connected(): Promise<RedisConnection> {
    if (this.#subscriber === undefined) {
      const opening = this.#open();
      this.#subscriber = opening;
      opening.then(
        (connection) => connection.onMessage((channel, message, pattern) => this.#receive(channel, message, pattern)),
        () => {
          if (this.#subscriber === opening) this.#subscriber = undefined;
        },
      );
    }
    return this.#subscriber;
  }

  #receive(channel: string, message: string, pattern: string | undefined): void {
    if (pattern === undefined) {
      if (channel === this.#keys.notices) this.#events.onNotice(JSON.parse(message) as Notice); // only we publish there
      return;
    }
    for (const queue of this.#channels.get(pattern) ?? []) {
      if (!isEnvelope(message, channel)) return;
      queue.waiting.push(message);
      if (queue.consumers === 0 && queue.waiting.length > MOST_UNCONSUMED) queue.waiting.shift();
      this.#events.onCopy(queue.entry.name);
    }
  }
}

/** A copy that nobody can read has no holder who could keep it: others have theirs. */
function isEnvelope(message: string, channel: string): boolean {
  try {
    readEnvelope(message);
    return true;
  } catch (error) {
    process.emitWarning(
      `a message in the Redis channel ${channel} is no message of Celery's and was left out: ${(error as Error).message}`,
      "CeleriacWarning",
    );
    return false;
  }
}
