// The compressors that Celery knows. What it calls gzip is a zlib stream; real gzip is read as well.
import zlib from "node:zlib";
import { SerializationError } from "../errors/celeriac-error.ts";
import type { Compressor } from "./compression-registry.ts";
import { requireOptional } from "../util/optional-package.ts";

const zlibStream: Compressor = {
  names: ["gzip", "zlib"],
  contentType: "application/x-gzip",
  compress: (body) => zlib.deflateSync(body),
  decompress: (body, maxOutputLength) =>
    body[0] === 0x1f && body[1] === 0x8b ? zlib.gunzipSync(body, { maxOutputLength }) : zlib.inflateSync(body, { maxOutputLength }),
};

const brotli: Compressor = {
  names: ["brotli"],
  contentType: "application/x-brotli",
  compress: (body) => zlib.brotliCompressSync(body),
  decompress: (body, maxOutputLength) => zlib.brotliDecompressSync(body, { maxOutputLength }),
};

const zstd: Compressor = {
  names: ["zstd", "zstandard"],
  contentType: "application/zstd",
  compress: (body) => zlib.zstdCompressSync(body),
  decompress: (body, maxOutputLength) => zlib.zstdDecompressSync(body, { maxOutputLength }),
};

/** What we use of the package `@napi-rs/lzma`. */
interface XzPackage {
  compressSync(body: Uint8Array): Uint8Array;
  decompressSync(body: Uint8Array): Uint8Array;
}

const xz: Compressor = {
  names: ["lzma", "xz"],
  contentType: "application/x-lzma",
  compress: (body) => loadXz().compressSync(body),
  decompress: (body, maxBytes) => withinLimit(loadXz().decompressSync(body), maxBytes),
};

function loadXz(): XzPackage {
  return requireOptional<XzPackage>("@napi-rs/lzma/xz", "lzma compression");
}

/** What we use of the package `seek-bzip`. */
interface BzipPackage {
  decode(body: Uint8Array): Uint8Array;
}

const bzip2: Compressor = {
  names: ["bzip2", "bzip"],
  contentType: "application/x-bz2",
  compress() {
    throw new SerializationError("CELERIAC_ENCODE_FAILED", {
      serializer: "bzip2",
      reason: "bzip2 can be read but not written here; use zstd, brotli, gzip or lzma, which Python reads as well",
    });
  },
  decompress: (body, maxBytes) =>
    withinLimit(requireOptional<BzipPackage>("seek-bzip", "bzip2 compression").decode(Buffer.from(body)), maxBytes),
};

function withinLimit(body: Uint8Array, maxBytes: number): Uint8Array {
  if (body.length > maxBytes) throw new RangeError(`it has more than ${maxBytes} bytes`);
  return body;
}

/** The compressors that are always registered; those of optional packages load them on first use. */
export const builtInCompressors: readonly Compressor[] = [zlibStream, brotli, zstd, xz, bzip2];
