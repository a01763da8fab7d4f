import { describe, expect, it } from "vitest";
import { errorText } from "./error-text.ts";

describe("errorText", () => {
  it("has the stack and the causes", () => {
    const text = errorText(new Error("outer", { cause: new TypeError("inner", { cause: "root" }) }));
    expect(text).toMatch(/^Error: outer\n {4}at .*/);
    expect(text).toMatch(/caused by: TypeError: inner/);
    expect(text).toMatch(/caused by: root$/);
  });

  it("ends where causes go in a circle", () => {
    const [a, b] = [new Error("a"), new Error("b")];
    a.cause = b;
    b.cause = a;
    expect(errorText(a).match(/caused by/g)).toHaveLength(5);
  });

  it("says that what was thrown is no error", () => {
    expect(errorText("oops")).toBe("a value that is no error was thrown: oops");
  });
});
