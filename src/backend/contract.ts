// The result backend contract. Drivers keep documents: what is in one (state, result, exception, children) and how it is serialised
// is the facade's affair (backend.ts), so that every driver stores what Celery's backends store.
import type { TaskState } from "../protocol/states.ts";

/** What a driver can do. */
export interface BackendCapabilities {
  /** Tells of a stored document at once. Where false, waiting polls. */
  readonly push: boolean;
  /** Counts the members of a chord, each once. Where false, chords are refused. */
  readonly chords: boolean;
  /** Removes expired documents by itself. Where false, `cleanup` must be called. */
  readonly expiry: boolean;
  /** Documents outlive the process that stored them. */
  readonly persistent: boolean;
  /** Other processes see the same documents. */
  readonly shared: boolean;
}

/** A serialised document. */
export type Document = string | Uint8Array;

/** One document to be stored. */
export interface StoreEntry {
  readonly taskId: string;
  /** The state in the document. A stored SUCCESS is never overwritten; any other state is. */
  readonly status: TaskState;
  readonly document: Document;
  /** Removed so many milliseconds after this write; null keeps it for ever. */
  readonly expiresMs: number | null;
  /** Where the sender of the task waits for answers, for drivers that send results instead of keeping them. */
  readonly replyTo?: string | undefined;
}

/** The end of one member of a chord's header. */
export interface ChordPart {
  readonly groupId: string;
  readonly taskId: string;
  /** Position among the members; null where the sender did not say: then it comes last. */
  readonly groupIndex: number | null;
  readonly status: TaskState;
  /** The member's result, serialised. */
  readonly result: Document;
}

/** How far a chord is, read in the same step as a part was added. */
export interface ChordProgress {
  /** How many members have ended. */
  readonly count: number;
  /** How many there are; null while the sender has not said. */
  readonly size: number | null;
}

/** A live connection to a backend. */
export interface BackendConnection {
  /** Stores documents; resolves when they can be read. Calls within one turn of the event loop share one transaction or pipeline. */
  store(entries: readonly StoreEntry[]): Promise<void>;
  /** The documents of those of these tasks that have one. */
  get(taskIds: readonly string[]): Promise<ReadonlyMap<string, Document>>;
  /** Removes documents. */
  forget(taskIds: readonly string[]): Promise<void>;
  /**
   * Tells of each document of these tasks that is stored from when the promise resolves. Only with the capability `push`.
   * Told at least once for the newest document; earlier ones may be left out. A write that a stored SUCCESS refused is not told.
   * @param onDocument must not throw; it may call `add`, `remove` and `close` of the watch
   */
  watch?(taskIds: readonly string[], onDocument: (taskId: string, document: Document) => void): Promise<Watch>;
  saveGroup(groupId: string, document: Document, expiresMs: number | null): Promise<void>;
  getGroup(groupId: string): Promise<Document | undefined>;
  deleteGroup(groupId: string): Promise<void>;
  /** Says how many members a chord has. A larger size that is already there is kept. */
  setChordSize(groupId: string, size: number, expiresMs: number | null): Promise<void>;
  /** Adds the end of a member, in place of an earlier one of the same task and index; one atomic step with the count it gives. */
  addChordPart(part: ChordPart, expiresMs: number | null): Promise<ChordProgress>;
  /** The parts in the order of their group index. */
  chordParts(groupId: string): Promise<readonly ChordPart[]>;
  forgetChord(groupId: string): Promise<void>;
  /** Removes what has expired; resolves to how many documents. */
  cleanup(): Promise<number>;
  /** Safe to call twice. */
  close(): Promise<void>;
}

/** An ongoing watch over documents. */
export interface Watch {
  /** Watches these as well, from when the promise resolves. */
  add(taskIds: readonly string[]): Promise<void>;
  /** Watches these no more. */
  remove(taskIds: readonly string[]): void;
  /** Ends it. Safe to call twice. */
  close(): void;
}

/** What a backend is opened with. */
export interface BackendOpenParams {
  readonly url: string;
  /** The setting `resultBackendTransportOptions`, with the URL's query merged in. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Called once when the connection is lost, not when it is closed; then everything but `close` fails, watches have ended, and the facade opens another. */
  readonly onLost?: (error: Error) => void;
}

/** A driver: how to keep results in one kind of store. Exported by `backends/<name>/index.ts` as `createBackendDriver`. */
export interface BackendDriver {
  readonly name: string;
  readonly capabilities: BackendCapabilities;
  open(params: BackendOpenParams): Promise<BackendConnection>;
  /**
   * Turns what the driver's client throws into what the caller can do about it: `unavailable` may pass and is tried again, `refused` will not.
   * @default unavailable
   */
  classifyError?(error: unknown): "unavailable" | "refused";
}
