// Who waits for which task's document, in this process. A document that is stored here is told at once; what other processes store is
// found after their wake-up by one question for all tasks that are watched.
import type { Document, StoreEntry, Watch } from "../../backend/contract.ts";
import { BackendError, CeleriacError } from "../../errors/celeriac-error.ts";
import type { SqliteStore } from "../../stores/sqlite/sqlite-store.ts";
import type { ResultTable } from "./result-table.ts";

/** Rows that are looked at before others get their turn. */
const ROWS_AT_ONCE = 1000;

/** Told of a document. */
export type DocumentListener = (taskId: string, document: Document) => void;

/** The watchers of one database in this process. */
export class DocumentWatchers {
  readonly #store: SqliteStore;
  readonly #results: ResultTable;
  readonly #listeners = new Map<string, Set<DocumentListener>>();
  #lastSeq = 0;
  #looking = false;
  #lookAgain = false;
  #stop: (() => void) | undefined;

  constructor(store: SqliteStore, results: ResultTable) {
    this.#store = store;
    this.#results = results;
  }

  /** Watches these tasks from when the promise resolves. */
  async watch(taskIds: readonly string[], onDocument: DocumentListener): Promise<Watch> {
    // A function of its own, so that two watches with the same callback do not remove each other.
    const listener: DocumentListener = (taskId, document) => onDocument(taskId, document);
    const watched = new Set<string>();
    let letDie: (() => void) | undefined;
    let ended = false;
    const watch: Watch = {
      add: async (ids) => {
        if (ended) throw new BackendError("CELERIAC_BACKEND_CLOSED", { operation: "Watch.add" });
        if (ids.length === 0) return;
        await this.#start();
        if (ended) return;
        for (const id of ids) {
          watched.add(id);
          this.#listen(id, listener);
        }
        letDie ??= this.#store.monitor.keepAlive();
      },
      remove: (ids) => {
        for (const id of ids) if (watched.delete(id)) this.#unlisten(id, listener);
        if (watched.size > 0) return;
        letDie?.();
        letDie = undefined;
      },
      close: () => {
        ended = true;
        watch.remove([...watched]);
      },
    };
    await watch.add(taskIds);
    return watch;
  }

  /** Tells of what this process has just stored. */
  tellStored(entries: readonly StoreEntry[], stored: readonly boolean[], first: number): void {
    if (this.#listeners.size === 0) return;
    // Nothing came in between: what we wrote need not be found once more.
    if (this.#lastSeq === first - 1) this.#lastSeq = first + entries.length - 1;
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i];
      if (entry !== undefined && stored[i] === true) this.#tell(entry.taskId, entry.document);
    }
  }

  /** Ends it. */
  close(): void {
    this.#listeners.clear();
    this.#stop?.();
    this.#stop = undefined;
  }

  async #start(): Promise<void> {
    if (this.#stop !== undefined) return;
    const last = await this.#store.read(() => this.#results.lastSeq());
    if (this.#stop !== undefined) return;
    this.#lastSeq = last;
    this.#stop = this.#store.monitor.listen({ onChange: () => this.#look() });
  }

  #listen(taskId: string, listener: DocumentListener): void {
    const listeners = this.#listeners.get(taskId);
    if (listeners) listeners.add(listener);
    else this.#listeners.set(taskId, new Set([listener]));
  }

  #unlisten(taskId: string, listener: DocumentListener): void {
    const listeners = this.#listeners.get(taskId);
    if (!listeners?.delete(listener) || listeners.size > 0) return;
    this.#listeners.delete(taskId);
    if (this.#listeners.size > 0) return;
    this.#stop?.();
    this.#stop = undefined;
  }

  #tell(taskId: string, document: Document): void {
    // Who is told may stop listening, which iterating a Set allows; starting to listen takes a turn of its own.
    for (const listener of this.#listeners.get(taskId) ?? []) listener(taskId, document);
  }

  #look(): void {
    if (this.#looking) {
      this.#lookAgain = true;
      return;
    }
    this.#looking = true;
    this.#store
      .read(() => this.#readNewer())
      .then((found) => {
        for (const [taskId, document] of found) this.#tell(taskId, document);
      })
      .catch((error: unknown) => {
        // The next wake-up, or the next half second, tries again from the same number.
        const reason = error instanceof CeleriacError ? error.message : String(error);
        process.emitWarning(`results could not be looked for: ${reason}`, "CeleriacWarning");
      })
      .finally(() => {
        this.#looking = false;
        if (!this.#lookAgain) return;
        this.#lookAgain = false;
        this.#look();
      });
  }

  #readNewer(): (readonly [string, Document])[] {
    const found: (readonly [string, Document])[] = [];
    const rows = this.#results.newerThan(this.#lastSeq, ROWS_AT_ONCE);
    for (const [seq, taskId] of rows) {
      if (!this.#listeners.has(taskId)) continue;
      const document = this.#results.documentAt(seq);
      if (document !== undefined) found.push([taskId, document]);
    }
    this.#lastSeq = rows[rows.length - 1]?.[0] ?? this.#lastSeq;
    this.#lookAgain ||= rows.length === ROWS_AT_ONCE;
    return found;
  }
}
