import { isIsoClock } from "../util/iso-time.ts";

/** A time of day, with or without an offset: Python's `datetime.time`. Kept as its ISO-8601 text, so that no digit is lost. */
export class PlainTime {
  /** ISO-8601 text, such as `"01:02:03.000004+00:00"`. */
  readonly iso: string;

  constructor(iso: string) {
    if (!isIsoClock(iso)) throw new RangeError(`expected an ISO-8601 time of day such as 01:02:03, got: ${JSON.stringify(iso)}`);
    this.iso = iso;
  }

  /** The ISO-8601 text. */
  toString(): string {
    return this.iso;
  }

  /** For JSON that is not ours: the text. */
  toJSON(): string {
    return this.iso;
  }

  /** How Python would show it. */
  toPythonRepr(): string {
    return `datetime.time.fromisoformat('${this.iso}')`;
  }
}
