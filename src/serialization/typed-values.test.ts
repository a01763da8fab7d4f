import { describe, expect, it } from "vitest";
import { Decimal } from "./decimal.ts";
import { PlainDate } from "./plain-date.ts";
import { PlainTime } from "./plain-time.ts";
import { Uuid } from "./uuid.ts";

describe("values that JSON has no form for", () => {
  it("refuse what they cannot be", () => {
    expect(() => new Decimal("1,5")).toThrow(/expected a decimal number/);
    expect(() => new Uuid("nope")).toThrow(/expected a UUID/);
    expect(() => new PlainDate(2023, 2, 29)).toThrow(/expected a day/);
    expect(() => PlainDate.from("x")).toThrow(/expected an ISO-8601 day/);
    expect(() => new PlainTime("25:00")).toThrow(/expected an ISO-8601 time of day/);
  });

  it("show themselves as text", () => {
    expect(
      [
        new Decimal(-1.5),
        new Uuid("{12345678-1234-5678-1234-567812345678}"),
        PlainDate.from("2024-02-29T23:00:00-05:00"),
        new PlainTime("01:02"),
      ].map(String),
    ).toEqual(["-1.5", "12345678-1234-5678-1234-567812345678", "2024-02-29", "01:02"]);
    expect(JSON.stringify([new Decimal("1E+3"), new Uuid("1".repeat(32)), new PlainDate(1, 1, 1), new PlainTime("01:02")])).toBe(
      '["1E+3","11111111-1111-1111-1111-111111111111","0001-01-01","01:02"]',
    );
    expect([new Decimal("-Infinity").toNumber(), new Decimal("sNaN").toNumber(), new Decimal("2.5").toNumber()]).toEqual([
      Number.NEGATIVE_INFINITY,
      Number.NaN,
      2.5,
    ]);
  });
});
