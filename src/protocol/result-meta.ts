// The document that a result backend keeps for a task. Encoding and decoding, exceptions included, stand in result-meta-codec.ts.
import type { TaskState } from "./states.ts";

/** An exception as it is on the wire. */
export interface ExceptionRecord {
  /** Class name, dotted where nested. */
  readonly exc_type: string;
  /** Arguments of its constructor; for an Error of ours, its message alone. */
  readonly exc_message: readonly unknown[];
  /** Module of the class; `"builtins"` for the classes that every Python has. */
  readonly exc_module: string | null;
  /** What caused it, where it is known. Celeriac's addition: Python ignores it. */
  readonly exc_cause?: ExceptionRecord;
}

/** Names a result and those it came from: `[[id, parent], null]` for a task, `[[id, parent], members]` for a group. */
export type ResultTuple = readonly [readonly [id: string, parent: ResultTuple | null], readonly ResultTuple[] | null];

/** A task's state and result as read back. */
export interface ResultMeta {
  readonly taskId: string;
  readonly status: TaskState;
  /** By state: the value, an {@link ExceptionRecord}, or what `updateState` was given. */
  readonly result: unknown;
  readonly traceback: string | null;
  readonly children: readonly ResultTuple[] | null;
  /** When it ended; null while it has not. */
  readonly dateDone: string | null;
  readonly groupId?: string;
  readonly parentId?: string;
  /** From here on only with the setting `resultExtended`. */
  readonly name?: string;
  readonly args?: readonly unknown[];
  readonly kwargs?: Readonly<Record<string, unknown>>;
  readonly worker?: string;
  readonly retries?: number;
  readonly queue?: string;
  readonly stampedHeaders?: readonly string[];
  readonly stamps?: Readonly<Record<string, unknown>>;
}
