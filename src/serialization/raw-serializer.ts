import { bodyBytes } from "./body-text.ts";
import { encodeFailed } from "./json-serializer.ts";
import type { Serializer } from "./serializer.ts";

/** Bytes as they are; texts become UTF-8. Reading gives a `Uint8Array`. */
export const rawSerializer: Serializer = {
  name: "raw",
  contentType: "application/data",
  contentEncoding: "binary",
  encode(value, names): Uint8Array {
    if (typeof value === "string" || value instanceof Uint8Array) return bodyBytes(value);
    throw encodeFailed("raw", new TypeError(`expected a Uint8Array or a text, got: ${value === null ? "null" : typeof value}`), names);
  },
  decode: bodyBytes,
};
