// Writes frames into slabs of memory and hands them out together, so that all frames of one turn of the event loop are one write. What was
// handed out is never written to again: a slab is filled from the front and left behind when it is full. Long bodies are passed on uncopied.
import { PoolError } from "../errors/celeriac-error.ts";
import { BodyKind, FRAME_PREFIX_BYTES, type FrameKind, MAX_FRAME_BYTES } from "./frames.ts";

/** Small enough to be cheap to hold for one frame, large enough for some hundred jobs. */
const SLAB_BYTES = 64 * 1024;
/** From here on, a body is a chunk of its own: copying it costs more than one more entry of a gathered write. */
const OWN_CHUNK_BYTES = 16 * 1024;
/** A UTF-16 unit takes at most three bytes in UTF-8. */
const BYTES_PER_UNIT = 3;

/** Turns frames into chunks of bytes. */
export class FrameEncoder {
  #slab: Buffer = Buffer.alloc(0);
  /** Where the bytes that were not handed out begin. */
  #from = 0;
  #to = 0;
  #chunks: Uint8Array[] = [];

  /** Whether there is anything to take. */
  get isEmpty(): boolean {
    return this.#to === this.#from && this.#chunks.length === 0;
  }

  /**
   * Adds a frame.
   * @param headerJson the header as JSON; undefined for an empty one
   * @throws PoolError where the frame is longer than a pool carries; nothing is added then
   */
  add(kind: FrameKind, job: number, note = 0, headerJson?: string, body?: string | Uint8Array): void {
    const own =
      body !== undefined && body.length >= OWN_CHUNK_BYTES ? (typeof body === "string" ? Buffer.from(body, "utf8") : body) : undefined;
    const inline = own === undefined ? body : undefined;
    const most =
      FRAME_PREFIX_BYTES + (headerJson?.length ?? 0) * BYTES_PER_UNIT + (inline === undefined ? 0 : inline.length * BYTES_PER_UNIT);
    if (most + (own?.length ?? 0) > MAX_FRAME_BYTES) checkFrameSize(headerJson, own ?? inline);
    if (this.#slab.length - this.#to < most) this.#newSlab(most);
    const slab = this.#slab;
    const start = this.#to;
    let at = start + FRAME_PREFIX_BYTES;
    const headerBytes = headerJson === undefined ? 0 : slab.write(headerJson, at, "utf8");
    at += headerBytes;
    if (typeof inline === "string") {
      at += slab.write(inline, at, "utf8");
    } else if (inline !== undefined) {
      slab.set(inline, at);
      at += inline.length;
    }
    putU32(slab, start, at - start - 4 + (own?.length ?? 0));
    slab[start + 4] = kind;
    slab[start + 5] = body === undefined ? BodyKind.none : typeof body === "string" ? BodyKind.text : BodyKind.bytes;
    slab[start + 6] = note;
    slab[start + 7] = note >>> 8;
    putU32(slab, start + 8, job);
    putU32(slab, start + 12, headerBytes);
    this.#to = at;
    if (own) {
      this.#closeChunk();
      this.#chunks.push(own);
    }
  }

  /** All that was added since the last time, in order. */
  take(): Uint8Array[] {
    this.#closeChunk();
    const chunks = this.#chunks;
    this.#chunks = [];
    return chunks;
  }

  #closeChunk(): void {
    if (this.#to === this.#from) return;
    this.#chunks.push(this.#slab.subarray(this.#from, this.#to));
    this.#from = this.#to;
  }

  #newSlab(least: number): void {
    this.#closeChunk();
    this.#slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, least));
    this.#from = this.#to = 0;
  }
}

function putU32(slab: Buffer, at: number, value: number): void {
  slab[at] = value;
  slab[at + 1] = value >>> 8;
  slab[at + 2] = value >>> 16;
  slab[at + 3] = value >>> 24;
}

/**
 * Measures a frame.
 * @throws PoolError where it is longer than a pool carries
 */
export function checkFrameSize(headerJson: string | undefined, body: string | Uint8Array | undefined): void {
  const bytes =
    FRAME_PREFIX_BYTES + Buffer.byteLength(headerJson ?? "") + (typeof body === "string" ? Buffer.byteLength(body) : (body?.length ?? 0));
  if (bytes > MAX_FRAME_BYTES) throw new PoolError("CELERIAC_POOL_FRAME_TOO_BIG", { bytes, limit: MAX_FRAME_BYTES });
}
