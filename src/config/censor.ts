// What of a setting's value may be shown. The names that hide a value are Celery's own.
import { maskUrl } from "../util/mask-url.ts";

const HIDDEN_NAMES = /API|TOKEN|KEY|SECRET|PASS|PROFANITIES_LIST|SIGNATURE|DATABASE|BEAT_DBURI/i;
const MASK = "********";

/** Whether the value of a setting, or of a key inside one, is hidden because of its name. */
export function isHiddenName(name: string): boolean {
  return HIDDEN_NAMES.test(name);
}

/** A value with nothing secret in it. Null is shown even under a hidden name: that nothing is set is no secret. */
export function censor(name: string, value: unknown): unknown {
  if (value instanceof Map) return new Map([...value].map(([key, inner]) => [key, censor(String(key), inner)]));
  if (isMap(value)) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, censor(key, inner)]));
  if (isHiddenName(name) && value !== null && value !== undefined) return MASK;
  if (Array.isArray(value)) return value.map((inner) => censor(name, inner));
  return typeof value === "string" ? maskUrl(value) : value;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
