import { parseIsoTime } from "../util/iso-time.ts";

/**
 * A `Date` that was read from Python's `datetime` and says more than a `Date` can: microseconds, an offset of its own, or none at all.
 * It is the same instant (a naive one is taken as UTC) and goes back as the same text, unless it was changed meanwhile.
 */
export class ExactDate extends Date {
  /** As it was written, such as `"2024-02-29T12:30:45.123456+05:30"`. */
  readonly iso: string;

  constructor(iso: string, epochMs: number) {
    super(epochMs);
    this.iso = iso;
  }

  /** How Python would show it. */
  toPythonRepr(): string {
    return `datetime.datetime.fromisoformat('${this.iso}')`;
  }
}

/** Reads an ISO-8601 time: a plain `Date` where that says it all, else an {@link ExactDate}. */
export function dateFromIso(text: string): Date | undefined {
  const time = parseIsoTime(text);
  if (!time) return undefined;
  const plain = new Date(time.epochMs);
  return isoFromDate(plain) === text ? plain : new ExactDate(text, time.epochMs);
}

/** Writes a time as Python's `isoformat` does: six digits of a second or none, `+00:00`. Undefined where Python has no such date. */
export function isoFromDate(date: Date): string | undefined {
  if (date instanceof ExactDate && parseIsoTime(date.iso)?.epochMs === date.getTime()) return date.iso;
  const year = date.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) return undefined;
  const iso = date.toISOString();
  return iso.endsWith(".000Z") ? `${iso.slice(0, -5)}+00:00` : `${iso.slice(0, -1)}000+00:00`;
}
