/**
 * A copy of plain maps and lists, all the way down, that nobody can change; whatever else is in them stays what it is.
 * The user's own object is neither frozen nor able to change a setting afterwards.
 */
export function freezeCopy<T>(value: T): T {
  return copy(value) as T; // a copy has the shape of what it was made from
}

function copy(value: unknown): unknown {
  if (Array.isArray(value)) return Object.freeze(value.map(copy));
  if (!isPlain(value)) return value;
  // fromEntries defines properties, so that a key "__proto__" stays a key.
  return Object.freeze(Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copy(inner)])));
}

function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
