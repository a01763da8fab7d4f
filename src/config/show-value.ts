// How a setting's value is written for people: in errors, in reports and in the documentation.

/** A value as one line of text, at most `limit` characters long. */
export function showValue(value: unknown, limit: number = 120): string {
  const text = typeof value === "string" ? JSON.stringify(value) : (JSON.stringify(plainValue(value)) ?? String(value));
  return text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
}

/** A value as plain data that JSON can hold: functions, expressions and other objects become texts that name them. */
export function plainValue(value: unknown): unknown {
  if (typeof value === "number") return Number.isFinite(value) ? value : showNumber(value);
  if (typeof value === "function") return `[function ${value.name || "without a name"}]`;
  if (typeof value === "bigint" || typeof value === "symbol") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(plainValue);
  if (value instanceof RegExp) return String(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `[${value.byteLength} bytes]`;
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, inner]) => [String(key), plainValue(inner)]));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return `[${value.constructor.name}]`;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainValue(inner)]));
}

function showNumber(value: number): string {
  return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
}
