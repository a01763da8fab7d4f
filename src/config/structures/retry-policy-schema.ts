import * as v from "valibot";
import { type Duration, durationMs, isDuration } from "../../util/duration.ts";
import { camelCase } from "../name-styles.ts";
import type { GivenRetryPolicy, RetryPolicy } from "./retry-policy.ts";

const KEYS = ["maxRetries", "intervalStart", "intervalStep", "intervalMax"];

const seconds = v.pipe(
  v.custom<Duration>(isDuration, "a number of seconds or a text with a unit"),
  v.transform((duration) => durationMs(duration, "an interval") / 1000),
  v.minValue(0, "0 seconds or more"),
);

/** Checks a retry policy whose names are ours or Celery's, and fills in what is missing with Celery's defaults. */
export const retryPolicySchema: v.GenericSchema<GivenRetryPolicy, RetryPolicy> = v.pipe(
  v.custom<GivenRetryPolicy>((value) => typeof value === "object" && value !== null && !Array.isArray(value)),
  v.transform((given): unknown => Object.fromEntries(Object.entries(given).map(([key, value]) => [camelCase(key), value]))),
  v.custom<Record<string, unknown>>((given) => Object.keys(given as object).every((key) => KEYS.includes(key))),
  v.object({
    maxRetries: v.optional(v.nullable(v.pipe(v.number("a whole number"), v.integer("a whole number"), v.minValue(0, "0 or more"))), 3),
    intervalStart: v.optional(seconds, 0),
    intervalStep: v.optional(seconds, 0.2),
    intervalMax: v.optional(seconds, 1),
  }),
);
