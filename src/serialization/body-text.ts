// Bodies as text: the charset that `content_encoding` names, and a refusal of bytes that are no text in it.
import { SerializationError } from "../errors/celeriac-error.ts";

const UTF8 = new Set(["utf-8", "utf8", "us-ascii", "ascii", "binary", "ascii-8bit", ""]);

/** The bytes of a body; text becomes UTF-8. */
export function bodyBytes(body: string | Uint8Array): Uint8Array {
  return typeof body === "string" ? Buffer.from(body, "utf8") : body;
}

/** The text of a body. @throws SerializationError where the bytes are not UTF-8 */
export function bodyText(body: string | Uint8Array, contentType: string): string {
  if (typeof body === "string") return body;
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const text = bytes.toString("utf8");
  // Bytes that are no UTF-8 read as U+FFFD, which may also stand there rightly.
  if (text.includes("\ufffd") && !Buffer.from(text, "utf8").equals(bytes)) {
    throw new SerializationError("CELERIAC_DECODE_FAILED", { contentType, reason: "its bytes are not valid UTF-8" });
  }
  return text;
}

/** A text body in UTF-8, whatever charset its sender named. */
export function toUtf8Body(body: string | Uint8Array, contentEncoding: string, contentType: string): string | Uint8Array {
  if (typeof body === "string" || UTF8.has(contentEncoding)) return body;
  const charset = contentEncoding.toLowerCase();
  if (UTF8.has(charset)) return body;
  try {
    return new TextDecoder(charset, { fatal: true }).decode(body);
  } catch (error) {
    throw new SerializationError(
      "CELERIAC_DECODE_FAILED",
      { contentType, reason: `it is not text in the content encoding ${JSON.stringify(contentEncoding)}` },
      { cause: error },
    );
  }
}
