import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PoolError } from "../errors/celeriac-error.ts";
import { FrameDecoder } from "./frame-decoder.ts";
import { checkFrameSize, FrameEncoder } from "./frame-encoder.ts";
import { type Frame, FrameKind, isNoteAboveMemory, MAX_FRAME_BYTES, noteRunTimeMs, outcomeNote } from "./frames.ts";

const bodies = fc.oneof(
  fc.constant(undefined),
  fc.string({ unit: "grapheme", maxLength: 200 }),
  fc.uint8Array({ maxLength: 200 }),
  fc.integer({ min: 0, max: 70_000 }).map((length) => "ż".repeat(length)),
  fc.integer({ min: 0, max: 70_000 }).map((length) => new Uint8Array(length).fill(length)),
);
const frames = fc.record({
  kind: fc.constantFrom(...Object.values(FrameKind)),
  job: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  note: fc.integer({ min: 0, max: 0xffff }),
  header: fc.dictionary(
    fc.string({ maxLength: 10 }).filter((key) => key !== "__proto__"),
    fc.jsonValue(),
    { maxKeys: 5 },
  ),
  body: bodies,
});

function encode(all: readonly Frame[], takeAfter: ReadonlySet<number> = new Set()): Buffer {
  const encoder = new FrameEncoder();
  const chunks: Uint8Array[] = [];
  for (const [i, { kind, job, note, header, body }] of all.entries()) {
    encoder.add(kind, job, note, Object.keys(header).length === 0 ? undefined : JSON.stringify(header), body);
    if (takeAfter.has(i)) chunks.push(...encoder.take());
  }
  return Buffer.concat([...chunks, ...encoder.take()]);
}

function decode(chunks: Iterable<Uint8Array>): { readonly frames: Frame[]; readonly isMidFrame: boolean } {
  const decoder = new FrameDecoder();
  const decoded: Frame[] = [];
  for (const chunk of chunks) decoder.push(chunk, (frame) => decoded.push(frame));
  return { frames: decoded, isMidFrame: decoder.isMidFrame };
}

function* cut(bytes: Buffer, cuts: readonly number[]): Generator<Buffer> {
  let from = 0;
  for (const to of cuts.map((part) => part % (bytes.length + 1)).toSorted((a, b) => a - b)) {
    yield bytes.subarray(from, to);
    from = to;
  }
  yield bytes.subarray(from);
}

/** As a frame is compared: bytes as an array, headers as they are in JSON, which knows no -0. */
function plain(frame: Frame): unknown {
  const { body } = frame;
  return {
    ...frame,
    header: JSON.parse(JSON.stringify(frame.header)) as unknown,
    body: body instanceof Uint8Array ? ["bytes", Buffer.from(body).toString("base64")] : body,
  };
}

describe("frames", () => {
  it("come out as they went in, wherever the bytes are cut", () => {
    fc.assert(
      fc.property(
        fc.array(frames, { maxLength: 12 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        fc.uniqueArray(fc.integer({ min: 0, max: 12 })),
        (sent, cuts, takes) => {
          const bytes = encode(sent, new Set(takes));
          const got = decode(cut(bytes, cuts));
          expect(got.frames.map(plain)).toEqual(sent.map(plain));
          expect(got.isMidFrame).toBe(false);
        },
      ),
      { numRuns: 150 },
    );
  });

  it("come out as they went in, byte by byte", () => {
    const sent: Frame[] = [
      { kind: FrameKind.job, job: 7, note: 0, header: { id: "żółw" }, body: "🐢" },
      { kind: FrameKind.started, job: 7, note: 0, header: {}, body: undefined },
      { kind: FrameKind.outcome, job: 4_294_967_295, note: 65_535, header: {}, body: Uint8Array.of(0, 255) },
    ];
    const bytes = encode(sent);
    expect(decode([...bytes].map((byte) => Uint8Array.of(byte))).frames.map(plain)).toEqual(sent.map(plain));
  });

  it("of one turn are one chunk", () => {
    const encoder = new FrameEncoder();
    for (let job = 1; job <= 100; job++) encoder.add(FrameKind.job, job, 0, '{"id":"x"}', "body");
    expect(encoder.isEmpty).toBe(false);
    expect(encoder.take()).toHaveLength(1);
    expect(encoder.isEmpty).toBe(true);
    expect(encoder.take()).toEqual([]);
  });

  it("do not change after they were taken", () => {
    const encoder = new FrameEncoder();
    encoder.add(FrameKind.job, 1, 0, undefined, "first");
    const first = encoder.take();
    const before = Buffer.concat(first);
    encoder.add(FrameKind.job, 2, 0, undefined, "second");
    encoder.take();
    expect(Buffer.concat(first)).toEqual(before);
  });

  it("pass long bytes on uncopied", () => {
    const body = new Uint8Array(1024 * 1024);
    const encoder = new FrameEncoder();
    encoder.add(FrameKind.job, 1, 0, undefined, body);
    expect(encoder.take()[1]).toBe(body);
  });

  it("that end in the middle say so", () => {
    const bytes = encode([{ kind: FrameKind.job, job: 1, note: 0, header: {}, body: "content" }]);
    expect(decode([bytes.subarray(0, bytes.length - 1)])).toEqual({ frames: [], isMidFrame: true });
  });

  it.each([
    ["text in their place", Buffer.from("Debugger attached.\n and more of it"), /got 1969382724, in "Debugger attached/],
    ["a length below the shortest", Buffer.from([3, 0, 0, 0, 2]), /expected a length from 12/],
    ["an unknown kind", patched(4, 99), /expected a known kind of frame, got 99/],
    ["an unknown kind of body", patched(5, 9), /expected a known kind of body, got 9/],
    ["a header longer than the frame", patched(13, 1), /expected a header of at most/],
    ["a header that is no JSON", patched(16, 0x7d), /expected a header in JSON/],
    ["a header that is no object", encodeRaw("[1]"), /expected a JSON object for a header/],
    ["a body where none is announced", patched(5, 0), /expected no body, got 4 bytes/],
  ])("are refused with a sentence: %s", (_, bytes, message) => {
    const decoding = (): unknown => decode([bytes]);
    expect(decoding).toThrow(PoolError);
    expect(decoding).toThrow(message);
  });

  it("above the limit are refused, with their size", () => {
    const oversized = { length: MAX_FRAME_BYTES } as Uint8Array;
    expect(() => checkFrameSize("{}", oversized)).toThrow(/above the 536870912 bytes/);
    const encoder = new FrameEncoder();
    expect(() => encoder.add(FrameKind.job, 1, 0, "{}", oversized)).toThrow(PoolError);
    expect(encoder.isEmpty).toBe(true);
  });
});

describe("an outcome's note", () => {
  it("carries a run time to the hundredth of a millisecond, up to a third of a second, and the memory mark", () => {
    expect(noteRunTimeMs(outcomeNote(1.23, false))).toBeCloseTo(1.23);
    expect(noteRunTimeMs(outcomeNote(60_000, true))).toBeCloseTo(327.67);
    expect(isNoteAboveMemory(outcomeNote(60_000, true))).toBe(true);
    expect(isNoteAboveMemory(outcomeNote(60_000, false))).toBe(false);
  });
});

function patched(at: number, byte: number): Buffer {
  const bytes = encode([{ kind: FrameKind.job, job: 1, note: 0, header: { a: 1 }, body: "body" }]);
  bytes[at] = byte;
  return bytes;
}

function encodeRaw(headerJson: string): Buffer {
  const encoder = new FrameEncoder();
  encoder.add(FrameKind.job, 1, 0, headerJson);
  return Buffer.concat(encoder.take());
}
