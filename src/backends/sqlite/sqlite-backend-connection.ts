import type { BackendConnection, ChordPart, ChordProgress, Document, StoreEntry, Watch } from "../../backend/contract.ts";
import { BackendError } from "../../errors/celeriac-error.ts";
import type { DocumentListener } from "./document-watchers.ts";
import { expiryOf } from "./result-table.ts";
import type { SqliteResultHub } from "./sqlite-result-hub.ts";

/** One user of a database's results. */
export class SqliteBackendConnection implements BackendConnection {
  readonly #hub: SqliteResultHub;
  readonly #release: () => Promise<void>;
  readonly #stopListening: () => void;
  readonly #watches = new Set<Watch>();
  /** What was begun before the end is done before it. */
  readonly #running = new Set<Promise<unknown>>();
  #closed: Promise<void> | undefined;

  constructor(hub: SqliteResultHub, onLost: ((error: Error) => void) | undefined, release: () => Promise<void>) {
    this.#hub = hub;
    this.#release = release;
    this.#stopListening = hub.store.onLost((error) => {
      onLost?.(error);
      // Nobody closes a connection that was lost, and the file would stay open.
      this.close().catch((failure: unknown) => {
        process.emitWarning(`the lost database ${hub.store.path} could not be closed: ${String(failure)}`, "CeleriacWarning");
      });
    });
  }

  store(entries: readonly StoreEntry[]): Promise<void> {
    return this.#do("store", async () => {
      // Bytes belong to the caller, who may use the buffer again before the transaction.
      const owned = entries.map((entry) => (typeof entry.document === "string" ? entry : { ...entry, document: entry.document.slice() }));
      const { first, stored } = await this.#hub.store.write(() => this.#hub.results.put(owned, this.#now()), owned.length);
      this.#hub.watchers.tellStored(owned, stored, first);
    });
  }

  get(taskIds: readonly string[]): Promise<ReadonlyMap<string, Document>> {
    return this.#do("get", () => this.#hub.store.read(() => this.#hub.results.get(taskIds, this.#now())));
  }

  forget(taskIds: readonly string[]): Promise<void> {
    return this.#do("forget", () => this.#hub.store.write(() => this.#hub.results.forget(taskIds), taskIds.length));
  }

  watch(taskIds: readonly string[], onDocument: DocumentListener): Promise<Watch> {
    return this.#do("watch", async () => {
      const inner = await this.#hub.watchers.watch(taskIds, onDocument);
      const watch: Watch = {
        add: (ids) => inner.add(ids),
        remove: (ids) => inner.remove(ids),
        close: () => {
          this.#watches.delete(watch);
          inner.close();
        },
      };
      this.#watches.add(watch);
      return watch;
    });
  }

  saveGroup(groupId: string, document: Document, expiresMs: number | null): Promise<void> {
    const owned = typeof document === "string" ? document : document.slice();
    return this.#do("saveGroup", () =>
      this.#hub.store.write(() => {
        this.#hub.store
          .prepare("INSERT OR REPLACE INTO result_groups (group_id, expires, document) VALUES (?, ?, ?)")
          .run(groupId, expiryOf(this.#now(), expiresMs), owned);
      }),
    );
  }

  getGroup(groupId: string): Promise<Document | undefined> {
    return this.#do("getGroup", () =>
      this.#hub.store.read(() => {
        const sql = "SELECT document FROM result_groups WHERE group_id = ? AND (expires IS NULL OR expires > ?)";
        return (this.#hub.store.prepare(sql).get(groupId, this.#now()) as unknown as [Document] | undefined)?.[0];
      }),
    );
  }

  deleteGroup(groupId: string): Promise<void> {
    return this.#do("deleteGroup", () =>
      this.#hub.store.write(() => void this.#hub.store.prepare("DELETE FROM result_groups WHERE group_id = ?").run(groupId)),
    );
  }

  setChordSize(groupId: string, size: number, expiresMs: number | null): Promise<void> {
    return this.#do("setChordSize", () => this.#hub.store.write(() => this.#hub.chords.setSize(groupId, size, expiresMs, this.#now())));
  }

  addChordPart(part: ChordPart, expiresMs: number | null): Promise<ChordProgress> {
    const owned = typeof part.result === "string" ? part : { ...part, result: part.result.slice() };
    return this.#do("addChordPart", () => this.#hub.store.write(() => this.#hub.chords.addPart(owned, expiresMs, this.#now())));
  }

  chordParts(groupId: string): Promise<readonly ChordPart[]> {
    return this.#do("chordParts", () => this.#hub.store.read(() => this.#hub.chords.parts(groupId, this.#now())));
  }

  forgetChord(groupId: string): Promise<void> {
    return this.#do("forgetChord", () => this.#hub.store.write(() => this.#hub.chords.forget(groupId)));
  }

  cleanup(): Promise<number> {
    return this.#do("cleanup", () => this.#hub.sweeper.runOnce());
  }

  close(): Promise<void> {
    return (this.#closed ??= this.#close());
  }

  async #close(): Promise<void> {
    this.#stopListening();
    for (const watch of this.#watches) watch.close();
    try {
      await Promise.allSettled(this.#running);
    } finally {
      for (const watch of this.#watches) watch.close();
      await this.#release();
    }
  }

  #now(): number {
    return this.#hub.store.clock.now();
  }

  async #do<T>(operation: string, run: () => Promise<T>): Promise<T> {
    if (this.#hub.store.lost !== undefined) throw this.#hub.store.lost;
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
