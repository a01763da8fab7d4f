// Values for the serializers that are not JSON (yaml, msgpack): plain data with dates and bytes, everything else refused with its path.
import { UnwritableValue } from "./json-writer.ts";

const DEEPEST = 900;

/** How leaves are changed on the way. */
export interface LeafRules {
  bigint(value: bigint): unknown;
  number(value: number): unknown;
}

/** A copy of a value that is plain data. @throws UnwritableValue where a part of it is not */
export function toPlainData(value: unknown, rules: LeafRules): unknown {
  return copy(value, rules, [], []);
}

function copy(value: unknown, rules: LeafRules, path: (string | number)[], open: object[]): unknown {
  switch (typeof value) {
    case "undefined":
      return null;
    case "number":
      return rules.number(value);
    case "bigint":
      return rules.bigint(value);
    case "function":
    case "symbol":
      throw new UnwritableValue([...path], `is a ${typeof value}`);
    case "object":
      return value === null ? null : copyObject(value, rules, path, open);
    default:
      return value;
  }
}

function copyObject(value: object, rules: LeafRules, path: (string | number)[], open: object[]): unknown {
  if (value instanceof Date || value instanceof Uint8Array) return value;
  const opened = open.indexOf(value);
  if (opened >= 0) throw new UnwritableValue([...path], "refers back to", path.slice(0, opened));
  if (path.length >= DEEPEST) throw new UnwritableValue([...path], `is nested deeper than ${DEEPEST} levels`);
  const toJson = (value as { readonly toJSON?: unknown }).toJSON;
  if (typeof toJson === "function")
    throw new UnwritableValue([...path], `is a ${value.constructor?.name ?? "value"}, which only the json serializer can write`);
  const isArray = Array.isArray(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!isArray && prototype !== Object.prototype && prototype !== null) {
    throw new UnwritableValue([...path], `is an instance of ${value.constructor?.name || "a class"}; send a plain object`);
  }
  open.push(value);
  const made = isArray
    ? Array.from(value as unknown[], (item, i) => step(i, item, rules, path, open))
    : Object.fromEntries(
        Object.entries(value)
          .filter(([, field]) => field !== undefined)
          .map(([key, field]) => [key, step(key, field, rules, path, open)]),
      );
  open.pop();
  return made;
}

function step(key: string | number, value: unknown, rules: LeafRules, path: (string | number)[], open: object[]): unknown {
  path.push(key);
  const made = copy(value, rules, path, open);
  path.pop();
  return made;
}

/** What a parser gave, as we give it, in place: bigints that fit become numbers (parsers that keep integers exact give bigints for all), Buffers plain bytes. */
export function settleParsed(value: unknown, level = 0): unknown {
  if (typeof value === "bigint") return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  if (ArrayBuffer.isView(value)) return Buffer.isBuffer(value) ? new Uint8Array(value) : value;
  if (level > DEEPEST) throw new SyntaxError(`it is nested deeper than ${DEEPEST} levels`);
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) value[i] = settleParsed(value[i], level + 1);
    return value;
  }
  const fields = value as Record<string, unknown>;
  for (const key of Object.keys(fields)) fields[key] = settleParsed(fields[key], level + 1);
  return fields;
}
