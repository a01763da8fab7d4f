import { parseIsoTime } from "../util/iso-time.ts";

/** A day of the calendar without a time: Python's `datetime.date`. */
export class PlainDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;

  constructor(year: number, month: number, day: number) {
    const date = new Date(Date.UTC(2000, month - 1, day));
    date.setUTCFullYear(year, month - 1, day);
    if (!(year >= 1 && year <= 9999) || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) {
      throw new RangeError(`expected a day between 0001-01-01 and 9999-12-31, got: year ${year}, month ${month}, day ${day}`);
    }
    this.year = year;
    this.month = month;
    this.day = day;
  }

  /** Reads `YYYY-MM-DD` or any ISO-8601 form of a day; a time behind it is dropped. */
  static from(text: string): PlainDate {
    const time = parseIsoTime(text);
    if (!time) throw new RangeError(`expected an ISO-8601 day such as 2024-02-29, got: ${JSON.stringify(text)}`);
    const date = new Date(time.epochMs + (time.offsetMinutes ?? 0) * 60_000);
    return new PlainDate(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate());
  }

  /** `YYYY-MM-DD`. */
  toString(): string {
    return `${String(this.year).padStart(4, "0")}-${String(this.month).padStart(2, "0")}-${String(this.day).padStart(2, "0")}`;
  }

  /** For JSON that is not ours: the text. */
  toJSON(): string {
    return this.toString();
  }

  /** How Python would show it. */
  toPythonRepr(): string {
    return `datetime.date(${this.year}, ${this.month}, ${this.day})`;
  }
}
