import type { BackendConnection, ChordPart, ChordProgress, Document, StoreEntry, Watch } from "../../backend/contract.ts";
import { BackendError } from "../../errors/celeriac-error.ts";
import type { RedisLease } from "../../stores/redis/acquire-redis.ts";
import type { RedisCommand } from "../../stores/redis/redis-connection.ts";
import { RedisFailure } from "../../stores/redis/redis-failure.ts";
import { ChordCounter } from "./chord-counter.ts";
import type { RedisBackendOptions } from "./redis-backend-options.ts";
import { type ResultKeys, resultKeys } from "./result-keys.ts";
import { type DocumentListener, ResultSubscriber } from "./result-subscriber.ts";
import { ResultWriter } from "./result-writer.ts";

/** Redis serves nobody else while it answers one command. */
const KEYS_AT_ONCE = 1000;

/** One user of a Redis' results. */
export class RedisBackendConnection implements BackendConnection {
  readonly #lease: RedisLease;
  readonly #keys: ResultKeys;
  readonly #writer: ResultWriter;
  readonly #chords: ChordCounter;
  readonly #subscriber: ResultSubscriber;
  readonly #watches = new Set<Watch>();
  /** What was begun before the end is done before it. */
  readonly #running = new Set<Promise<unknown>>();
  readonly #stopListening: () => void;
  #closed: Promise<void> | undefined;

  constructor(lease: RedisLease, options: RedisBackendOptions, onLost: ((error: Error) => void) | undefined) {
    this.#lease = lease;
    this.#keys = resultKeys(options.globalKeyPrefix);
    const { connection } = lease.store;
    this.#writer = new ResultWriter(connection, this.#keys);
    this.#chords = new ChordCounter(connection, this.#keys, options.chordOrdered);
    this.#subscriber = new ResultSubscriber(lease.store, this.#keys);
    this.#stopListening = lease.store.onLost((error) => {
      this.#end();
      onLost?.(error);
    });
  }

  store(entries: readonly StoreEntry[]): Promise<void> {
    return this.#do("store", () => this.#writer.store(entries));
  }

  get(taskIds: readonly string[]): Promise<ReadonlyMap<string, Document>> {
    return this.#do("get", async () => {
      const found = new Map<string, Document>();
      const replies = await this.#send(taskIds, (keys) => ["MGET", ...keys]);
      for (const [part, reply] of replies.entries()) {
        for (const [i, document] of reply.entries()) {
          const taskId = taskIds[part * KEYS_AT_ONCE + i];
          if (Buffer.isBuffer(document) && taskId !== undefined) found.set(taskId, document);
        }
      }
      return found;
    });
  }

  forget(taskIds: readonly string[]): Promise<void> {
    return this.#do("forget", async () => {
      await this.#send(taskIds, (keys) => ["DEL", ...keys, ...keys.map((key) => `${key}.state`)]);
    });
  }

  watch(taskIds: readonly string[], onDocument: DocumentListener): Promise<Watch> {
    return this.#do("watch", async () => {
      const watch = this.#newWatch(onDocument);
      try {
        await watch.add(taskIds);
      } catch (error) {
        watch.close();
        throw error;
      }
      return watch;
    });
  }

  saveGroup(groupId: string, document: Document, expiresMs: number | null): Promise<void> {
    const key = this.#keys.group(groupId);
    return this.#do("saveGroup", async () => {
      const owned = typeof document === "string" ? document : Buffer.from(document);
      await this.#lease.store.connection.transaction([keepCommand(key, owned, expiresMs), ["PUBLISH", key, owned]]);
    });
  }

  getGroup(groupId: string): Promise<Document | undefined> {
    return this.#do("getGroup", async () => {
      const document = await this.#lease.store.connection.callBuffer("GET", this.#keys.group(groupId));
      return Buffer.isBuffer(document) ? document : undefined;
    });
  }

  deleteGroup(groupId: string): Promise<void> {
    return this.#do("deleteGroup", async () => {
      await this.#lease.store.connection.call("DEL", this.#keys.group(groupId));
    });
  }

  setChordSize(groupId: string, size: number, expiresMs: number | null): Promise<void> {
    return this.#do("setChordSize", () => this.#chords.setSize(groupId, size, expiresMs));
  }

  addChordPart(part: ChordPart, expiresMs: number | null): Promise<ChordProgress> {
    return this.#do("addChordPart", () => this.#chords.add(part, expiresMs));
  }

  chordParts(groupId: string): Promise<readonly ChordPart[]> {
    return this.#do("chordParts", () => this.#chords.parts(groupId));
  }

  forgetChord(groupId: string): Promise<void> {
    return this.#do("forgetChord", () => this.#chords.forget(groupId));
  }

  /** Redis removes what has expired by itself. */
  cleanup(): Promise<number> {
    return this.#do("cleanup", () => Promise.resolve(0));
  }

  close(): Promise<void> {
    return (this.#closed ??= this.#close());
  }

  async #close(): Promise<void> {
    this.#stopListening();
    await Promise.allSettled(this.#running);
    this.#end();
  }

  #end(): void {
    for (const watch of this.#watches) watch.close();
    this.#subscriber.close();
    this.#lease.release();
  }

  #newWatch(onDocument: DocumentListener): Watch {
    const watched = new Set<string>();
    // A function of its own, so that two watches with the same callback do not remove each other.
    const listener: DocumentListener = (taskId, document) => onDocument(taskId, document);
    let ended = false;
    const watch: Watch = {
      add: async (taskIds) => {
        if (ended) throw new BackendError("CELERIAC_BACKEND_CLOSED", { operation: "Watch.add" });
        for (const taskId of taskIds) watched.add(taskId);
        await this.#subscriber.listen(taskIds, listener);
      },
      remove: (taskIds) =>
        this.#subscriber.unlisten(
          taskIds.filter((taskId) => watched.delete(taskId)),
          listener,
        ),
      close: () => {
        ended = true;
        this.#watches.delete(watch);
        watch.remove([...watched]);
      },
    };
    this.#watches.add(watch);
    return watch;
  }

  /** Sends a command for each thousand of the tasks' keys, in one write; gives the replies that are lists. */
  async #send(taskIds: readonly string[], command: (keys: readonly string[]) => RedisCommand): Promise<readonly (readonly unknown[])[]> {
    const commands: RedisCommand[] = [];
    for (let from = 0; from < taskIds.length; from += KEYS_AT_ONCE)
      commands.push(command(taskIds.slice(from, from + KEYS_AT_ONCE).map((taskId) => this.#keys.task(taskId))));
    const replies = await this.#lease.store.connection.send(commands, { buffers: true });
    return replies.map((reply) => {
      if (reply instanceof RedisFailure) throw reply;
      return Array.isArray(reply) ? reply : [];
    });
  }

  async #do<T>(operation: string, run: () => Promise<T>): Promise<T> {
    const { lost } = this.#lease.store;
    if (lost !== undefined) throw lost;
    if (this.#closed !== undefined) throw new BackendError("CELERIAC_BACKEND_CLOSED", { operation });
    const running = run();
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }
}

function keepCommand(key: string, document: Document, expiresMs: number | null): RedisCommand {
  if (expiresMs === null) return ["SET", key, document];
  const milliseconds = Math.max(1, Math.ceil(expiresMs));
  return milliseconds % 1000 === 0 ? ["SETEX", key, milliseconds / 1000, document] : ["PSETEX", key, milliseconds, document];
}
