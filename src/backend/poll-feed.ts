// Documents by asking for them. All tasks waited for are asked for together; the pause grows while nothing happens, and is short again when
// something does. Asking never takes more than half of the time.
import { CeleriacError } from "../errors/celeriac-error.ts";
import type { Timer } from "../util/clock.ts";
import type { BackendConnection } from "./contract.ts";
import { type DocumentFeed, type DocumentFeedParams, READ_AT_ONCE } from "./document-feed.ts";

/** Pauses of a {@link PollFeed}, in milliseconds. */
export interface PollPauses {
  /** The first one, and after something happened. @default 5 */
  readonly minMs?: number;
  /** The longest. @default 500 */
  readonly maxMs?: number;
}

const GROWTH = 1.5;

/** A feed for drivers without the capability `push`. */
export class PollFeed implements DocumentFeed {
  readonly #params: DocumentFeedParams;
  readonly #minMs: number;
  readonly #maxMs: number;
  readonly #wanted = new Set<string>();
  #fresh: string[] = [];
  #scheduled = false;
  #pauseMs: number;
  #timer: Timer | undefined;
  #dueAt = Number.POSITIVE_INFINITY;
  #polling = false;
  #failing = false;
  #closed = false;

  constructor(params: DocumentFeedParams, pauses: PollPauses = {}) {
    this.#params = params;
    this.#minMs = pauses.minMs ?? 5;
    this.#maxMs = pauses.maxMs ?? 500;
    this.#pauseMs = this.#minMs;
  }

  add(taskIds: readonly string[]): void {
    for (const id of taskIds) {
      this.#wanted.add(id);
      this.#fresh.push(id);
    }
    if (!this.#scheduled) {
      this.#scheduled = true;
      queueMicrotask(() => void this.#readFresh());
    }
  }

  remove(taskIds: readonly string[]): void {
    for (const id of taskIds) this.#wanted.delete(id);
    if (this.#wanted.size === 0) this.#disarm();
  }

  close(): void {
    this.#closed = true;
    this.#wanted.clear();
    this.#disarm();
  }

  async #readFresh(): Promise<void> {
    this.#scheduled = false;
    const fresh = this.#fresh.filter((id) => this.#wanted.has(id));
    this.#fresh = [];
    if (fresh.length === 0 || this.#closed) return;
    await this.#tryRead(fresh);
    this.#pauseMs = this.#failing ? this.#maxMs : this.#minMs;
    if (!this.#polling) this.#arm();
  }

  async #poll(): Promise<void> {
    this.#timer = undefined;
    this.#dueAt = Number.POSITIVE_INFINITY;
    this.#polling = true;
    const { clock } = this.#params.link;
    const startedAt = clock.monotonic();
    const waiting = this.#wanted.size;
    await this.#tryRead([...this.#wanted]);
    this.#polling = false;
    const something = this.#wanted.size < waiting;
    this.#pauseMs = something ? this.#minMs : Math.min(this.#maxMs, this.#pauseMs * GROWTH);
    this.#pauseMs = Math.max(this.#pauseMs, clock.monotonic() - startedAt);
    this.#arm();
  }

  /** The next poll, unless an earlier one is due. */
  #arm(): void {
    const { clock } = this.#params.link;
    if (this.#wanted.size === 0 || this.#closed) return;
    const dueAt = clock.monotonic() + this.#pauseMs;
    if (this.#timer && this.#dueAt <= dueAt) return;
    this.#disarm();
    this.#dueAt = dueAt;
    this.#timer = clock.setTimer(() => void this.#poll(), this.#pauseMs);
  }

  #disarm(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#dueAt = Number.POSITIVE_INFINITY;
  }

  async #tryRead(ids: readonly string[]): Promise<void> {
    const { link } = this.#params;
    try {
      await this.#read(await link.connect(), ids);
      this.#failing = false;
    } catch (error) {
      const normalised = link.normalise("get", error);
      if (this.#closed) return;
      // Before there ever was a connection the set-up is wrong, and waiting would hide it.
      if (!link.everLive || !(normalised instanceof CeleriacError && normalised.retryable)) {
        this.#params.fail(ids, normalised);
        return;
      }
      if (!this.#failing)
        link.logger.warn({ err: normalised, url: link.shownUrl, waiting: this.#wanted.size }, "results cannot be read; trying again");
      this.#failing = true;
      this.#pauseMs = this.#maxMs;
    }
  }

  async #read(connection: BackendConnection, ids: readonly string[]): Promise<void> {
    for (let from = 0; from < ids.length; from += READ_AT_ONCE) {
      const found = await connection.get(ids.slice(from, from + READ_AT_ONCE));
      for (const [id, document] of found) if (this.#wanted.has(id)) this.#params.deliver(id, document);
    }
  }
}
