// JSON as kombu writes and Python reads it. Nearly every text goes through JSON.parse alone. The lenient reader takes over where JSON.parse fails or
// would lose something: the tokens NaN, Infinity and -Infinity, and integers that a JavaScript number cannot hold, which become bigints.
// Typed values (`__type__`) are made in a second pass over the parsed value. Note that `1.0` reads as `1`: JavaScript has one kind of number.
import type { TypedValues } from "./typed-values.ts";

/** An integer of 16 digits or more where a value may start. */
const LONG_INTEGER = /(?:^|[[:,\s])-?\d{16}/;
const DEEPEST = 900;

/** Reads JSON text. @throws SyntaxError with a reason where it is none */
export function readJson(text: string, types: TypedValues): unknown {
  const value = LONG_INTEGER.test(text) ? new LenientReader(text).read() : parse(text);
  return text.includes('"__type__"') ? revive(value, types, 0) : value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return new LenientReader(text).read();
  }
}

/** Makes the typed values, innermost first, in place: the value was parsed for us alone. */
function revive(value: unknown, types: TypedValues, level: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (level > DEEPEST) throw new SyntaxError(`it is nested deeper than ${DEEPEST} levels`);
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) value[i] = revive(value[i], types, level + 1);
    return value;
  }
  const fields = value as Record<string, unknown>;
  let keys = 0;
  for (const key in fields) {
    keys++;
    const field = fields[key];
    // Every key is an own data property here, `__proto__` included, so that this sets the property and no prototype.
    if (typeof field === "object" && field !== null) fields[key] = revive(field, types, level + 1);
  }
  return keys === 2 && "__type__" in fields && "__value__" in fields ? untag(fields, types) : value;
}

function untag(fields: Readonly<Record<string, unknown>>, types: TypedValues): unknown {
  const { __type__: marker, __value__: value } = fields;
  let made: { readonly value: unknown } | undefined;
  try {
    made = types.untag(marker, value);
  } catch (error) {
    throw new SyntaxError(`a value of type ${JSON.stringify(marker)} is malformed: ${(error as Error).message}`, { cause: error });
  }
  if (!made)
    throw new SyntaxError(`the type ${String(JSON.stringify(marker))} of a typed value is unknown; known are ${types.markers.join(", ")}`);
  return made.value;
}

class LenientReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): unknown {
    const value = this.#value(0);
    this.#skipSpace();
    if (this.#at < this.#text.length) this.#fail();
    return value;
  }

  #value(level: number): unknown {
    if (level > DEEPEST) throw new SyntaxError(`it is nested deeper than ${DEEPEST} levels`);
    this.#skipSpace();
    switch (this.#text[this.#at]) {
      case "{":
        return this.#object(level);
      case "[":
        return this.#array(level);
      case '"':
        return this.#string();
      case "t":
        return this.#word("true", true);
      case "f":
        return this.#word("false", false);
      case "n":
        return this.#word("null", null);
      case "N":
        return this.#word("NaN", Number.NaN);
      case "I":
        return this.#word("Infinity", Number.POSITIVE_INFINITY);
      default:
        return this.#text.startsWith("-I", this.#at) ? this.#word("-Infinity", Number.NEGATIVE_INFINITY) : this.#number();
    }
  }

  #object(level: number): Record<string, unknown> {
    const fields: Record<string, unknown> = {};
    this.#at++;
    if (this.#next("}")) return fields;
    do {
      this.#skipSpace();
      if (this.#text[this.#at] !== '"') this.#fail();
      const key = this.#string();
      if (!this.#next(":")) this.#fail();
      const value = this.#value(level + 1);
      // Assigning `__proto__` would set the prototype.
      if (key === "__proto__") Object.defineProperty(fields, key, { value, writable: true, enumerable: true, configurable: true });
      else fields[key] = value;
    } while (this.#next(","));
    if (!this.#next("}")) this.#fail();
    return fields;
  }

  #array(level: number): unknown[] {
    const items: unknown[] = [];
    this.#at++;
    if (this.#next("]")) return items;
    do items.push(this.#value(level + 1));
    while (this.#next(","));
    if (!this.#next("]")) this.#fail();
    return items;
  }

  #string(): string {
    const start = this.#at;
    let end = start + 1;
    while (end < this.#text.length && this.#text[end] !== '"') end += this.#text[end] === "\\" ? 2 : 1;
    if (end >= this.#text.length) throw new SyntaxError(`the text that starts at position ${start} does not end`);
    this.#at = end + 1;
    // JSON.parse knows the escapes, and refuses control characters.
    return JSON.parse(this.#text.slice(start, end + 1)) as string;
  }

  #number(): number | bigint {
    NUMBER.lastIndex = this.#at;
    const match = NUMBER.exec(this.#text);
    if (!match) return this.#fail();
    this.#at = NUMBER.lastIndex;
    const number = Number(match[0]);
    const isInteger = match[1] === undefined;
    return isInteger && !Number.isSafeInteger(number) ? BigInt(match[0]) : number;
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) this.#fail();
    this.#at += word.length;
    return value;
  }

  /** Steps over a character if it is the next one. */
  #next(character: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #skipSpace(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
      this.#at++;
    }
  }

  #fail(): never {
    const found = this.#at < this.#text.length ? `${JSON.stringify(this.#text[this.#at])} at position ${this.#at}` : "the end of the text";
    throw new SyntaxError(`it is not JSON: unexpected ${found}`);
  }
}

const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+(?:[eE][+-]?\d+)?|[eE][+-]?\d+)?/y;
