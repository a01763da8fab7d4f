// The results that have arrived in this process: the newest of each task, for as long as results are kept, and who is told of them.
import type { Document } from "../../backend/contract.ts";
import { states } from "../../protocol/states.ts";
import type { Clock } from "../../util/clock.ts";
import type { Reply, ReplyCodec } from "./reply-codec.ts";

/** Told of each document. Must not throw. */
export type DocumentListener = (taskId: string, document: Document) => void;

interface Kept extends Pick<Reply, "document" | "status"> {
  /** Milliseconds since 1970; Infinity keeps it for ever. */
  readonly expiresAt: number;
}

/** A program that never looks at its results must not fill the memory with them: the oldest go. */
const MOST = 100_000;

/** Results by task. */
export class ReplyStore {
  readonly #codec: ReplyCodec;
  readonly #clock: Clock;
  readonly #usualExpiresMs: number | null;
  /** The longest unchanged comes first. */
  readonly #tasks = new Map<string, Kept>();
  readonly #groups = new Map<string, Kept>();
  readonly #listeners = new Map<string, Set<DocumentListener>>();

  constructor(codec: ReplyCodec, clock: Clock, usualExpiresMs: number | null) {
    this.#codec = codec;
    this.#clock = clock;
    this.#usualExpiresMs = usualExpiresMs;
  }

  /** Keeps a result, unless the task has succeeded before. */
  add(reply: Reply): void {
    const { taskId, document, status, expiresMs } = reply;
    const before = this.#live(this.#tasks, taskId);
    if (before !== undefined && this.#codec.statusOf(before) === states.SUCCESS) return;
    this.#tasks.delete(taskId);
    this.#tasks.set(taskId, { document, status, expiresAt: this.#expiryOf(expiresMs ?? this.#usualExpiresMs) });
    this.#dropOld();
    // Who is told may stop listening, or stop another: a Set does not visit what was deleted.
    for (const listener of this.#listeners.get(taskId) ?? []) listener(taskId, document);
  }

  /** The documents of those of these tasks that have one. */
  get(taskIds: readonly string[]): Map<string, Document> {
    const found = new Map<string, Document>();
    for (const taskId of taskIds) {
      const kept = this.#live(this.#tasks, taskId);
      if (kept !== undefined) found.set(taskId, kept.document);
    }
    return found;
  }

  /** Removes documents. */
  forget(taskIds: readonly string[]): void {
    for (const taskId of taskIds) this.#tasks.delete(taskId);
  }

  /** Tells a listener of this task from now on. */
  listen(taskId: string, listener: DocumentListener): void {
    const listeners = this.#listeners.get(taskId);
    if (listeners) listeners.add(listener);
    else this.#listeners.set(taskId, new Set([listener]));
  }

  /** Tells it no more. */
  unlisten(taskId: string, listener: DocumentListener): void {
    const listeners = this.#listeners.get(taskId);
    if (listeners?.delete(listener) && listeners.size === 0) this.#listeners.delete(taskId);
  }

  /** Keeps a group: its members can be had in this process alone, and so can it. */
  saveGroup(groupId: string, document: Document, expiresMs: number | null): void {
    const own = typeof document === "string" ? document : document.slice();
    this.#groups.set(groupId, { document: own, status: undefined, expiresAt: this.#expiryOf(expiresMs) });
  }

  /** A group's document. */
  getGroup(groupId: string): Document | undefined {
    return this.#live(this.#groups, groupId)?.document;
  }

  /** Removes a group. */
  deleteGroup(groupId: string): void {
    this.#groups.delete(groupId);
  }

  /** Removes all that has expired; gives how many documents that were. */
  cleanup(): number {
    const now = this.#clock.now();
    let removed = 0;
    for (const kept of [this.#tasks, this.#groups])
      for (const [id, { expiresAt }] of kept) if (expiresAt <= now && kept.delete(id)) removed++;
    return removed;
  }

  #live(all: Map<string, Kept>, id: string): Kept | undefined {
    const kept = all.get(id);
    if (kept === undefined || kept.expiresAt > this.#clock.now()) return kept;
    all.delete(id);
    return undefined;
  }

  #dropOld(): void {
    const now = this.#clock.now();
    for (const [id, { expiresAt }] of this.#tasks) {
      if (this.#tasks.size <= MOST && expiresAt > now) return;
      this.#tasks.delete(id);
    }
  }

  #expiryOf(expiresMs: number | null): number {
    return expiresMs === null ? Number.POSITIVE_INFINITY : this.#clock.now() + expiresMs;
  }
}
