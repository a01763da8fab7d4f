// Headers as JSON. Those of a bulk differ in their id only; so the text around the id is kept and used again, which is faster
// than JSON.stringify. The text is always the one that JSON.stringify gives.

/** An id that stands in JSON as it is. */
const PLAIN_ID = /^[\w-]+$/;
/** Stands for the id while the text around it is made; no plain id, so that it occurs once. */
const MARK = "\u{e000}";

interface Known {
  readonly keys: readonly string[];
  readonly values: readonly unknown[];
  /** The text before and after the id; made when headers like these come for the second time. */
  around: readonly [before: string, after: string] | undefined;
}

let known: Known | undefined;

/** The text of `[headers]`. Throws where they are no JSON. */
export function headersText(headers: Readonly<Record<string, unknown>>): string {
  const { id } = headers;
  if (typeof id !== "string" || !PLAIN_ID.test(id) || Object.getPrototypeOf(headers) !== Object.prototype) return JSON.stringify([headers]);
  if (known === undefined || !isAlike(known, headers)) {
    known = { keys: Object.keys(headers), values: Object.values(headers), around: undefined };
    return JSON.stringify([headers]);
  }
  const around = (known.around ??= textAround(headers));
  return around === undefined ? JSON.stringify([headers]) : around[0] + id + around[1];
}

/** Same keys in the same order, with the same values but for the id. What is no primitive may have changed, and is unlike itself. */
function isAlike({ keys, values }: Known, headers: Readonly<Record<string, unknown>>): boolean {
  let i = 0;
  for (const key in headers) {
    if (key !== keys[i]) return false;
    if (key !== "id" && !isSame(headers[key], values[i])) return false;
    i++;
  }
  return i === keys.length;
}

function isSame(value: unknown, before: unknown): boolean {
  return value === before && (value === null || (typeof value !== "object" && typeof value !== "function"));
}

function textAround(headers: Readonly<Record<string, unknown>>): readonly [before: string, after: string] | undefined {
  const parts = JSON.stringify([{ ...headers, id: MARK }]).split(MARK);
  return parts.length === 2 ? [parts[0] ?? "", parts[1] ?? ""] : undefined;
}
