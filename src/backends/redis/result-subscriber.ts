// Being told of documents: one socket for all watches of a connection, subscribed to the channel of each task that is watched. What is told is what was
// published; where that is no text (Redis hands channels over as texts) the key is read instead.
import type { Document } from "../../backend/contract.ts";
import type { RedisStore } from "../../stores/redis/acquire-redis.ts";
import type { RedisConnection } from "../../stores/redis/redis-connection.ts";
import { RedisFailure } from "../../stores/redis/redis-failure.ts";
import type { ResultKeys } from "./result-keys.ts";

/** Told of each document. Must not throw. */
export type DocumentListener = (taskId: string, document: Document) => void;

interface Channel {
  readonly listeners: Set<DocumentListener>;
  /** Resolves when Redis has it. */
  readonly subscribed: Promise<void>;
  /** Counts what was told, so that a slower reading tells nothing older. */
  told: number;
}

/** Stands where bytes were that are no UTF-8. */
const REPLACEMENT = "\ufffd";
const SUBSCRIBE_AT_ONCE = 1000;

/** The subscriptions of one backend connection. */
export class ResultSubscriber {
  readonly #store: RedisStore;
  readonly #keys: ResultKeys;
  readonly #channels = new Map<string, Channel>();
  /** Channels that nobody listens to any more, to be left at the end of the turn. */
  readonly #leaving = new Map<string, Channel>();
  #socket: Promise<RedisConnection> | undefined;
  #closed = false;

  constructor(store: RedisStore, keys: ResultKeys) {
    this.#store = store;
    this.#keys = keys;
  }

  /** Tells a listener of these tasks, from when the promise resolves. @throws RedisFailure */
  async listen(taskIds: readonly string[], listener: DocumentListener): Promise<void> {
    const waited = new Set<Promise<void>>();
    const fresh: string[] = [];
    for (const taskId of taskIds) {
      const channel = this.#channels.get(taskId) ?? this.#return(taskId);
      if (channel === undefined) fresh.push(taskId);
      else {
        channel.listeners.add(listener);
        waited.add(channel.subscribed);
      }
    }
    for (let from = 0; from < fresh.length; from += SUBSCRIBE_AT_ONCE) {
      const some = fresh.slice(from, from + SUBSCRIBE_AT_ONCE);
      const subscribed = this.#subscribe(some);
      for (const taskId of some) this.#channels.set(taskId, { listeners: new Set([listener]), subscribed, told: 0 });
      waited.add(subscribed);
    }
    await Promise.all(waited);
  }

  /** Tells it no more of these. */
  unlisten(taskIds: Iterable<string>, listener: DocumentListener): void {
    for (const taskId of taskIds) {
      const channel = this.#channels.get(taskId);
      if (!channel?.listeners.delete(listener) || channel.listeners.size > 0) continue;
      this.#channels.delete(taskId);
      this.#leaving.set(taskId, channel);
      if (this.#leaving.size === 1) queueMicrotask(() => this.#leave());
    }
  }

  /** Ends it. */
  close(): void {
    this.#closed = true;
    this.#channels.clear();
    this.#leaving.clear();
    // A socket that could not be opened needs no closing; who waited for it was told why.
    this.#socket?.then(
      (socket) => this.#store.discard(socket),
      () => undefined,
    );
  }

  /** A channel that was about to be left. */
  #return(taskId: string): Channel | undefined {
    const channel = this.#leaving.get(taskId);
    if (channel === undefined) return undefined;
    this.#leaving.delete(taskId);
    this.#channels.set(taskId, channel);
    return channel;
  }

  async #subscribe(taskIds: readonly string[]): Promise<void> {
    try {
      const socket = await this.#connected();
      await socket.call("SUBSCRIBE", ...taskIds.map((taskId) => this.#keys.task(taskId)));
    } catch (error) {
      for (const taskId of taskIds) this.#channels.delete(taskId);
      throw error;
    }
  }

  #leave(): void {
    const channels = Array.from(this.#leaving.keys(), (taskId) => this.#keys.task(taskId));
    this.#leaving.clear();
    if (channels.length === 0 || this.#closed) return;
    // Where the socket is lost there is nothing to leave, and its loss is told to all who use it.
    this.#socket?.then((socket) => socket.call("UNSUBSCRIBE", ...channels)).catch(() => undefined);
  }

  #connected(): Promise<RedisConnection> {
    if (this.#socket !== undefined) return this.#socket;
    const socket = this.#store.dedicated().then((connection) => {
      connection.onMessage((name, message) => this.#tell(name, message));
      return connection;
    });
    this.#socket = socket;
    socket.catch(() => {
      if (this.#socket === socket) this.#socket = undefined; // Who waits for it is told why; the next one tries again.
    });
    return socket;
  }

  #tell(name: string, message: string): void {
    const taskId = this.#keys.taskOf(name);
    const channel = taskId === undefined ? undefined : this.#channels.get(taskId);
    if (taskId === undefined || channel === undefined) return;
    channel.told++;
    if (message.includes(REPLACEMENT)) void this.#read(taskId, name, channel);
    else deliver(channel, taskId, message);
  }

  async #read(taskId: string, key: string, channel: Channel): Promise<void> {
    const { told } = channel;
    try {
      const document = await this.#store.connection.callBuffer("GET", key);
      if (Buffer.isBuffer(document) && channel.told === told && this.#channels.get(taskId) === channel) deliver(channel, taskId, document);
    } catch (error) {
      // Without the key nobody would hear of this document: what cannot be read ends the connection, and all is read anew.
      if (error instanceof RedisFailure) this.#store.lose(error);
      else throw error;
    }
  }
}

/** Who is told may stop listening, or stop another: a Set does not visit what was deleted. */
function deliver(channel: Channel, taskId: string, document: Document): void {
  for (const listener of channel.listeners) listener(taskId, document);
}
