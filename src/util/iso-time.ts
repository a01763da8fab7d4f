// ISO-8601 times as they are in headers and documents. Reading takes every form that Python's side takes; a time without an
// offset is UTC. Writing gives UTC with six digits of a second and `+00:00`: older Pythons cannot read a `Z`.

/** A time read from text. */
export interface IsoTime {
  /** Milliseconds since 1970; finer digits are cut off. */
  readonly epochMs: number;
  /** Minutes east of UTC as written; null where the text says nothing (then it was read as UTC). */
  readonly offsetMinutes: number | null;
}

const DATE = String.raw`(\d{4})(?:-(\d\d)(?:-(\d\d))?|(\d\d)(\d\d)|-?W(\d\d)(?:-?([1-7]))?|-?(\d{3}))?`;
const CLOCK = String.raw`(\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?)?`;
const ZONE = String.raw`(Z|z|[+-]\d\d(?::?\d\d)?(?::?\d\d(?:\.\d+)?)?)?`;
const FORM = new RegExp(`^${DATE}(?:[Tt ]${CLOCK}${ZONE})?$`);
const DAY_MS = 86_400_000;
const CLOCK_FORM = new RegExp(`^${CLOCK}${ZONE}$`);

/** Reads an ISO-8601 time; undefined where the text is none. */
export function parseIsoTime(text: string): IsoTime | undefined {
  const m = FORM.exec(text);
  if (!m) return undefined;
  const day = startOfDay(m);
  const clock = m[9] === undefined ? 0 : clockMs(m[9], m[10], m[11], m[12]);
  const offsetMinutes = zoneMinutes(m[13]);
  if (day === undefined || clock === undefined || offsetMinutes === undefined) return undefined;
  return { epochMs: day + clock - (offsetMinutes ?? 0) * 60_000, offsetMinutes };
}

/** Whether a text is an ISO-8601 time of day, such as `"03:04:05.678+01:00"`. */
export function isIsoClock(text: string): boolean {
  const m = CLOCK_FORM.exec(text);
  return m !== null && m[1] !== undefined && clockMs(m[1], m[2], m[3], m[4]) !== undefined && zoneMinutes(m[5]) !== undefined;
}

function startOfDay(m: RegExpExecArray): number | undefined {
  const year = Number(m[1]);
  if (year === 0) return undefined;
  if (m[6] !== undefined) return startOfWeekDay(year, Number(m[6]), Number(m[7] ?? 1));
  if (m[8] !== undefined) {
    const ordinal = Number(m[8]);
    const ms = utcDay(year, 1, ordinal);
    return ordinal >= 1 && new Date(ms).getUTCFullYear() === year ? ms : undefined;
  }
  const month = Number(m[2] ?? m[4] ?? 1);
  const date = Number(m[3] ?? m[5] ?? 1);
  const ms = utcDay(year, month, date);
  const back = new Date(ms);
  return back.getUTCMonth() === month - 1 && back.getUTCDate() === date ? ms : undefined;
}

/** Week 1 is the one with the year's first Thursday. */
function startOfWeekDay(year: number, week: number, weekDay: number): number | undefined {
  if (week < 1 || week > 53) return undefined;
  const fourth = utcDay(year, 1, 4);
  const isoWeekDay = new Date(fourth).getUTCDay() || 7;
  return fourth + ((week - 1) * 7 + weekDay - isoWeekDay) * DAY_MS;
}

/** `Date.UTC` takes years below 100 for 19xx. */
function utcDay(year: number, month: number, date: number): number {
  return year >= 100 ? Date.UTC(year, month - 1, date) : new Date(0).setUTCFullYear(year, month - 1, date);
}

function clockMs(hour: string, minute = "0", second = "0", fraction = ""): number | undefined {
  const [h, m, s] = [Number(hour), Number(minute), Number(second)];
  const ms = Number(fraction.slice(0, 3).padEnd(3, "0"));
  const midnightAfter = h === 24 && m === 0 && s === 0 && ms === 0;
  if ((h > 23 && !midnightAfter) || m > 59 || s > 59) return undefined;
  return h * 3_600_000 + m * 60_000 + s * 1000 + ms;
}

function zoneMinutes(zone: string | undefined): number | null | undefined {
  if (zone === undefined) return null;
  if (zone === "Z" || zone === "z") return 0;
  const digits = zone.slice(1).replaceAll(":", "");
  const hours = Number(digits.slice(0, 2));
  const minutes = Number(digits.slice(2, 4) || 0) + Number(digits.slice(4) || 0) / 60;
  if (hours > 23 || minutes >= 60) return undefined;
  return (zone[0] === "-" ? -1 : 1) * (hours * 60 + minutes);
}

let cachedSecond = Number.NaN;
let cachedPrefix = "";

/** Writes a time as UTC: `2024-02-29T12:30:45.123000+00:00`. Fast for times near one another, as `dateDone` is. */
export function formatIsoTime(epochMs: number): string {
  const whole = Math.floor(epochMs);
  const second = Math.floor(whole / 1000);
  if (second !== cachedSecond) {
    cachedPrefix = new Date(second * 1000).toISOString().slice(0, -4);
    cachedSecond = second;
  }
  const ms = whole - second * 1000;
  return `${cachedPrefix}${ms < 10 ? "00" : ms < 100 ? "0" : ""}${ms}000+00:00`;
}
