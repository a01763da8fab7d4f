import { encode } from "@msgpack/msgpack";
import { describe, expect, it } from "vitest";
import { chordMemberHeads, decodeChordMember, encodeChordMember } from "./chord-member.ts";

const IDS = ["a", "0b578765-8e2a-4d42-b2e7-35c11803b4c6", 'quote " and \\', "täsk 🌱 \u007f", "x".repeat(40), "y".repeat(300)];

describe("a chord's member", () => {
  it("is written as Python writes it", () => {
    expect(encodeChordMember({ taskId: "a", status: "SUCCESS", result: "2" })).toBe('[1, "a", "SUCCESS", 2]');
    expect(encodeChordMember({ taskId: "é🌱", status: "FAILURE", result: '{"a": []}' })).toBe(
      String.raw`[1, "\u00e9\ud83c\udf31", "FAILURE", {"a": []}]`,
    );
    const packed = encodeChordMember({ taskId: "a", status: "SUCCESS", result: encode([1, "x"]) });
    expect(Buffer.from(packed)).toEqual(Buffer.from(encode([1, "a", "SUCCESS", [1, "x"]])));
  });

  it.each(IDS)("comes back the same: %s", (taskId) => {
    for (const result of ["null", '[1, "]"]', encode({ n: 1 }), Uint8Array.from([0, 200, 255])]) {
      const member = Buffer.from(encodeChordMember({ taskId, status: "REVOKED", result }));
      const read = decodeChordMember(member);
      expect([read.taskId, read.status]).toEqual([taskId, "REVOKED"]);
      expect(Buffer.from(read.result)).toEqual(Buffer.from(result));
      expect(chordMemberHeads(taskId, result).some((head) => member.indexOf(head) === 0)).toBe(true);
      expect(chordMemberHeads(`${taskId}x`, result).some((head) => member.indexOf(head) === 0)).toBe(false);
    }
  });

  it("is read however another program lays out its JSON", () => {
    for (const text of ['[1,"a","SUCCESS",[2]]', '[ 1 , "a" , "SUCCESS" , [2]]', '[1, "\\u0061", "SUCCESS", [2]]'])
      expect(decodeChordMember(Buffer.from(text))).toEqual({ taskId: "a", status: "SUCCESS", result: "[2]" });
  });

  it("is refused where it is none", () => {
    for (const bytes of ["", "x", "[1]", '[2, "a", "SUCCESS", 1]', '[1, "a", "SUCCESS", 1', String.raw`[1, "\q", "SUCCESS", 1]`, "\u0094"])
      expect(() => decodeChordMember(Buffer.from(bytes, "latin1"))).toThrow("[1, task id, state, result]");
    expect(() => decodeChordMember(Buffer.from([0x94, 0x01, 0xdb, 0xff, 0xff, 0xff, 0xff, 0x41]))).toThrow("[1, task id, state, result]");
    expect(() => decodeChordMember(Buffer.from([0x94, 0x01, 0xd9]))).toThrow("[1, task id, state, result]");
  });
});
