// Retries that a task asked for by its options: which errors, and after how long.
import { TaskDirective } from "../errors/directives.ts";
import type { RetryOptions } from "../task/task-context.ts";
import type { AutoretryPolicy, ErrorMatcher } from "../task/task-definition.ts";

/** Whether an error is of one of these classes, or passes one of these tests. */
export function matchesError(error: unknown, matchers: readonly ErrorMatcher[]): boolean {
  return matchers.some((matcher) => (isClass(matcher) ? error instanceof matcher : matcher(error)));
}

/** A class is told from a test by its prototype: an arrow function has none, and a function's own has nothing but `constructor`, which is no Error. */
function isClass(matcher: ErrorMatcher): matcher is abstract new (...args: never[]) => unknown {
  const prototype = (matcher as { prototype?: unknown }).prototype;
  if (typeof prototype !== "object" || prototype === null) return false;
  return matcher === Error || prototype instanceof Error || /^class\b/.test(Function.prototype.toString.call(matcher));
}

/** Options of the retry that this policy wants for an error; undefined where it wants none. Directives are never retried: the task said how it ends. */
export function autoretryFor(
  policy: AutoretryPolicy,
  error: unknown,
  retries: number,
  random: () => number = Math.random,
): RetryOptions | undefined {
  if (TaskDirective.is(error) || matchesError(error, policy.except) || !matchesError(error, policy.for)) return undefined;
  const countdown =
    policy.backoffSeconds === null ? policy.countdownSeconds : backoffSeconds(policy, policy.backoffSeconds, retries, random);
  return {
    exc: error,
    ...(countdown === null ? {} : { countdown }),
    ...(policy.maxRetries === undefined ? {} : { maxRetries: policy.maxRetries }),
  };
}

/** Exponential, capped, and with jitter a whole number drawn evenly from zero to that. */
function backoffSeconds(policy: AutoretryPolicy, factor: number, retries: number, random: () => number): number {
  const full = Math.min(policy.backoffMaxSeconds, factor * 2 ** retries);
  return policy.jitter ? Math.floor(random() * (full + 1)) : full;
}
