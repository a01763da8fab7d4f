// Reads the values of options and the words after them. What cannot be read is refused with a sentence that names the option.
import { InvalidArgumentError } from "commander";
import { UsageError } from "../errors/celeriac-error.ts";
import { type Duration, isDuration } from "../util/duration.ts";
import type { LogLevel } from "../util/logger.ts";

/** Values separated by commas; several options add up. No value at all, such as that of an unset variable of the shell, is not what anyone means. */
export function list(value: string, before: readonly string[] = []): readonly string[] {
  const values = value
    .split(",")
    .map((one) => one.trim())
    .filter(Boolean);
  if (values.length === 0) throw new InvalidArgumentError(`Expected one or more names, separated by commas, got: ${JSON.stringify(value)}`);
  return [...before, ...values];
}

/** A text that is not empty. */
export function name(value: string): string {
  if (value.trim() === "") throw new InvalidArgumentError(`Expected a name, got: ${JSON.stringify(value)}`);
  return value;
}

/** A whole number that is not negative. */
export function wholeNumber(value: string): number {
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError(`Expected a whole number, got: ${value}`);
  return Number(value);
}

/** A whole number above zero. */
export function positiveNumber(value: string): number {
  const number = wholeNumber(value);
  if (number < 1) throw new InvalidArgumentError(`Expected a number above zero, got: ${value}`);
  return number;
}

/** A length of time: seconds, or a number with its unit. */
export function duration(value: string): Duration {
  const given = /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  if (isDuration(given)) return given;
  throw new InvalidArgumentError(`Expected seconds, or a number with a unit such as 500ms, 10s, 5m, 2h or 1d, got: ${value}`);
}

/** A length of time, or a moment in ISO-8601. */
export function durationOrDate(value: string): Duration | Date {
  return /^\d{4}-\d\d/.test(value) ? date(value) : duration(value);
}

/** A moment in ISO-8601. */
export function date(value: string): Date {
  const time = new Date(value);
  if (Number.isNaN(time.getTime())) throw new InvalidArgumentError(`Expected a time such as 2026-01-31T08:00:00Z, got: ${value}`);
  return time;
}

/** A JSON value of this shape. */
export function json(shape: "array" | "object"): (value: string) => unknown {
  return (value) => {
    const parsed = parseJson(value);
    const fits = shape === "array" ? Array.isArray(parsed) : typeof parsed === "object" && parsed !== null && !Array.isArray(parsed);
    if (!fits)
      throw new InvalidArgumentError(`Expected a JSON ${shape} such as ${shape === "array" ? "'[2, 3]'" : `'{"x": 2}'`}, got: ${value}`);
    return parsed;
  };
}

function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch (error) {
    throw new InvalidArgumentError(`Expected JSON, got: ${value} (${error instanceof Error ? error.message : String(error)})`);
  }
}

const LEVELS: Readonly<Record<string, LogLevel>> = {
  TRACE: "trace",
  DEBUG: "debug",
  INFO: "info",
  WARNING: "warn",
  WARN: "warn",
  ERROR: "error",
  CRITICAL: "fatal",
  FATAL: "fatal",
  "5": "trace",
  "10": "debug",
  "20": "info",
  "30": "warn",
  "40": "error",
  "50": "fatal",
};

/** A log level by Celery's name or number. */
export function logLevel(value: string): LogLevel {
  const level = LEVELS[value.toUpperCase()];
  if (level === undefined) throw new InvalidArgumentError("Expected DEBUG, INFO, WARNING, ERROR or CRITICAL, got: " + value);
  return level;
}

/**
 * The words `key=value` behind the options of a worker, as settings. A value that is JSON is taken as that, any other as text.
 * @throws UsageError for a word without `=`
 */
export function settingsFromWords(words: readonly string[]): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  for (const word of words) {
    const at = word.indexOf("=");
    if (at < 1) throw new UsageError("CELERIAC_USAGE", { message: `expected a setting as key=value, got: ${JSON.stringify(word)}` });
    // Celery's `namespace.key` is its `namespace_key`.
    settings[word.slice(0, at).replace(/\./g, "_")] = settingValue(word.slice(at + 1));
  }
  return settings;
}

function settingValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}
