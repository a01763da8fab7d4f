// The documents behind one `memory://` URL. Everything happens at once: there is no moment between reading and writing.
import type { ChordPart, ChordProgress, Document, StoreEntry } from "../../backend/contract.ts";
import { states } from "../../protocol/states.ts";
import type { Clock } from "../../util/clock.ts";

interface Stored {
  readonly document: Document;
  readonly status: string;
  /** Milliseconds since 1970; Infinity keeps it for ever. */
  readonly expiresAt: number;
}

interface Chord {
  size: number | null;
  readonly parts: Map<string, ChordPart>;
  expiresAt: number;
}

/** How often, at most, a write looks for expired documents that nobody asks for any more. */
const SWEEP_EVERY_MS = 60_000;

/** Told of each document that was stored. */
export type DocumentListener = (taskId: string, document: Document) => void;

/** What all connections to one name share. */
export class MemoryStore {
  readonly #tasks = new Map<string, Stored>();
  readonly #groups = new Map<string, Stored>();
  readonly #chords = new Map<string, Chord>();
  readonly #listeners = new Map<string, Set<DocumentListener>>();
  #nextSweep = Number.NEGATIVE_INFINITY;

  /** Stores what SUCCESS does not stand against, then tells of it. */
  store(entries: readonly StoreEntry[], clock: Clock): void {
    const now = this.#sweep(clock);
    const told: [string, Document][] = [];
    for (const { taskId, status, document, expiresMs } of entries) {
      const before = this.#tasks.get(taskId);
      if (before?.status === states.SUCCESS && before.expiresAt > now) continue;
      const own = copyOf(document);
      this.#tasks.set(taskId, { document: own, status, expiresAt: expiryOf(now, expiresMs) });
      if (this.#listeners.has(taskId)) told.push([taskId, own]);
    }
    for (const [taskId, document] of told) {
      // Who is told may stop listening, or stop another: a Set does not visit what was deleted.
      for (const listener of this.#listeners.get(taskId) ?? []) listener(taskId, copyOf(document));
    }
  }

  /** The documents of these tasks that have not expired. */
  get(taskIds: readonly string[], clock: Clock): Map<string, Document> {
    const [found, now] = [new Map<string, Document>(), clock.now()];
    for (const taskId of taskIds) {
      const document = readLive(this.#tasks, taskId, now);
      if (document !== undefined) found.set(taskId, document);
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

  /** Keeps a group's document. */
  saveGroup(groupId: string, document: Document, expiresMs: number | null, clock: Clock): void {
    this.#groups.set(groupId, { document: copyOf(document), status: "", expiresAt: expiryOf(clock.now(), expiresMs) });
  }

  /** A group's document, unless it has expired. */
  getGroup(groupId: string, clock: Clock): Document | undefined {
    return readLive(this.#groups, groupId, clock.now());
  }

  /** Removes a group's document. */
  deleteGroup(groupId: string): void {
    this.#groups.delete(groupId);
  }

  /** Sets the size of a chord, unless it is larger already. */
  setChordSize(groupId: string, size: number, expiresMs: number | null, clock: Clock): void {
    const chord = this.#chord(groupId, expiresMs, clock);
    chord.size = Math.max(size, chord.size ?? 0);
  }

  /** Adds a member, in place of one of the same task and index. */
  addChordPart(part: ChordPart, expiresMs: number | null, clock: Clock): ChordProgress {
    const chord = this.#chord(part.groupId, expiresMs, clock);
    chord.parts.set(`${part.groupIndex} ${part.taskId}`, { ...part, result: copyOf(part.result) });
    return { count: chord.parts.size, size: chord.size };
  }

  /** The members in the order of their index; those without one last. */
  chordParts(groupId: string, clock: Clock): readonly ChordPart[] {
    const chord = this.#chords.get(groupId);
    if (!chord || chord.expiresAt <= clock.now()) return [];
    const rank = (part: ChordPart): number => part.groupIndex ?? Number.MAX_VALUE;
    return [...chord.parts.values()].sort((a, b) => rank(a) - rank(b)).map((part) => ({ ...part, result: copyOf(part.result) }));
  }

  /** Removes a chord: its size and its members. */
  forgetChord(groupId: string): void {
    this.#chords.delete(groupId);
  }

  /** Removes all that has expired; gives how many documents, groups and chords that were. */
  cleanup(clock: Clock): number {
    const now = clock.now();
    let removed = 0;
    for (const kept of [this.#tasks, this.#groups, this.#chords]) {
      for (const [id, { expiresAt }] of kept) if (expiresAt <= now && kept.delete(id)) removed++;
    }
    return removed;
  }

  #chord(groupId: string, expiresMs: number | null, clock: Clock): Chord {
    const now = this.#sweep(clock);
    const found = this.#chords.get(groupId);
    const chord = found && found.expiresAt > now ? found : { size: null, parts: new Map<string, ChordPart>(), expiresAt: 0 };
    chord.expiresAt = expiryOf(now, expiresMs);
    this.#chords.set(groupId, chord);
    return chord;
  }

  /** Frees now and then what expired and is never asked for; gives the time. */
  #sweep(clock: Clock): number {
    const now = clock.now();
    if (now >= this.#nextSweep) {
      if (this.#nextSweep > Number.NEGATIVE_INFINITY) this.cleanup(clock);
      this.#nextSweep = now + SWEEP_EVERY_MS;
    }
    return now;
  }
}

function expiryOf(now: number, expiresMs: number | null): number {
  return expiresMs === null ? Number.POSITIVE_INFINITY : now + expiresMs;
}

function readLive(kept: Map<string, Stored>, id: string, now: number): Document | undefined {
  const stored = kept.get(id);
  if (!stored) return undefined;
  if (stored.expiresAt > now) return copyOf(stored.document);
  kept.delete(id);
  return undefined;
}

/** Bytes belong to whoever made them and may change; texts cannot. */
function copyOf(document: Document): Document {
  return typeof document === "string" ? document : document.slice();
}
