// A signature as it is on the wire: a plain JSON object which Python's `signature(...)` reads, and the reverse.

/** A call that may be sent later, as JSON: keys and order are Celery's. */
export interface SignatureRecord {
  readonly task: string;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly options: Readonly<Record<string, unknown>>;
  readonly subtask_type: string | null;
  readonly immutable: boolean;
}
