import { SerializationError } from "../errors/celeriac-error.ts";

/** Which task a message is for, as far as that is known; for errors. */
export interface MessageSubject {
  readonly task?: string | undefined;
  readonly id?: string | undefined;
}

/** The error for a message that is no task message; `problem` says what was expected and what was got. */
export function messageInvalid(problem: string, subject: MessageSubject, cause?: unknown): SerializationError {
  return new SerializationError(
    "CELERIAC_MESSAGE_INVALID",
    { problem, task: subject.task, id: subject.id },
    cause === undefined ? undefined : { cause },
  );
}

/** A short text of what was got, for such an error. */
export function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** Whether a value is an object with named fields: no array, date or bytes. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date) && !ArrayBuffer.isView(value);
}
