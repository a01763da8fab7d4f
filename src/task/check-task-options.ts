import { UsageError } from "../errors/celeriac-error.ts";
import { didYouMean } from "../util/did-you-mean.ts";
import { isDuration } from "../util/duration.ts";
import { TASK_OPTION_NAMES, type TaskOptions } from "./task-options.ts";

const DURATIONS: readonly (keyof TaskOptions)[] = ["defaultRetryDelay", "retryBackoffMax", "timeLimit", "softTimeLimit", "expires"];
const FUNCTIONS: readonly (keyof TaskOptions)[] = [
  "beforeStart",
  "onSuccess",
  "onRetry",
  "onFailure",
  "afterReturn",
  "onReplace",
  "onBound",
  "shadowName",
];
const FLAGS: readonly (keyof TaskOptions)[] = [
  "retryJitter",
  "ignoreResult",
  "storeErrorsEvenIfIgnored",
  "storeEagerResult",
  "trackStarted",
  "acksLate",
  "acksOnFailureOrTimeout",
  "acksOnFailure",
  "acksOnTimeout",
  "rejectOnWorkerLost",
  "sendEvents",
  "trail",
  "typing",
];
const LISTS: readonly (keyof TaskOptions)[] = ["autoretryFor", "dontAutoretryFor", "throws", "params"];
const RATE = /^\d+(?:\.\d+)?(?:\/[smh])?$/;

/**
 * Refuses what cannot work as soon as a task is defined.
 * @throws UsageError CELERIAC_TASK_OPTION
 */
export function checkTaskOptions(task: string, options: TaskOptions): void {
  if (typeof task !== "string" || task.trim() === "")
    throw new UsageError("CELERIAC_USAGE", { message: `expected the name of a task to be a text that is not empty, got: ${show(task)}` });
  const refuse = (option: string, problem: string): never => {
    throw new UsageError("CELERIAC_TASK_OPTION", { task, option, problem });
  };
  const known = new Set<string>(TASK_OPTION_NAMES);
  for (const name of Object.keys(options)) {
    const near = known.has(name) ? undefined : didYouMean(name, known);
    if (!known.has(name)) refuse(name, `there is no such option${near === undefined ? "" : `; did you mean ${near}?`}`);
  }
  const expect = (names: readonly (keyof TaskOptions)[], fits: (value: unknown) => boolean, what: string): void => {
    for (const name of names) {
      const value = options[name];
      if (value !== undefined && value !== null && !fits(value)) refuse(name, `expected ${what}, got: ${show(value)}`);
    }
  };
  expect(DURATIONS, isDuration, 'seconds or a text such as "10s"');
  expect(FUNCTIONS, (value) => typeof value === "function", "a function");
  expect(FLAGS, (value) => typeof value === "boolean", "true or false");
  expect(LISTS, Array.isArray, "a list");
  expect(["maxRetries"], (value) => Number.isInteger(value) && Number(value) >= 0, "a whole number, or null for no limit");
  expect(["priority"], (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 255, "a whole number from 0 to 255");
  expect(["retryBackoff"], (value) => typeof value === "boolean" || isDuration(value), 'true, false, or the first delay such as "2s"');
  expect(["rateLimit"], (value) => typeof value === "number" || RATE.test(String(value)), 'a rate such as "10/s", "5/m" or "100/h"');
}

/** Text of a value in an error. */
function show(value: unknown): string {
  return typeof value === "function" ? "a function" : (JSON.stringify(value) ?? String(value));
}
