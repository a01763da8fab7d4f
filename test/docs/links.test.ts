import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { markdownFiles, proseOf, repository } from "../support/markdown.ts";

/** The names under which a heading can be linked to, as GitHub makes them. */
function anchorsOf(text: string): ReadonlySet<string> {
  const headings = [...proseOf(text).matchAll(/^#{1,6} (.+)$/gm)].map((match) => match[1] ?? "");
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
        .trim()
        .replaceAll(/\s/g, "-"),
    ),
  );
}

/** Links to files of the project, with the anchor where there is one. */
function linksOf(text: string): readonly (readonly [target: string, anchor: string | undefined])[] {
  return [...proseOf(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1] ?? "")
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => [link.split("#")[0] ?? "", link.split("#")[1]]);
}

describe("the links in the documents", () => {
  for (const { name, text } of markdownFiles()) {
    it(`lead somewhere: ${name}`, () => {
      for (const [target, anchor] of linksOf(text)) {
        const file = target === "" ? path.join(repository, name) : path.join(repository, path.dirname(name), target);
        expect(existsSync(file), `${name}: ${target} does not exist`).toBe(true);
        if (anchor !== undefined && file.endsWith(".md"))
          expect([...anchorsOf(readFileSync(file, "utf8"))], `${name}: ${target}#${anchor}`).toContain(anchor);
      }
    });
  }

  it("reach every document from docs/index.md", () => {
    const index = markdownFiles().find(({ name }) => name === "docs/index.md");
    const reached = linksOf(index?.text ?? "").map(([target]) => `docs/${target}`);
    for (const { name } of markdownFiles()) if (name.startsWith("docs/") && name !== "docs/index.md") expect(reached).toContain(name);
  });
});
