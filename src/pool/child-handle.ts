// What a kind of child (a process, a thread) offers to the supervision that all kinds share.

/** How a child ended. */
export interface ChildExit {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** What is known of why, where anything is. */
  readonly error?: string | undefined;
}

/** What a child's owner is told. */
export interface ChildEvents {
  /** Bytes of the channel. */
  onChunk(chunk: Uint8Array): void;
  /** It is gone, and all that it had sent was told. Last, and once. */
  onGone(exit: ChildExit): void;
}

/** A child that was started. */
export interface ChildHandle {
  readonly pid: number;
  /** Sends bytes; after the child's end they go nowhere. */
  write(chunks: readonly Uint8Array[]): void;
  /** Ends it by force, whatever it does. A signal that a child leaves to its pool to answer is made a SIGKILL. */
  kill(signal: NodeJS.Signals): void;
}

/** Starts children of a kind. */
export interface ChildSpawner {
  /** Starts one. It does not throw: what fails is told by `onGone`, later. */
  spawn(events: ChildEvents): ChildHandle;
  /** Called when the pool has no children any more and will have none. */
  close(): Promise<void>;
}
