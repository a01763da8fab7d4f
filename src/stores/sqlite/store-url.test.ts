import { describe, expect, it } from "vitest";
import { parseStoreUrl } from "./store-url.ts";

const parsed = (url: string, options = {}): Record<string, unknown> => ({ ...parseStoreUrl(url, options) });

describe("parseStoreUrl", () => {
  it("reads relative and absolute paths, and escaped characters", () => {
    expect(parsed("sqlite://shop.db")["path"]).toBe("shop.db");
    expect(parsed("sqlite://data/shop.db")["path"]).toBe("data/shop.db");
    expect(parsed("sqlite:///var/lib/a%20b.db")["path"]).toBe("/var/lib/a b.db");
  });
  it("reads options from the query and from the driver's options, the query first", () => {
    expect(parsed("sqlite://a.db?synchronous=full", { synchronous: "normal" })["options"]).toMatchObject({ synchronous: "full" });
    expect(parsed("sqlite://a.db", { maxPageCount: "20" })["options"]).toMatchObject({ maxPageCount: 20, synchronous: "normal" });
    expect(parsed("sqlite://a.db?forceUnsafeSqlite=true")["options"]).toMatchObject({ forceUnsafeSqlite: true });
  });
  it.each([
    ["sqlite://:memory:", /memory:\/\//],
    ["sqlite://", /names no file/],
    ["sqlite:shop.db", /sqlite:\/\/path/],
    ["sqlite://a.db?synchronus=full", /did you mean synchronous\?/],
    ["sqlite://a.db?synchronous=off", /normal or full, got: "off"/],
    ["sqlite://a.db?forceUnsafeSqlite=maybe", /true or false/],
    ["sqlite://a.db?maxPageCount=-1", /maxPageCount/],
    ["sqlite://a%b.db", /%25/],
  ])("refuses %s with a sentence", (url, problem) => {
    expect(parsed(url)["problem"]).toMatch(problem);
  });
  it("leaves options of other drivers alone", () => {
    expect(parsed("sqlite://a.db", { visibilityTimeout: 10 })).not.toHaveProperty("problem");
  });
});
