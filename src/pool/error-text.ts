/** What was thrown, as text: its stack, with its causes where there are any. */
export function errorText(thrown: unknown): string {
  if (!(thrown instanceof Error)) return `a value that is no error was thrown: ${String(thrown)}`;
  const text = thrown.stack ?? `${thrown.name}: ${thrown.message}`;
  return thrown.cause === undefined || thrown.cause === thrown ? text : `${text}\ncaused by: ${causeText(thrown.cause, 1)}`;
}

/** Deeper causes say little, and a chain of them may be a circle. */
const DEEPEST_CAUSE = 5;

function causeText(cause: unknown, depth: number): string {
  if (!(cause instanceof Error)) return String(cause);
  const text = cause.stack ?? `${cause.name}: ${cause.message}`;
  return cause.cause === undefined || depth >= DEEPEST_CAUSE ? text : `${text}\ncaused by: ${causeText(cause.cause, depth + 1)}`;
}
