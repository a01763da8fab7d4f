// The compressors that one app knows, by name and by what stands in the header `compression`.
import { ConfigError, SerializationError } from "../errors/celeriac-error.ts";
import { bodyBytes } from "./body-text.ts";
import { builtInCompressors } from "./compressors.ts";

/** Makes bodies smaller and back. */
export interface Compressor {
  /** Names by which it is asked for. */
  readonly names: readonly string[];
  /** What stands in the header `compression`. */
  readonly contentType: string;
  compress(body: Uint8Array): Uint8Array;
  /** @param maxBytes fail rather than give more bytes than this */
  decompress(body: Uint8Array, maxBytes: number): Uint8Array;
}

/** A small message must not be able to fill the memory. */
const MAX_BYTES = 512 * 1024 * 1024;

/** The compressors of one app. */
export class CompressionRegistry {
  readonly #byName: Map<string, Compressor> = new Map();
  readonly #maxBytes: number;

  constructor(options: { /** Longest body that is decompressed. @default 512 MiB */ readonly maxBytes?: number } = {}) {
    this.#maxBytes = options.maxBytes ?? MAX_BYTES;
    for (const compressor of builtInCompressors) this.register(compressor);
  }

  /** Adds a compressor, in place of one of the same name. */
  register(compressor: Compressor): void {
    for (const name of [...compressor.names, compressor.contentType]) this.#byName.set(name, compressor);
  }

  /** Compresses a body. @throws SerializationError where nothing has this name */
  compress(body: string | Uint8Array, nameOrType: string): { readonly body: Uint8Array; readonly contentType: string } {
    const compressor = this.#find(nameOrType);
    try {
      return { body: compressor.compress(bodyBytes(body)), contentType: compressor.contentType };
    } catch (error) {
      if (error instanceof ConfigError || error instanceof SerializationError) throw error;
      throw new SerializationError(
        "CELERIAC_ENCODE_FAILED",
        { serializer: compressor.contentType, reason: (error as Error).message },
        { cause: error },
      );
    }
  }

  /** Makes a body what it was. @throws SerializationError where nothing has this name, or the bytes are damaged */
  decompress(body: string | Uint8Array, nameOrType: string): Uint8Array {
    const compressor = this.#find(nameOrType);
    try {
      return compressor.decompress(bodyBytes(body), this.#maxBytes);
    } catch (error) {
      if (error instanceof ConfigError || error instanceof SerializationError) throw error;
      const reason = `it cannot be decompressed: ${(error as Error).message}`;
      throw new SerializationError("CELERIAC_DECODE_FAILED", { contentType: compressor.contentType, reason }, { cause: error });
    }
  }

  #find(nameOrType: string): Compressor {
    const compressor = this.#byName.get(nameOrType) ?? this.#byName.get(nameOrType.toLowerCase());
    if (compressor) return compressor;
    throw new SerializationError("CELERIAC_SERIALIZER_UNKNOWN", { name: nameOrType, known: [...this.#byName.keys()] });
  }
}
