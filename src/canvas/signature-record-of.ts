import { UsageError } from "../errors/celeriac-error.ts";
import type { SignatureRecord } from "../protocol/signature-record.ts";

/**
 * The plain record of whatever stands for a signature: one of ours, or one read from the wire.
 * @throws UsageError where it is neither
 */
export function toRecord(value: unknown): SignatureRecord {
  if (typeof value === "object" && value !== null) {
    const { toJSON } = value as { readonly toJSON?: unknown };
    const record = typeof toJSON === "function" ? (toJSON.call(value) as unknown) : value;
    if (isRecord(record)) return normalise(record);
  }
  throw new UsageError("CELERIAC_CANVAS", { problem: `expected a signature such as task.s(1, 2), got: ${describe(value)}` });
}

/** Whether a value is a plain signature: what Python's `signature(...)` would read. */
export function isRecord(value: unknown): value is SignatureRecord {
  return typeof value === "object" && value !== null && typeof (value as { readonly task?: unknown }).task === "string";
}

/** Parts that a writer left out have Celery's defaults. */
function normalise(record: SignatureRecord): SignatureRecord {
  const partial: Partial<SignatureRecord> = record;
  const { task = "", args = [], kwargs = {}, options = {}, subtask_type = null, immutable = false } = partial;
  return { task, args: args ?? [], kwargs: kwargs ?? {}, options: options ?? {}, subtask_type, immutable };
}

function describe(value: unknown): string {
  return typeof value === "function"
    ? `the function ${value.name || "(anonymous)"}; call its .s()`
    : value === null
      ? "null"
      : typeof value;
}
