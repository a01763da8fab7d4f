// Reads frames out of chunks that may be cut anywhere. A frame that spans chunks is put together once, when its last byte is there.
import { PoolError } from "../errors/celeriac-error.ts";
import type { JsonRecord } from "./contract.ts";
import { BodyKind, FRAME_PREFIX_BYTES, type Frame, FrameKind, MAX_FRAME_BYTES } from "./frames.ts";

const KINDS: ReadonlySet<number> = new Set(Object.values(FrameKind));
const NO_HEADER: JsonRecord = Object.freeze({});
/** A body that is a smaller part of its chunk than this is copied, so that it does not keep the chunk's memory alive. */
const VIEWED_PART = 0.5;

/** Turns chunks of bytes into frames. */
export class FrameDecoder {
  #rest: Buffer[] = [];
  #restBytes = 0;
  /** How many bytes must be there before it is worth looking again. */
  #needed = 4;

  /** Whether the bytes so far end in the middle of a frame. */
  get isMidFrame(): boolean {
    return this.#restBytes > 0;
  }

  /**
   * Takes a chunk and tells of each frame that it completes. Frames may view the chunk: it must not be written to again.
   * @throws PoolError where the bytes are no frames; the stream cannot be read any further
   */
  push(chunk: Uint8Array, onFrame: (frame: Frame) => void): void {
    let bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (this.#restBytes > 0) {
      this.#rest.push(bytes);
      this.#restBytes += bytes.length;
      if (this.#restBytes < this.#needed) return;
      bytes = Buffer.concat(this.#rest, this.#restBytes);
      this.#rest = [];
      this.#restBytes = 0;
    }
    let at = 0;
    this.#needed = 4;
    while (bytes.length - at >= 4) {
      const end = at + 4 + frameLength(bytes, at);
      if (end > bytes.length) {
        this.#needed = end - at;
        break;
      }
      const frame = readFrame(bytes, at, end);
      at = end;
      onFrame(frame);
    }
    if (at === bytes.length) return;
    this.#rest = [bytes.subarray(at)];
    this.#restBytes = bytes.length - at;
  }
}

function frameLength(bytes: Buffer, at: number): number {
  const length = bytes.readUInt32LE(at);
  if (length < FRAME_PREFIX_BYTES - 4 || length > MAX_FRAME_BYTES) {
    throw invalid(`a length from ${FRAME_PREFIX_BYTES - 4} to ${MAX_FRAME_BYTES} bytes`, `${length}, in ${glimpse(bytes, at)}`);
  }
  return length;
}

function readFrame(bytes: Buffer, start: number, end: number): Frame {
  const kind = bytes[start + 4] ?? 0;
  if (!KINDS.has(kind)) throw invalid("a known kind of frame", `${kind}, in ${glimpse(bytes, start)}`);
  const headerAt = start + FRAME_PREFIX_BYTES;
  const headerBytes = bytes.readUInt32LE(start + 12);
  const bodyAt = headerAt + headerBytes;
  if (bodyAt > end) throw invalid(`a header of at most ${end - headerAt} bytes`, `${headerBytes}, in ${glimpse(bytes, start)}`);
  return {
    // Checked against the table of kinds above.
    kind: kind as FrameKind,
    note: bytes.readUInt16LE(start + 6),
    job: bytes.readUInt32LE(start + 8),
    header: headerBytes === 0 ? NO_HEADER : readHeader(bytes, headerAt, bodyAt),
    body: readBody(bytes, bytes[start + 5] ?? 0, bodyAt, end),
  };
}

function readHeader(bytes: Buffer, from: number, to: number): JsonRecord {
  let header: unknown;
  try {
    header = JSON.parse(bytes.toString("utf8", from, to));
  } catch (cause) {
    throw invalid("a header in JSON", `${glimpse(bytes, from)} (${String(cause)})`);
  }
  if (typeof header !== "object" || header === null || Array.isArray(header))
    throw invalid("a JSON object for a header", glimpse(bytes, from));
  // A parsed JSON object is a record of unknown values.
  return header as JsonRecord;
}

function readBody(bytes: Buffer, kind: number, from: number, to: number): string | Uint8Array | undefined {
  switch (kind) {
    case BodyKind.none:
      if (from !== to) throw invalid("no body", `${to - from} bytes of it`);
      return undefined;
    case BodyKind.text:
      return bytes.toString("utf8", from, to);
    case BodyKind.bytes: {
      const view = bytes.subarray(from, to);
      return view.length >= bytes.length * VIEWED_PART ? view : Buffer.from(view);
    }
    default:
      throw invalid("a known kind of body", String(kind));
  }
}

function invalid(expected: string, got: string): PoolError {
  return new PoolError("CELERIAC_POOL_FRAME_INVALID", { expected, got });
}

/** The first bytes of what cannot be read, as text: most often somebody's print. */
function glimpse(bytes: Buffer, at: number): string {
  return JSON.stringify(bytes.toString("latin1", at, Math.min(bytes.length, at + 40)));
}
