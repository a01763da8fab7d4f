// Refuses calls that cannot work, before anything is sent: what TypeScript refuses, for callers whose types nobody checks, and a little more.
import type { CallOptions } from "../canvas/call-options.ts";
import { refuseUnknownOptions } from "../canvas/option-names.ts";
import { UsageError } from "../errors/celeriac-error.ts";
import { safeRepr } from "../util/safe-repr.ts";

interface Expectation {
  readonly options: readonly (keyof CallOptions)[];
  fits(value: unknown): boolean;
  readonly what: string;
}

/** The last moment that Python can name, and so the last one on the wire. */
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59);

const EXPECTED: readonly Expectation[] = [
  { options: ["taskId", "queue", "serializer"], fits: isName, what: "a text that is not empty and has no control characters" },
  {
    options: [
      "exchange",
      "routingKey",
      "compression",
      "shadow",
      "rootId",
      "parentId",
      "groupId",
      "replyTo",
      "routeName",
      "argsrepr",
      "kwargsrepr",
    ],
    fits: (value) => typeof value === "string",
    what: "a text",
  },
  { options: ["ignoreResult", "retry", "addToParent", "mandatory"], fits: (value) => typeof value === "boolean", what: "true or false" },
  { options: ["headers", "stamps", "properties"], fits: isPlainData, what: "an object of data" },
  { options: ["priority"], fits: (value) => isWhole(value) && value <= 255, what: "a whole number from 0 to 255" },
  { options: ["retries", "groupIndex", "replacedTaskNesting"], fits: isWhole, what: "a whole number that is not negative" },
  { options: ["eta"], fits: (value) => value instanceof Date && !Number.isNaN(value.getTime()), what: "a valid Date" },
];

/**
 * Refuses a name and options that cannot work. Durations are read, and refused, where they are used.
 * @throws UsageError CELERIAC_USAGE
 */
export function checkCall(name: string, options: CallOptions): void {
  if (!isName(name)) throw usage(`expected the name of the task that is called to be a text that is not empty, got: ${safeRepr(name)}`);
  refuseUnknownOptions(options, `a call of ${name}`);
  for (const { options: names, fits, what } of EXPECTED) {
    for (const option of names) {
      const value = options[option];
      // Null is nothing too: so Python's programs say it.
      if (value !== undefined && value !== null && !fits(value))
        throw usage(`expected the option ${option} of a call of ${name} to be ${what}, got: ${safeRepr(value)}`);
    }
  }
}

/**
 * Refuses a moment that cannot be written.
 * @param time in milliseconds since 1970
 * @throws UsageError CELERIAC_USAGE
 */
export function checkTime(name: string, option: string, time: number | undefined): void {
  if (time === undefined || time <= LATEST) return;
  throw usage(`expected the option ${option} of a call of ${name} to be before the year 10000, got a later time`);
}

/** Refuses positional arguments that are no list. @throws UsageError CELERIAC_USAGE */
export function refuseArguments(name: string, args: unknown): never {
  throw usage(`expected the positional arguments of a call of ${name} to be a list, got: ${safeRepr(args)}`);
}

function usage(message: string): UsageError {
  return new UsageError("CELERIAC_USAGE", { message });
}

function isName(value: unknown): boolean {
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  return typeof value === "string" && value !== "" && !/[\u0000-\u001f]/.test(value);
}

function isWhole(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0;
}

function isPlainData(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((each) => typeof each !== "function" && typeof each !== "symbol");
}
