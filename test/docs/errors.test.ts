import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { errorAdvice } from "../../scripts/error-advice.ts";
import { exampleMessage, renderErrorDocs } from "../../scripts/error-docs.ts";
import { type Code, codes } from "../../src/errors/codes.ts";
import { repository } from "../support/markdown.ts";
import { productSource } from "../support/product-source.ts";

const all = Object.keys(codes) as Code[]; // the table's own keys

describe("the reference of errors", () => {
  it("is what docs/errors.md holds; otherwise run: node scripts/write-error-docs.ts", () => {
    expect(readFileSync(path.join(repository, "docs/errors.md"), "utf8")).toBe(renderErrorDocs());
  });

  it("has a heading for every code", () => {
    const headings = [...renderErrorDocs().matchAll(/^### (\w+)$/gm)].map((match) => match[1]);
    expect(headings.toSorted()).toEqual(all.toSorted());
  });

  it("gives an example sentence for every code from which no fact is missing", () => {
    for (const code of all) expect(exampleMessage(code), code).not.toMatch(/undefined|NaN|\[object/);
  });

  it("gives one sentence of advice for every code", () => {
    for (const code of all) expect(errorAdvice[code].help, code).toMatch(/^[A-Z].*\.$/);
  });
});

describe("the table of error codes", () => {
  it("holds no code that nothing throws", () => {
    const source = productSource();
    expect(all.filter((code) => !source.includes(`"${code}"`))).toEqual([]);
  });
});
