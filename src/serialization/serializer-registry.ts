// The serializers that one app knows. The built-in ones are registered; pickle is known by name only, to be refused.
import { ContentDisallowed } from "../errors/task-errors.ts";
import { SerializationError } from "../errors/celeriac-error.ts";
import { didYouMean } from "../util/did-you-mean.ts";
import { toUtf8Body } from "./body-text.ts";
import { CompressionRegistry } from "./compression-registry.ts";
import { createJsonSerializer, decodeFailed, encodeFailed, JSON_TYPE, type JsonSerializer } from "./json-serializer.ts";
import { msgpackSerializer } from "./msgpack-serializer.ts";
import { rawSerializer } from "./raw-serializer.ts";
import type { AcceptList, EncodedContent, Serializer } from "./serializer.ts";
import { TypedValues } from "./typed-values.ts";
import { yamlSerializer } from "./yaml-serializer.ts";

const PICKLE_TYPES = new Set(["application/x-python-serialize", "pickle"]);
const NO_PICKLE =
  "Pickle is never read or written: its reader runs whatever code the message names. Use json, msgpack or yaml on Python's side";

/** The serializers and compressors of one app. */
export class SerializerRegistry {
  /** The values that the json serializer tags with `__type__`. */
  readonly types: TypedValues = new TypedValues();
  readonly compression: CompressionRegistry;
  readonly #json: JsonSerializer;
  readonly #byName: Map<string, Serializer> = new Map();

  constructor(options: { readonly compression?: CompressionRegistry } = {}) {
    this.compression = options.compression ?? new CompressionRegistry();
    this.#json = createJsonSerializer(this.types);
    for (const serializer of [this.#json, yamlSerializer, msgpackSerializer, rawSerializer]) this.register(serializer);
  }

  /** Adds a serializer, in place of one of the same name or type. */
  register(serializer: Serializer): void {
    if (PICKLE_TYPES.has(serializer.name) || PICKLE_TYPES.has(serializer.contentType)) {
      throw new SerializationError("CELERIAC_SERIALIZER_UNKNOWN", { name: serializer.name, known: this.names, hint: NO_PICKLE });
    }
    this.#byName.set(serializer.name, serializer);
    this.#byName.set(serializer.contentType, serializer);
  }

  /** Names of the serializers. */
  get names(): readonly string[] {
    return [...new Set([...this.#byName.values()].map((serializer) => serializer.name))];
  }

  /** The serializer of that name or content type. @throws SerializationError where there is none */
  find(nameOrType: string): Serializer {
    const serializer = this.#byName.get(nameOrType) ?? this.#byName.get(bareType(nameOrType));
    if (serializer) return serializer;
    const near = didYouMean(nameOrType, this.#byName.keys());
    const hint = PICKLE_TYPES.has(nameOrType) ? NO_PICKLE : near === undefined ? undefined : `Did you mean ${near}?`;
    throw new SerializationError("CELERIAC_SERIALIZER_UNKNOWN", {
      name: nameOrType,
      known: this.names,
      ...(hint === undefined ? {} : { hint }),
    });
  }

  /**
   * Writes a value.
   * @param names names of the elements of the outermost array, for the paths in errors
   * @param compression name of the compressor, if any
   */
  encode(value: unknown, nameOrType: string = "json", names?: readonly string[], compression?: string | null): EncodedContent {
    const serializer = this.find(nameOrType);
    let body: string | Uint8Array;
    try {
      body = serializer.encode(value, names);
    } catch (error) {
      // A serializer of the user's throws what it likes.
      throw error instanceof SerializationError || isConfigError(error) ? error : encodeFailed(serializer.name, error, names);
    }
    const { contentType, contentEncoding } = serializer;
    if (compression === undefined || compression === null) return { body, contentType, contentEncoding };
    const compressed = this.compression.compress(body, compression);
    return { body: compressed.body, contentType, contentEncoding, compression: compressed.contentType };
  }

  /** The built-in JSON text of a value, whatever is registered as `"json"`. */
  toJson(value: unknown, names?: readonly string[]): string {
    return this.#json.encode(value, names);
  }

  /** Reads JSON text with its typed values. @throws SerializationError where it is none */
  fromJson(text: string | Uint8Array): unknown {
    return this.#json.decode(text);
  }

  /** What {@link decode} may read, looked up once. @throws SerializationError where a name is unknown */
  acceptList(namesOrTypes: Iterable<string>): AcceptList {
    const names = [...namesOrTypes];
    return { names, contentTypes: new Set(names.map((name) => this.find(name).contentType)) };
  }

  /**
   * Reads a body.
   * @throws ContentDisallowed where its type is not accepted; pickle never is
   * @throws SerializationError where it cannot be read
   */
  decode(content: EncodedContent, accept: AcceptList): unknown {
    const type = content.contentType === JSON_TYPE ? JSON_TYPE : bareType(content.contentType);
    if (!accept.contentTypes.has(type)) throw new ContentDisallowed(shownType(type), accept.names);
    const serializer = this.#byName.get(type) ?? this.find(type);
    const plain = content.compression ? this.compression.decompress(content.body, content.compression) : content.body;
    const body = serializer.contentEncoding === "binary" ? plain : toUtf8Body(plain, content.contentEncoding, type);
    try {
      return serializer.decode(body);
    } catch (error) {
      throw isConfigError(error) ? error : decodeFailed(type, error);
    }
  }
}

function shownType(type: string): string {
  return PICKLE_TYPES.has(type) ? `${type}. ${NO_PICKLE}` : type || "none";
}

/** `Application/JSON; charset=utf-8` is `application/json`. */
function bareType(contentType: string): string {
  const end = contentType.indexOf(";");
  return (end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase();
}

/** A missing optional package is the set-up's fault, not the content's. */
function isConfigError(error: unknown): boolean {
  return error instanceof Error && (error as { readonly code?: unknown }).code === "CELERIAC_CONFIG_IMPROPER";
}
