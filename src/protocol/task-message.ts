// The task message, protocol 2, as a record: what is in its headers, and what is in its body.
// Codecs stand beside it: task-headers.ts, task-body.ts, task-message-v1.ts.
import type { SignatureRecord } from "./signature-record.ts";

/** The headers of a task message, in our spelling. Everything but `task` and `id` is optional on the wire and has its default here. */
export interface TaskHeaders {
  /** Name of the task. */
  readonly task: string;
  /** Id of the task, usually a UUID. */
  readonly id: string;
  /** Language of the sender: `"js"` for ours, `"py"` for Python's. */
  readonly lang: string;
  /** Name shown in logs and monitors in place of `task`. */
  readonly shadow: string | null;
  /** ISO-8601 time before which it must not run. */
  readonly eta: string | null;
  /** ISO-8601 time after which it must not run. Protocol 1 may carry seconds. */
  readonly expires: string | number | null;
  /** Id of the group that it is a member of. */
  readonly group: string | null;
  /** Position in that group. */
  readonly groupIndex: number | null;
  /** How often it was retried before: 0 at first. */
  readonly retries: number;
  /** Hard, then soft time limit in seconds. */
  readonly timelimit: readonly [hard: number | null, soft: number | null];
  /** Id of the first task of the tree; null where the sender did not say. */
  readonly rootId: string | null;
  /** Id of the task that sent this one. */
  readonly parentId: string | null;
  /** Python-like text of the arguments, for logs and monitors only. Null where the sender left it out: derive it from the arguments. */
  readonly argsrepr: string | null;
  /** Python-like text of the keyword arguments. */
  readonly kwargsrepr: string | null;
  /** Who sent it: `gen<pid>@<host>`. */
  readonly origin: string | null;
  /** Whether no result shall be stored. Null where the sender did not say: the task's own option decides. */
  readonly ignoreResult: boolean | null;
  /** How often it was replaced by `task.replace`. */
  readonly replacedTaskNesting: number;
  /** Names of the stamps. */
  readonly stampedHeaders: readonly string[] | null;
  /** The stamps by name. */
  readonly stamps: Readonly<Record<string, unknown>>;
  /** Headers of the user, and those we do not know: they survive retries. */
  readonly custom: Readonly<Record<string, unknown>>;
}

/** What travels with the arguments: the calls that follow. */
export interface TaskEmbed {
  readonly callbacks: readonly SignatureRecord[] | null;
  readonly errbacks: readonly SignatureRecord[] | null;
  /** What is left of the chain, in reverse: the next one is the last. */
  readonly chain: readonly SignatureRecord[] | null;
  /** The body of the chord that this task is in the header of. */
  readonly chord: SignatureRecord | null;
}

/** The body of a task message. */
export interface TaskPayload {
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly embed: TaskEmbed;
}

/** An embed without any follower. */
export const emptyEmbed: TaskEmbed = { callbacks: null, errbacks: null, chain: null, chord: null };
