import { decode, encode } from "@msgpack/msgpack";
import { bodyBytes } from "./body-text.ts";
import { decodeFailed, encodeFailed } from "./json-serializer.ts";
import { isPlainJson, UnwritableValue } from "./json-writer.ts";
import { type LeafRules, settleParsed, toPlainData } from "./plain-data.ts";
import type { Serializer } from "./serializer.ts";

const CONTENT_TYPE = "application/x-msgpack";
/** From here on the library writes 64 bits. */
const LONG = 2 ** 31;

/** MessagePack as Python's `msgpack` reads it. Dates are its timestamp extension, which Python reads as `msgpack.Timestamp`. */
export const msgpackSerializer: Serializer = {
  name: "msgpack",
  contentType: CONTENT_TYPE,
  contentEncoding: "binary",
  encode(value, names): Uint8Array {
    try {
      return isPlainJson(value) ? encode(value ?? null, { ignoreUndefined: true }) : encodeWithBigInts(value);
    } catch (error) {
      throw encodeFailed("msgpack", error, names);
    }
  },
  decode(body): unknown {
    try {
      const bytes = bodyBytes(body);
      // Byte values are parts of what is given: of a Buffer they would be Buffers.
      return settleParsed(decode(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength), { useBigInt64: true }));
    } catch (error) {
      throw decodeFailed(CONTENT_TYPE, error);
    }
  },
};

/** With `useBigInt64` the library writes bigints as 64-bit integers, but long numbers as floats: so those become bigints too. */
const rules: LeafRules = {
  number: (value) => (Number.isSafeInteger(value) && Math.abs(value) >= LONG ? BigInt(value) : value),
  bigint(value) {
    if (value >= -(2n ** 63n) && value < 2n ** 64n) return value;
    throw new UnwritableValue([], `the integer ${value} does not fit into 64 bits`);
  },
};

function encodeWithBigInts(value: unknown): Uint8Array {
  return encode(toPlainData(value, rules), { useBigInt64: true });
}
