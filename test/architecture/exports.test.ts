// Every name that every entry point exports, so that the public surface changes only on purpose: run with `-u` to accept a change.
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");
const manifest = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
  readonly exports: Readonly<Record<string, unknown>>;
};

/** The names in the re-exports of a file; types are marked. */
function namesIn(file: string): string[] {
  const text = readFileSync(path.join(root, file), "utf8");
  const names = [...text.matchAll(/^export (type )?\{([^}]*)\}/gm)].flatMap(([, type = "", list = ""]) =>
    list
      .split(",")
      .map((name) => name.trim())
      .filter(Boolean)
      .map((name) => (name.startsWith("type ") ? name : `${type}${name}`)),
  );
  return names.toSorted();
}

describe("the public entry points", () => {
  for (const [subpath, target] of Object.entries(manifest.exports)) {
    if (typeof target === "string") continue;
    const built = (target as { readonly default: string }).default;
    it(`${subpath} exports what it did`, () => {
      const source = built.replace("./dist/", "src/").replace(/\.js$/, ".ts");
      expect(namesIn(source)).toMatchSnapshot();
    });
  }
});
