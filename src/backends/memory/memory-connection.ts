import type { BackendConnection, ChordPart, ChordProgress, Document, StoreEntry, Watch } from "../../backend/contract.ts";
import { BackendError } from "../../errors/celeriac-error.ts";
import type { Clock } from "../../util/clock.ts";
import type { MemoryStore } from "./memory-store.ts";

/** One user of a {@link MemoryStore}. */
export class MemoryConnection implements BackendConnection {
  readonly #store: MemoryStore;
  readonly #clock: Clock;
  readonly #onClose: () => void;
  readonly #watches = new Set<Watch>();
  #closed = false;

  constructor(store: MemoryStore, clock: Clock, onClose: () => void) {
    this.#store = store;
    this.#clock = clock;
    this.#onClose = onClose;
  }

  async store(entries: readonly StoreEntry[]): Promise<void> {
    this.#open("store").store(entries, this.#clock);
  }

  async get(taskIds: readonly string[]): Promise<ReadonlyMap<string, Document>> {
    return this.#open("get").get(taskIds, this.#clock);
  }

  async forget(taskIds: readonly string[]): Promise<void> {
    this.#open("forget").forget(taskIds);
  }

  async watch(taskIds: readonly string[], onDocument: (taskId: string, document: Document) => void): Promise<Watch> {
    const store = this.#open("watch");
    const watched = new Set<string>();
    // A function of its own, so that two watches with the same callback do not remove each other.
    const listener = (taskId: string, document: Document): void => onDocument(taskId, document);
    let ended = false;
    const watch: Watch = {
      add: async (ids) => {
        if (ended) throw new BackendError("CELERIAC_BACKEND_CLOSED", { operation: "Watch.add" });
        for (const id of ids) {
          watched.add(id);
          store.listen(id, listener);
        }
      },
      remove: (ids) => {
        for (const id of ids) if (watched.delete(id)) store.unlisten(id, listener);
      },
      close: () => {
        ended = true;
        watch.remove([...watched]);
        this.#watches.delete(watch);
      },
    };
    this.#watches.add(watch);
    await watch.add(taskIds);
    return watch;
  }

  async saveGroup(groupId: string, document: Document, expiresMs: number | null): Promise<void> {
    this.#open("saveGroup").saveGroup(groupId, document, expiresMs, this.#clock);
  }

  async getGroup(groupId: string): Promise<Document | undefined> {
    return this.#open("getGroup").getGroup(groupId, this.#clock);
  }

  async deleteGroup(groupId: string): Promise<void> {
    this.#open("deleteGroup").deleteGroup(groupId);
  }

  async setChordSize(groupId: string, size: number, expiresMs: number | null): Promise<void> {
    this.#open("setChordSize").setChordSize(groupId, size, expiresMs, this.#clock);
  }

  async addChordPart(part: ChordPart, expiresMs: number | null): Promise<ChordProgress> {
    return this.#open("addChordPart").addChordPart(part, expiresMs, this.#clock);
  }

  async chordParts(groupId: string): Promise<readonly ChordPart[]> {
    return this.#open("chordParts").chordParts(groupId, this.#clock);
  }

  async forgetChord(groupId: string): Promise<void> {
    this.#open("forgetChord").forgetChord(groupId);
  }

  async cleanup(): Promise<number> {
    return this.#open("cleanup").cleanup(this.#clock);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const watch of this.#watches) watch.close();
    this.#onClose();
  }

  #open(operation: string): MemoryStore {
    if (this.#closed) throw new BackendError("CELERIAC_BACKEND_CLOSED", { operation });
    return this.#store;
  }
}
