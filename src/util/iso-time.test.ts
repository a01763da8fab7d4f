import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatIsoTime, isIsoClock, parseIsoTime } from "./iso-time.ts";

describe("parseIsoTime", () => {
  it.each([
    ["2024-02-29T12:30:45.123456+05:30", "2024-02-29T07:00:45.123Z", 330],
    ["2024-02-29T12:30:45-0130", "2024-02-29T14:00:45Z", -90],
    ["2024-060", "2024-02-29T00:00:00Z", null],
    ["2020-W53-7", "2021-01-03T00:00:00Z", null],
    ["2024W091", "2024-02-26T00:00:00Z", null],
    ["2024-02-29T12", "2024-02-29T12:00:00Z", null],
    ["2024", "2024-01-01T00:00:00Z", null],
  ])("reads %s", (text, same, offsetMinutes) => {
    expect(parseIsoTime(text)).toEqual({ epochMs: Date.parse(same), offsetMinutes });
  });

  it.each([
    "",
    "x",
    "2023-02-29",
    "2024-13-01",
    "2024-01-01T25:00",
    "2024-01-01T24:00:01",
    "2024-01-01T12:60",
    "2024-W54-1",
    "2023-366",
    "0000-01-01",
    "2024-01-01T12:00+24:00",
    "2024-01-01Z",
    " 2024-01-01",
  ])("does not take %j for a time", (text) => expect(parseIsoTime(text)).toBeUndefined());

  it("keeps years below 100", () => {
    expect(new Date(parseIsoTime("0001-01-01T00:00:00")?.epochMs ?? Number.NaN).getUTCFullYear()).toBe(1);
  });

  it("reads what formatIsoTime writes, to the millisecond", () => {
    const within = fc.integer({ min: Date.parse("0001-01-01"), max: Date.parse("9999-12-31T23:59:59.999Z") });
    fc.assert(
      fc.property(within, (ms) => {
        const text = formatIsoTime(ms);
        expect(text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}000\+00:00$/);
        expect(parseIsoTime(text)).toEqual({ epochMs: ms, offsetMinutes: 0 });
      }),
    );
  });
});

describe("isIsoClock", () => {
  it("tells a time of day from other texts", () => {
    expect(["01:02:03", "01:02", "010203.5Z", "24:00"].map(isIsoClock)).toEqual([true, true, true, true]);
    expect(["", "25:00", "1:2", "2024-01-01"].map(isIsoClock)).toEqual([false, false, false, false]);
  });
});
