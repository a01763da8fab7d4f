import type { ResultMeta } from "../protocol/result-meta.ts";
import { decodeResultMeta, encodeResultMeta } from "../protocol/result-meta-codec.ts";
import type { AcceptList } from "../serialization/serializer.ts";
import type { SerializerRegistry } from "../serialization/serializer-registry.ts";
import type { Document } from "./contract.ts";

/** Turns what is known of a task into the document that a driver stores, and back. */
export interface DocumentCodec {
  /** The document of a task. Throws a SerializationError where a value cannot be written. */
  encode(meta: ResultMeta): Document;
  /** What a document says. Throws a SerializationError where it cannot be read or is not accepted. */
  decode(document: Document): ResultMeta;
  /** The document of any value: a saved group, a chord member's result. */
  encodeValue(value: unknown): Document;
  /** The value in such a document. */
  decodeValue(document: Document): unknown;
}

/** What a codec is made of. */
export interface DocumentCodecParams {
  readonly registry: SerializerRegistry;
  /** The setting `resultSerializer`. @default "json" */
  readonly serializer?: string;
  /** The setting `resultAcceptContent`, or `acceptContent` where that is not set. */
  readonly accept: AcceptList;
}

/** The codec that the settings ask for. Documents carry no content type: all of a backend are of the same. */
export function createDocumentCodec(params: DocumentCodecParams): DocumentCodec {
  const { registry, serializer = "json", accept } = params;
  const { contentType, contentEncoding } = registry.find(serializer);
  return {
    encode: (meta) => encodeResultMeta(meta, registry, serializer),
    decode: (body) => decodeResultMeta({ body, contentType, contentEncoding }, registry, accept),
    encodeValue: (value) => registry.encode(value, serializer).body,
    decodeValue: (body) => registry.decode({ body, contentType, contentEncoding }, accept),
  };
}
