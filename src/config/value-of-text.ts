// Reads a text of the environment or the command line by the kind of a setting. A text that the kind cannot have stays as it is,
// so that the check which follows refuses it with the sentence that every wrong value gets.
import type { KindName } from "./kinds.ts";
import type { SettingRow } from "./setting-row.ts";

const TRUE = ["true", "yes", "on", "1"];
const FALSE = ["false", "no", "off", "0"];

/** The value that a text stands for. */
export function valueOfText(row: SettingRow, text: string): unknown {
  if (row.type === "choice") return row.choices?.find((choice) => String(choice) === text) ?? text;
  const isNothing = ["null", "none"].includes(text.toLowerCase());
  // A text may really be "none": it can only be null by not being set.
  if (isNothing && !["text", "secret", "urls"].includes(row.type)) return null;
  return readers[row.type]?.(text) ?? text;
}

/** A text as true or false, or undefined where it is neither. */
export function booleanOfText(text: string): boolean | undefined {
  const lower = text.toLowerCase();
  if (TRUE.includes(lower)) return true;
  return FALSE.includes(lower) ? false : undefined;
}

/** A text as a number, or undefined where it is none. */
export function numberOfText(text: string): number | undefined {
  if (/^[+]?inf(?:inity)?$/i.test(text)) return Number.POSITIVE_INFINITY;
  return /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

/** A text that is JSON, or undefined. */
export function jsonOfText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the check that follows says what was expected
  }
}

function listOfText(text: string): readonly string[] {
  const parsed = text.trimStart().startsWith("[") ? jsonOfText(text) : undefined;
  if (Array.isArray(parsed)) return parsed as readonly string[]; // the check that follows looks at the elements
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

/** The kinds whose texts are more than themselves. */
const readers: Partial<Record<KindName, (text: string) => unknown>> = {
  boolean: booleanOfText,
  integer: numberOfText,
  number: numberOfText,
  seconds: numberOfText,
  deliveryMode: numberOfText,
  texts: listOfText,
  tls: (text) => booleanOfText(text) ?? jsonOfText(text),
  object: jsonOfText,
  retryPolicy: jsonOfText,
  routes: jsonOfText,
  queues: jsonOfText,
  annotations: jsonOfText,
  schedule: jsonOfText,
};
