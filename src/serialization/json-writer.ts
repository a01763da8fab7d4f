// JSON as kombu writes it. Plain data, which is nearly everything, goes through JSON.stringify after one cheap look at it; whatever JSON has
// no form for (dates, bytes, NaN, bigints, classes, circles, functions) takes the slow way, which writes the text itself and
// refuses with the path of the value that cannot be written. `undefined` is what it is for JSON.stringify: left out of objects, null elsewhere.
import { type PathSegments } from "./value-path.ts";
import type { TypedValues } from "./typed-values.ts";

/** Python's reader gives up at about as many levels. */
const DEEPEST = 900;
/** Deeper data is looked at the slow way, which can tell a circle from depth. */
const PLAIN_LEVELS = 48;

/** A value that cannot be written: which, and why. `problem` continues a sentence that starts with the path. */
export class UnwritableValue extends Error {
  readonly path: PathSegments;
  readonly problem: string;
  /** The path of the value that it refers back to, where that is the problem. */
  readonly target: PathSegments | undefined;

  constructor(path: PathSegments, problem: string, target?: PathSegments) {
    super(problem);
    this.path = path;
    this.problem = problem;
    this.target = target;
  }
}

/** Writes a value as JSON text. @throws UnwritableValue where a part of it cannot be written */
export function writeJson(value: unknown, types: TypedValues): string {
  if (isPlainJson(value)) return JSON.stringify(value) ?? "null";
  return new JsonWriter(types).write(value);
}

/** Whether JSON.stringify writes a value as we would: null, booleans, numbers of common size, texts, arrays and plain objects, not too deep. */
export function isPlainJson(value: unknown, levels: number = PLAIN_LEVELS): boolean {
  switch (typeof value) {
    case "string":
    case "boolean":
    case "undefined":
      return true;
    case "number":
      return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER && (value !== 0 || 1 / value > 0);
    case "object":
      return value === null || (levels > 0 && isPlainContainer(value, levels - 1));
    default:
      return false;
  }
}

function isPlainContainer(value: object, levels: number): boolean {
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) if (!isPlainJson(value[i], levels)) return false;
    return true;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  for (const key in value) {
    if (key === "__type__" || !isPlainJson((value as Record<string, unknown>)[key], levels)) return false;
  }
  return true;
}

class JsonWriter {
  readonly #types: TypedValues;
  readonly #path: (string | number)[] = [];
  /** The containers around the current value, and where each stands. */
  readonly #open: Map<object, number> = new Map();

  constructor(types: TypedValues) {
    this.#types = types;
  }

  write(value: unknown): string {
    switch (typeof value) {
      case "string":
      case "boolean":
        return JSON.stringify(value);
      case "number":
        return writeNumber(value);
      case "bigint":
        return value.toString();
      case "undefined":
        return "null";
      case "object":
        return value === null ? "null" : this.#object(value);
      default:
        return this.#refuse(`is a ${typeof value}`);
    }
  }

  #object(value: object): string {
    const opened = this.#open.get(value);
    if (opened !== undefined) throw new UnwritableValue([...this.#path], "refers back to", this.#path.slice(0, opened));
    if (this.#path.length >= DEEPEST) return this.#refuse(`is nested deeper than ${DEEPEST} levels`);
    this.#open.set(value, this.#path.length);
    const text = Array.isArray(value) ? this.#array(value) : this.#nonArray(value);
    this.#open.delete(value);
    return text;
  }

  #array(items: readonly unknown[]): string {
    let text = "[";
    for (let i = 0; i < items.length; i++) {
      this.#path.push(i);
      text += `${i > 0 ? "," : ""}${this.write(items[i])}`;
      this.#path.pop();
    }
    return `${text}]`;
  }

  #nonArray(value: object): string {
    const custom = (value as { readonly __json__?: unknown }).__json__;
    if (typeof custom === "function") return this.write(custom.call(value));
    const tagged = this.#types.tag(value);
    if (typeof tagged === "string") return this.#refuse(tagged);
    if (tagged) return `{"__type__":${JSON.stringify(tagged.marker)},"__value__":${this.write(tagged.value)}}`;
    const toJson = (value as { readonly toJSON?: unknown }).toJSON;
    if (typeof toJson === "function") return this.write(toJson.call(value, String(this.#path.at(-1) ?? "")));
    const problem = problemOf(value);
    if (problem !== undefined) return this.#refuse(problem);
    if (value instanceof Number || value instanceof String || value instanceof Boolean) return this.write(value.valueOf());
    return this.#fields(value as Readonly<Record<string, unknown>>);
  }

  #fields(value: Readonly<Record<string, unknown>>): string {
    const keys = Object.keys(value);
    if (keys.length === 2 && keys.includes("__type__") && keys.includes("__value__")) {
      return this.#refuse(
        "has exactly the keys __type__ and __value__, which its reader would take for a typed value; give it another key, or register the type",
      );
    }
    let text = "";
    for (const key of keys) {
      const field = value[key];
      if (field === undefined) continue;
      this.#path.push(key);
      text += `${text === "" ? "" : ","}${JSON.stringify(key)}:${this.write(field)}`;
      this.#path.pop();
    }
    return `{${text}}`;
  }

  #refuse(problem: string): never {
    throw new UnwritableValue([...this.#path], problem);
  }
}

function writeNumber(value: number): string {
  if (Number.isFinite(value)) {
    if (Object.is(value, -0)) return "-0.0";
    const text = String(value);
    // A long number without a fraction would be read as an integer, which here is a bigint.
    return Number.isSafeInteger(value) || /[.e]/.test(text) ? text : `${text}.0`;
  }
  return Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
}

/** Why an object of a class has no form in JSON, where it has none. */
function problemOf(value: object): string | undefined {
  if (value instanceof Error) return `is an error (${value.name}); send its message, or what else of it is needed`;
  if (typeof (value as { readonly then?: unknown }).then === "function") return "is a promise; await it first";
  if (value instanceof Map) return "is a Map; send Object.fromEntries(map), or [...map] where keys are not texts";
  if (value instanceof Set) return "is a Set; send [...set]";
  if (value instanceof String) return undefined;
  if (value instanceof RegExp || value instanceof WeakMap || value instanceof WeakSet || value instanceof WeakRef)
    return `is a ${value.constructor.name}`;
  if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer || ArrayBuffer.isView(value)) {
    return `is a ${value.constructor.name}; send bytes as a Uint8Array, numbers as an array`;
  }
  if (Symbol.iterator in value) return "is an iterable; send Array.from(it)";
  if (Symbol.asyncIterator in value) return "is a stream or another asynchronous iterable; read it first";
  return undefined;
}
