import type { BackendConnection, ChordProgress, Document, StoreEntry, Watch } from "../../backend/contract.ts";
import type { Broker } from "../../broker/broker.ts";
import type { Publication } from "../../broker/contract.ts";
import { BackendError } from "../../errors/celeriac-error.ts";
import type { ReplyCodec } from "./reply-codec.ts";
import type { ReplyInbox } from "./reply-inbox.ts";
import type { DocumentListener, ReplyStore } from "./reply-store.ts";

/** What the connections of one driver share. */
export interface RpcParts {
  readonly broker: Broker;
  readonly codec: ReplyCodec;
  readonly store: ReplyStore;
  readonly inbox: ReplyInbox;
}

/** One user of the results that come as messages. */
export class RpcBackendConnection implements BackendConnection {
  readonly #parts: RpcParts;
  readonly #release: () => Promise<void>;
  readonly #watches = new Set<Watch>();
  /** What was begun before the end is done before it. */
  readonly #running = new Set<Promise<unknown>>();
  #lost: Error | undefined;
  #closed: Promise<void> | undefined;

  constructor(parts: RpcParts, release: () => Promise<void>) {
    this.#parts = parts;
    this.#release = release;
  }

  /** Ends it as a loss: no more results arrive. */
  lose(error: Error): void {
    this.#lost ??= error;
    for (const watch of this.#watches) watch.close();
  }

  /** Sends results to those who wait for them. A task whose sender does not say where he waits has no one to send to. */
  store(entries: readonly StoreEntry[]): Promise<void> {
    return this.#do("store", async () => {
      const { broker, codec } = this.#parts;
      const publications: Publication[] = [];
      for (const entry of entries) {
        if (entry.replyTo !== undefined && entry.replyTo !== "")
          publications.push({ exchange: "", routingKey: entry.replyTo, message: codec.messageOf(entry) });
      }
      if (publications.length > 0) await broker.publishMany(publications);
    });
  }

  get(taskIds: readonly string[]): Promise<ReadonlyMap<string, Document>> {
    return this.#do("get", async () => {
      await this.#parts.inbox.arrived();
      return this.#parts.store.get(taskIds);
    });
  }

  forget(taskIds: readonly string[]): Promise<void> {
    return this.#do("forget", async () => {
      await this.#parts.inbox.arrived();
      this.#parts.store.forget(taskIds);
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
    return this.#do("saveGroup", async () => this.#parts.store.saveGroup(groupId, document, expiresMs));
  }

  getGroup(groupId: string): Promise<Document | undefined> {
    return this.#do("getGroup", async () => this.#parts.store.getGroup(groupId));
  }

  deleteGroup(groupId: string): Promise<void> {
    return this.#do("deleteGroup", async () => this.#parts.store.deleteGroup(groupId));
  }

  setChordSize(): Promise<void> {
    return this.#do("setChordSize", () => Promise.reject(noChords("starting a chord")));
  }

  addChordPart(): Promise<ChordProgress> {
    return this.#do("addChordPart", () => Promise.reject(noChords("counting a chord's member")));
  }

  chordParts(): Promise<never> {
    return this.#do("chordParts", () => Promise.reject(noChords("reading a chord")));
  }

  forgetChord(): Promise<void> {
    return this.#do("forgetChord", () => Promise.reject(noChords("forgetting a chord")));
  }

  cleanup(): Promise<number> {
    return this.#do("cleanup", async () => this.#parts.store.cleanup());
  }

  close(): Promise<void> {
    return (this.#closed ??= this.#close());
  }

  async #close(): Promise<void> {
    await Promise.allSettled(this.#running);
    for (const watch of this.#watches) watch.close();
    await this.#release();
  }

  #newWatch(onDocument: DocumentListener): Watch {
    const { store, inbox } = this.#parts;
    const watched = new Set<string>();
    // A function of its own, so that two watches with the same callback do not remove each other.
    const listener: DocumentListener = (taskId, document) => onDocument(taskId, document);
    let ended = false;
    const watch: Watch = {
      add: async (taskIds) => {
        if (ended) throw new BackendError("CELERIAC_BACKEND_CLOSED", { operation: "Watch.add" });
        for (const taskId of taskIds) {
          watched.add(taskId);
          store.listen(taskId, listener);
        }
        await inbox.ready();
      },
      remove: (taskIds) => {
        for (const taskId of taskIds) if (watched.delete(taskId)) store.unlisten(taskId, listener);
      },
      close: () => {
        ended = true;
        this.#watches.delete(watch);
        watch.remove([...watched]);
      },
    };
    this.#watches.add(watch);
    return watch;
  }

  async #do<T>(operation: string, run: () => Promise<T>): Promise<T> {
    if (this.#lost !== undefined) throw this.#lost;
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

function noChords(operation: string): BackendError {
  return new BackendError("CELERIAC_BACKEND_UNSUPPORTED", {
    backend: "rpc",
    operation,
    ability: "count the members of a chord",
    instead: "set the setting resultBackend to one that can, such as sqlite:// or redis://",
  });
}
