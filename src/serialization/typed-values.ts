// What JSON has no form for travels as `{"__type__": marker, "__value__": value}`, as kombu writes it. This is the table of those types:
// the ones that kombu knows, and those that an app registers.
import { ConfigError } from "../errors/celeriac-error.ts";
import { Decimal } from "./decimal.ts";
import { dateFromIso, isoFromDate } from "./exact-date.ts";
import { PlainDate } from "./plain-date.ts";
import { PlainTime } from "./plain-time.ts";
import { Uuid } from "./uuid.ts";

/** How a class of values travels in JSON. Python's side registers the same marker with `kombu.utils.json.register_type`. */
export interface TypedValue<T extends object> {
  /** The text in `__type__`. */
  readonly marker: string;
  /** Whether a value is of this type. */
  matches(value: object): value is T;
  /** What stands in `__value__`; anything that the json serializer can write. */
  encode(value: T): unknown;
  /** Makes the value again. Throws where `__value__` is not what `encode` writes. */
  decode(value: unknown): T;
}

/** A value in its travelling form. */
export interface TaggedValue {
  readonly marker: string;
  readonly value: unknown;
}

/** The typed values that one app can write and read. */
export class TypedValues {
  readonly #custom: TypedValue<object>[] = [];
  readonly #byMarker: Map<string, (value: unknown) => unknown> = new Map(BUILT_IN);

  /** Adds a type. @throws ConfigError where its marker is taken */
  register<T extends object>(type: TypedValue<T>): void {
    if (this.#byMarker.has(type.marker)) {
      throw new ConfigError("CELERIAC_CONFIG_IMPROPER", {
        message: `the JSON type ${JSON.stringify(type.marker)} is already registered; markers are unique`,
      });
    }
    this.#byMarker.set(type.marker, (value) => type.decode(value));
    // Only what `matches` accepted is ever handed to `encode`.
    this.#custom.push(type as unknown as TypedValue<object>);
  }

  /** The markers that can be read. */
  get markers(): readonly string[] {
    return [...this.#byMarker.keys()];
  }

  /** A value's travelling form; undefined where it is of none of these types, a sentence where it cannot travel. */
  tag(value: object): TaggedValue | string | undefined {
    for (const type of this.#custom) if (type.matches(value)) return { marker: type.marker, value: type.encode(value) };
    return tagBuiltIn(value);
  }

  /** Makes a value from its travelling form; undefined where the marker is unknown. Throws where the form is wrong. */
  untag(marker: unknown, value: unknown): { readonly value: unknown } | undefined {
    const decode = typeof marker === "string" ? this.#byMarker.get(marker) : undefined;
    return decode && { value: decode(value) };
  }
}

function tagBuiltIn(value: object): TaggedValue | string | undefined {
  if (value instanceof Date) {
    const iso = isoFromDate(value);
    return iso === undefined ? "is a date outside the years 1 to 9999, or none at all" : { marker: "datetime", value: iso };
  }
  if (value instanceof Uint8Array) return tagBytes(value);
  if (value instanceof PlainDate) return { marker: "date", value: value.toString() };
  if (value instanceof PlainTime) return { marker: "time", value: value.iso };
  if (value instanceof Decimal) return { marker: "decimal", value: value.text };
  if (value instanceof Uuid) return { marker: "uuid", value: { hex: value.hex } };
  return undefined;
}

function tagBytes(bytes: Uint8Array): TaggedValue {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = buffer.toString("utf8");
  const isText = !text.includes("\ufffd") || Buffer.from(text, "utf8").equals(buffer);
  return isText ? { marker: "bytes", value: text } : { marker: "base64", value: buffer.toString("base64") };
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const BUILT_IN: readonly (readonly [string, (value: unknown) => unknown])[] = [
  ["datetime", (value) => dateFromIso(text(value)) ?? refuse("an ISO-8601 time", value)],
  ["date", (value) => PlainDate.from(text(value))],
  ["time", (value) => new PlainTime(text(value))],
  ["decimal", (value) => new Decimal(typeof value === "number" || typeof value === "bigint" ? value : text(value))],
  ["uuid", (value) => new Uuid(text(typeof value === "object" && value !== null ? (value as { hex?: unknown }).hex : value))],
  ["bytes", (value) => new Uint8Array(Buffer.from(text(value), "utf8"))],
  [
    "base64",
    (value) => new Uint8Array(Buffer.from(BASE64.test(text(value)) ? text(value) : refuse("base64 with its padding", value), "base64")),
  ],
];

function text(value: unknown): string {
  return typeof value === "string" ? value : refuse("a text", value);
}

function refuse(expected: string, got: unknown): never {
  throw new TypeError(`expected ${expected}, got: ${JSON.stringify(got)}`);
}
