import { inspect } from "node:util";

/** JSON with its standard function for numbers that no `number` holds, which TypeScript's library does not know yet. */
const { rawJSON } = JSON as typeof JSON & { rawJSON(text: string): unknown };

/** A value as JSON, for other programs; big integers are written out, digit by digit, as Celery does. */
function jsonText(value: unknown): string | undefined {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === "bigint" ? rawJSON(String(part)) : part));
}

/** A value as text: JSON where it is JSON, so that it can be given to another program. */
export function renderValue(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === undefined) return "null";
  try {
    return jsonText(value) ?? inspect(value);
  } catch (error) {
    // Circles, which JSON cannot hold.
    if (error instanceof TypeError) return inspect(value, { depth: 6 });
    throw error;
  }
}
