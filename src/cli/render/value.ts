import { inspect } from "node:util";

/** A value as text: JSON where it is JSON, so that it can be given to another program. */
export function renderValue(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === undefined) return "null";
  try {
    return JSON.stringify(value) ?? inspect(value);
  } catch (error) {
    // Big integers and circles, which JSON cannot hold.
    if (error instanceof TypeError) return inspect(value, { depth: 6 });
    throw error;
  }
}
