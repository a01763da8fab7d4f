// A short Python-like text of a value, for logs, monitors and the headers `argsrepr` and `kwargsrepr`. It is Celery's `saferepr`
// to the letter, its oddities included: once the budget is used up the next token is dropped, even if it is a closing bracket.
// Never parsed by anyone.

/** How much is shown. */
export interface SafeReprOptions {
  /** Budget in characters; the text may be a little longer. @default 1024 */
  readonly maxLength?: number;
  /** Containers nested deeper are shown as `[...]`. @default 3 */
  readonly maxLevels?: number;
  /** Show the outermost array as a tuple: `(1, 2)`. @default false */
  readonly tuple?: boolean;
}

/** The Python-like text of a value. */
export function safeRepr(value: unknown, options?: SafeReprOptions): string {
  return new Writer(options?.maxLength ?? 1024, options?.maxLevels ?? 3).write(value, options?.tuple ?? false);
}

/** Text of positional arguments, as in the header `argsrepr`. */
export function argsRepr(args: readonly unknown[]): string {
  return args.length === 0 ? "()" : safeRepr(args, { tuple: true });
}

/** Text of keyword arguments, as in the header `kwargsrepr`. */
export function kwargsRepr(kwargs: Readonly<Record<string, unknown>>): string {
  for (const _ in kwargs) return safeRepr(kwargs);
  return "{}";
}

/** How Python prints a number: `nan`, `inf`, `1e-07`. */
export function pythonNumber(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Object.is(value, -0)) return "-0.0";
  const size = Math.abs(value);
  const text = size !== 0 && size < 1e-4 ? value.toExponential() : String(value);
  return text.replace(/e([+-])(\d)$/, "e$10$2");
}

class Writer {
  #out = "";
  #left: number;
  readonly #maxLevels: number;
  /** Containers around the current one. */
  readonly #open: object[] = [];
  #level = 0;
  /** The budget is used up: only closing brackets follow. */
  #full = false;

  constructor(maxLength: number, maxLevels: number) {
    this.#left = maxLength;
    this.#maxLevels = maxLevels;
  }

  write(value: unknown, tuple: boolean): string {
    this.#value(value, tuple);
    return this.#out;
  }

  #value(value: unknown, tuple = false): void {
    switch (typeof value) {
      case "string":
        if (this.#hasRoom()) this.#push(quoted(value, this.#left));
        return;
      case "number":
        return this.#text(pythonNumber(value));
      case "boolean":
        return this.#text(value ? "True" : "False");
      case "object":
        if (value !== null) return this.#object(value, tuple);
        return this.#text("None");
      case "bigint":
        return this.#text(value.toString());
      case "undefined":
        return this.#text("None");
      case "function":
        return this.#text(`<function ${value.name || "anonymous"}>`);
      default:
        return this.#text(String(value));
    }
  }

  #object(value: object, tuple: boolean): void {
    if (Array.isArray(value)) return this.#sequence(value, tuple ? "(" : "[", tuple ? (value.length === 1 ? ",)" : ")") : "]");
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) return this.#mapping(value, Object.entries(value));
    if (value instanceof Uint8Array) {
      if (this.#hasRoom()) this.#push(bytesRepr(value, this.#left));
      return;
    }
    if (value instanceof Map) return this.#mapping(value, [...value]);
    if (value instanceof Set) return value.size === 0 ? this.#text("set()") : this.#sequence([...value], "{", "}", value);
    this.#text(objectText(value));
  }

  #sequence(items: readonly unknown[], start: string, end: string, identity: object = items): void {
    if (!this.#enter(identity, start, end)) return;
    for (let i = 0; i < items.length && !this.#full; i++) {
      if (i > 0) this.#push(", ");
      if (!this.#full) this.#value(items[i]);
    }
    this.#leave(end);
  }

  #mapping(identity: object, entries: readonly (readonly [unknown, unknown])[]): void {
    if (!this.#enter(identity, "{", "}")) return;
    for (let i = 0; i < entries.length && !this.#full; i++) {
      const entry = entries[i] as readonly [unknown, unknown];
      if (i > 0) this.#push(", ");
      if (this.#full || !this.#hasRoom()) break;
      const [key, value] = entry;
      this.#push(typeof key === "string" ? quoted(key, this.#left) : safeRepr(key, { maxLength: this.#left, maxLevels: this.#maxLevels }));
      this.#push(": ");
      if (!this.#full) this.#value(value);
    }
    this.#leave("}");
  }

  #enter(identity: object, start: string, end: string): boolean {
    if (this.#level >= this.#maxLevels) {
      this.#text(`${start}...${end}`);
      return false;
    }
    if (this.#open.includes(identity)) {
      this.#text(`<Recursion on ${start === "{" ? "dict" : "list"}>`);
      return false;
    }
    if (!this.#hasRoom()) {
      this.#out += end;
      return false;
    }
    this.#push(start);
    this.#open.push(identity);
    this.#level++;
    return true;
  }

  #leave(end: string): void {
    this.#open.pop();
    this.#level--;
    if (this.#full) this.#out += end;
    else this.#push(end);
  }

  #text(text: string): void {
    if (this.#hasRoom()) this.#push(truncate(text, this.#left));
  }

  /** Whether a token still fits; where not, says so once and drops it. */
  #hasRoom(): boolean {
    if (this.#full) return false;
    if (this.#left > 0) return true;
    this.#out += ", ...";
    this.#full = true;
    return false;
  }

  #push(token: string): void {
    if (!this.#hasRoom()) return;
    this.#out += token;
    this.#left -= token.length;
  }
}

/** Cut at the limit, then at the last space before it. */
function truncate(text: string, limit: number): string {
  if (text.length < limit) return text;
  const last = text.charCodeAt(limit - 1);
  // Half of a surrogate pair would not be text.
  const head = text.slice(0, last >= 0xd800 && last < 0xdc00 ? limit - 1 : limit);
  const space = head.lastIndexOf(" ");
  return `${space < 0 ? head : head.slice(0, space)}...`;
}

function quoted(text: string, limit: number): string {
  const shown = truncate(text, limit);
  return shown.includes("'") ? `'${shown.replaceAll("'", "\\'")}'` : `'${shown}'`;
}

function bytesRepr(bytes: Uint8Array, limit: number): string {
  const cut = bytes.length > limit;
  const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, cut ? limit : bytes.length);
  const text = chunk.toString("utf8");
  return `b'${text.includes("\ufffd") ? chunk.toString("hex") : text}${cut ? "..." : ""}'`;
}

function objectText(value: object): string {
  // An instance of a class may say itself how Python would show it.
  const own = (value as { readonly toPythonRepr?: unknown }).toPythonRepr;
  if (typeof own === "function") return String(own.call(value));
  if (value instanceof Date) return dateRepr(value);
  if (value instanceof Error) return `${value.name}(${quoted(value.message, 1024)})`;
  return `<${value.constructor?.name || "object"} object>`;
}

function dateRepr(date: Date): string {
  if (Number.isNaN(date.getTime())) return "<Invalid Date>";
  const [s, us] = [date.getUTCSeconds(), date.getUTCMilliseconds() * 1000];
  const parts = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate(), date.getUTCHours(), date.getUTCMinutes()];
  if (s || us) parts.push(s);
  if (us) parts.push(us);
  return `datetime.datetime(${parts.join(", ")}, tzinfo=datetime.timezone.utc)`;
}
