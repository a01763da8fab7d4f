// The folder tree is the architecture: layers.json says which folder may import which, and this test holds it.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const source = path.resolve(import.meta.dirname, "../../src");
const table = JSON.parse(readFileSync(path.resolve(import.meta.dirname, "../../layers.json"), "utf8")) as Readonly<
  Record<string, readonly string[]>
>;

/** The row that a file belongs to; undefined for the composition root, which may import anything. */
function folderOf(file: string): string | undefined {
  const [first = "", second, third] = path.relative(source, file).split(path.sep);
  if (second === undefined || first === "exports") return undefined;
  if (third === undefined) return first;
  return `${first}/${second}` in table || `${first}/*` in table ? `${first}/${second}` : first;
}

function isAllowed(from: string, to: string): boolean {
  const row = table[from] ?? table[`${from.split("/")[0]}/*`] ?? [];
  return row.some((allowed) => allowed === to || allowed === to.split("/")[0]);
}

/** A source file without its comments, so that no sentence is taken for an import. Line breaks stay. */
function codeOf(file: string): string {
  const text = readFileSync(file, "utf8");
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, " ")).replaceAll(/^\s*\/\/.*$/gm, "");
}

const IMPORT = /(?:\bfrom\s*|\bimport\s*\(?\s*)(["'])(\.{1,2}\/[^"']+)\1/g;
const DYNAMIC_DRIVER = /import\(\s*["']\.\/(?:brokers|backends|pools)\//g;

function sourceFiles(): string[] {
  return readdirSync(source, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !/\.test(-d)?\.ts$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name));
}

describe("the layer table", () => {
  it("has no circle", () => {
    const visit = (folder: string, trail: readonly string[]): void => {
      expect(trail, `${[...trail, folder].join(" -> ")} is a circle`).not.toContain(folder);
      for (const below of table[folder] ?? []) visit(below, [...trail, folder]);
    };
    for (const folder of Object.keys(table)) visit(folder, []);
  });

  it("is obeyed by every import", () => {
    const broken: string[] = [];
    for (const file of sourceFiles()) {
      const from = folderOf(file);
      if (from === undefined) continue;
      const code = codeOf(file);
      for (const match of code.matchAll(IMPORT)) {
        const to = folderOf(path.resolve(path.dirname(file), match[2] ?? ""));
        if (to === from) continue;
        const line = code.slice(0, match.index).split("\n").length;
        if (to === undefined || !isAllowed(from, to))
          broken.push(`${path.relative(source, file)}:${line}: ${from} may not import ${to ?? "the composition root"}`);
      }
    }
    expect(broken).toEqual([]);
  });

  it("leaves the dynamic imports of drivers to one file", () => {
    const files = sourceFiles().filter((file) => codeOf(file).match(DYNAMIC_DRIVER));
    expect(files.map((file) => path.relative(source, file))).toEqual(["drivers.ts"]);
  });

  it("knows every folder of the source", () => {
    const unknown = sourceFiles()
      .map(folderOf)
      .filter((folder): folder is string => folder !== undefined && !(folder in table) && !(`${folder.split("/")[0]}/*` in table));
    expect([...new Set(unknown)]).toEqual([]);
  });
});
