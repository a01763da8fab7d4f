import { ConfigError } from "../errors/celeriac-error.ts";

/** The units that a duration in words may carry. */
export type DurationUnit = "ms" | "s" | "m" | "h" | "d" | "w";

/** A length of time: a number of seconds, as in Celery, or a number with its unit, such as `"500ms"`, `"10s"`, `"5m"`, `"2h"`, `"1d"`. */
export type Duration = number | `${number}${DurationUnit}`;

const UNIT_MS: Readonly<Record<DurationUnit, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const FORM = /^(-?\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/;

/** Whether a value is a duration that {@link durationMs} can read. */
export function isDuration(value: unknown): value is Duration {
  return (typeof value === "number" && Number.isFinite(value)) || (typeof value === "string" && FORM.test(value));
}

/**
 * A duration in milliseconds.
 * @param what names the option or setting, for the error
 * @throws ConfigError where it is no duration
 */
export function durationMs(value: Duration, what: string): number {
  if (typeof value === "number" && Number.isFinite(value)) return value * 1000;
  const match = typeof value === "string" ? FORM.exec(value) : null;
  if (match) return Number(match[1]) * UNIT_MS[match[2] as DurationUnit];
  throw new ConfigError("CELERIAC_CONFIG_IMPROPER", {
    message: `expected ${what} to be a number of seconds or a text with a unit such as "500ms", "10s", "5m", "2h" or "1d", got: ${typeof value === "number" ? value : JSON.stringify(value)}`,
  });
}
