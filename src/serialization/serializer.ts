/** Turns values into bodies and back. */
export interface Serializer {
  /** Short name, as in the settings `taskSerializer` and `acceptContent`. */
  readonly name: string;
  /** MIME type that is on the wire. */
  readonly contentType: string;
  /** `"utf-8"` for text, `"binary"` for bytes. */
  readonly contentEncoding: string;
  /**
   * Writes a value.
   * @param names names of the elements of the outermost array, for the paths in errors
   */
  encode(value: unknown, names?: readonly string[]): string | Uint8Array;
  /** Reads a body. Bytes of a serializer for text are UTF-8. */
  decode(body: string | Uint8Array): unknown;
}

/** A serialised value with what its reader must know. */
export interface EncodedContent {
  readonly body: string | Uint8Array;
  readonly contentType: string;
  readonly contentEncoding: string;
  /** Content type of the compressor, where the body is compressed. */
  readonly compression?: string | null;
}

/** Which content types may be read: the setting `acceptContent`, looked up once. */
export interface AcceptList {
  /** As given, for errors. */
  readonly names: readonly string[];
  readonly contentTypes: ReadonlySet<string>;
}
