// Documents on their way to the store. What is added in one turn goes as one call; what failed and may pass is put back in its old place
// and goes again with all that came after it, so that the order of one task's states is kept.
import { BackendError, CeleriacError } from "../errors/celeriac-error.ts";
import type { BackendLink } from "./backend-link.ts";
import type { StoreEntry } from "./contract.ts";

interface Item {
  readonly entry: StoreEntry;
  readonly sequence: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Stores documents in batches, in order. */
export class StoreQueue {
  readonly #link: BackendLink;
  readonly #inFlight = new Set<Promise<void>>();
  #pending: Item[] = [];
  #sequence = 0;
  #scheduled = false;
  /** Set while a pause before the next try goes on. */
  #pausing: Promise<void> | undefined;
  /** Tries in a row that failed. */
  #attempt = 0;
  /** No more tries: it is being closed. */
  #draining = false;

  constructor(link: BackendLink) {
    this.#link = link;
  }

  /** Resolves when the document can be read. */
  add(entry: StoreEntry): Promise<void> {
    this.#schedule();
    return new Promise((resolve, reject) => {
      this.#pending.push({ entry, sequence: this.#sequence++, resolve, reject });
    });
  }

  /** Resolves when all of the documents can be read; rejects with the first failure when all are through. */
  addMany(entries: readonly StoreEntry[]): Promise<void> {
    if (entries.length === 0) return Promise.resolve();
    this.#schedule();
    return new Promise((resolve, reject) => {
      let left = entries.length;
      let failure: { readonly error: unknown } | undefined;
      const settle = (): void => {
        if (--left > 0) return;
        if (failure) reject(failure.error);
        else resolve();
      };
      const fail = (error: unknown): void => {
        failure ??= { error };
        settle();
      };
      for (const entry of entries) this.#pending.push({ entry, sequence: this.#sequence++, resolve: settle, reject: fail });
    });
  }

  /** For closing: sends what waits, at once and for the last time, and resolves when all that was added is stored or has failed. */
  async drain(): Promise<void> {
    this.#draining = true;
    do {
      this.#flush();
      await Promise.all(this.#inFlight);
    } while (this.#inFlight.size > 0 || this.#pending.length > 0);
  }

  #schedule(): void {
    if (this.#scheduled || this.#pausing) return;
    this.#scheduled = true;
    queueMicrotask(this.#flush);
  }

  readonly #flush = (): void => {
    this.#scheduled = false;
    if (this.#pending.length === 0) return;
    const items = this.#pending;
    this.#pending = [];
    const sent: Promise<void> = this.#send(items).finally(() => this.#inFlight.delete(sent));
    this.#inFlight.add(sent);
  };

  async #send(items: readonly Item[]): Promise<void> {
    try {
      await this.#link.once("store", items.length, (connection) => connection.store(items.map((item) => item.entry)));
    } catch (error) {
      await this.#failed(items, error);
      return;
    }
    this.#attempt = 0;
    for (const item of items) item.resolve();
  }

  async #failed(items: readonly Item[], error: unknown): Promise<void> {
    if (!this.#draining && this.#link.mayRetry(error, this.#attempt, true)) {
      this.#link.logger.warn(
        { err: error, url: this.#link.shownUrl, count: items.length },
        "the result backend failed to store; trying again",
      );
      this.#pending = [...items, ...this.#pending].sort((a, b) => a.sequence - b.sequence);
      this.#pausing ??= this.#pause();
      return;
    }
    const ofNone = items.length === 1 || this.#link.closed || (error instanceof CeleriacError && error.retryable);
    if (ofNone) for (const item of items) item.reject(storeFailed(item.entry, error));
    // One document that the store does not take must not cost the others.
    else for (const item of items) await this.#send([item]);
  }

  async #pause(): Promise<void> {
    await this.#link.pause(this.#attempt++);
    this.#pausing = undefined;
    this.#flush();
  }
}

function storeFailed(entry: StoreEntry, error: unknown): Error {
  const reason = error instanceof Error ? error.message : String(error);
  return new BackendError("CELERIAC_BACKEND_STORE_FAILED", { taskId: entry.taskId, state: entry.status, reason }, { cause: error });
}
