/** A buffer that grows as it is written to. */
export class ByteWriter {
  /** How many bytes are written. */
  length = 0;
  #bytes: Buffer;

  /** @param capacity bytes that are reserved at first */
  constructor(capacity: number) {
    this.#bytes = Buffer.allocUnsafe(capacity);
  }

  /** Forgets what was written after this length. */
  truncate(length: number): void {
    this.length = length;
  }

  uint8(value: number): void {
    this.#reserve(1);
    this.#bytes[this.length++] = value;
  }

  uint16(value: number): void {
    this.#reserve(2);
    this.length = this.#bytes.writeUInt16BE(value, this.length);
  }

  uint32(value: number): void {
    this.#reserve(4);
    this.length = this.#bytes.writeUInt32BE(value, this.length);
  }

  int32(value: number): void {
    this.#reserve(4);
    this.length = this.#bytes.writeInt32BE(value, this.length);
  }

  int64(value: bigint): void {
    this.#reserve(8);
    this.length = this.#bytes.writeBigInt64BE(value, this.length);
  }

  uint64(value: number): void {
    this.uint32(Math.floor(value / 2 ** 32));
    this.uint32(value % 2 ** 32);
  }

  double(value: number): void {
    this.#reserve(8);
    this.length = this.#bytes.writeDoubleBE(value, this.length);
  }

  bytes(value: Uint8Array): void {
    this.#reserve(value.byteLength);
    this.#bytes.set(value, this.length);
    this.length += value.byteLength;
  }

  /** A text with its length before it in one byte; gives false, and writes nothing, where it is longer than 255 bytes. */
  shortText(value: string): boolean {
    // A character is three bytes at most.
    this.#reserve(1 + value.length * 3);
    const written = this.#bytes.write(value, this.length + 1, "utf8");
    if (written > 255) return false;
    this.#bytes[this.length] = written;
    this.length += 1 + written;
    return true;
  }

  /** A text with its length before it in four bytes. */
  longText(value: string): void {
    this.#reserve(4 + value.length * 3);
    const written = this.#bytes.write(value, this.length + 4, "utf8");
    this.#bytes.writeUInt32BE(written, this.length);
    this.length += 4 + written;
  }

  /** Leaves room for a number of four bytes, to be set later; gives where it is. */
  gap32(): number {
    this.#reserve(4);
    this.length += 4;
    return this.length - 4;
  }

  /** Sets the number at a place that {@link gap32} gave. */
  set32(at: number, value: number): void {
    this.#bytes.writeUInt32BE(value, at);
  }

  /** What was written. The writer must not be used any more. */
  finish(): Buffer {
    return this.#bytes.subarray(0, this.length);
  }

  #reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.length);
    this.#bytes = larger;
  }
}
