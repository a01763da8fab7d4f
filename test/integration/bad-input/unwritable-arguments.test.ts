// Arguments that no serializer can write: the call is refused with the path of the value, and nothing is sent.
import { expect, it } from "vitest";
import { rejectionOf, Rig } from "./rig.ts";

const circle: Record<string, unknown> = {};
circle["self"] = circle;

it("are refused before they are sent", async () => {
  await using rig = new Rig();
  const cases = [
    [{ onDone: () => {} }, /args\[0\]\.onDone is a function/],
    [circle, /args\[0\]\.self refers back to args\[0\]/],
    [[Promise.resolve(1)], /args\[0\]\[0\] is a promise; await it first/],
    [new Map([[1, 2]]), /args\[0\] is a Map/],
    [Symbol("s"), /args\[0\] is a symbol/],
    [new Date(Number.NaN), /args\[0\] is a date/],
  ] as const;
  for (const [value, sentence] of cases) {
    expect(await rejectionOf(rig.tasks.echo.delay(value))).toMatchObject({
      code: "CELERIAC_ENCODE_FAILED",
      message: expect.stringMatching(sentence),
    });
  }
  expect(await rig.waiting()).toBe(0);
});
