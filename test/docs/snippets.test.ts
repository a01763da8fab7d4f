// The programs in the documents are programs: each block that names its file, or that begins with an import, is compiled against the
// sources, together with the other files of its document.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { blocksOf, markdownFiles, repository } from "../support/markdown.ts";

const folder = mkdtempSync(path.join(tmpdir(), "celeriac-snippets-"));

/** Writes the complete blocks of all documents, a folder for each document; gives where each file came from. */
function writeSnippets(): ReadonlyMap<string, string> {
  const origins = new Map<string, string>();
  for (const { name, text } of markdownFiles()) {
    const home = path.basename(name, ".md");
    for (const block of blocksOf(text)) {
      const complete = block.language === "ts" && (block.file !== undefined || /^import\b/.test(block.text.trimStart()));
      if (!complete) continue;
      const file = path.join(home, block.file ?? `line-${block.line}.ts`);
      expect(origins.has(file), `${name}:${block.line}: ${file} was shown before`).toBe(false);
      origins.set(file, `${name}:${block.line}`);
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), `${block.text}export {};\n`);
    }
  }
  return origins;
}

/** Where each public import of the package has its source, from the exports in package.json. */
function sourcesOfExports(): Readonly<Record<string, readonly string[]>> {
  const { exports } = JSON.parse(readFileSync(path.join(repository, "package.json"), "utf8")) as {
    readonly exports: Readonly<Record<string, unknown>>;
  };
  const modules = Object.entries(exports).flatMap(([name, target]) => {
    const built = (target as { readonly default?: string }).default;
    return built === undefined
      ? []
      : [[path.posix.join("celeriac", name), [path.join(repository, built.replace("./dist/", "src/").replace(/\.js$/, ".ts"))]] as const];
  });
  return Object.fromEntries(modules);
}

function writeProject(): void {
  symlinkSync(path.join(repository, "node_modules"), path.join(folder, "node_modules"), "dir");
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ type: "module", private: true }));
  const project = {
    extends: path.join(repository, "tsconfig.json"),
    compilerOptions: {
      // As a user's own program has it; the sources that it reaches through the paths are checked with the project's own settings elsewhere.
      noPropertyAccessFromIndexSignature: false,
      paths: sourcesOfExports(),
      typeRoots: [path.join(repository, "node_modules/@types")],
    },
    include: ["**/*.ts"],
    exclude: ["node_modules"],
  };
  writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify(project));
}

describe("the programs in the documents", () => {
  afterAll(() => rmSync(folder, { recursive: true }));

  it("compile", () => {
    const origins = writeSnippets();
    expect(origins.size).toBeGreaterThan(20);
    writeProject();
    const tsc = spawnSync(path.join(repository, "node_modules/.bin/tsc"), ["-p", "tsconfig.json", "--pretty", "false"], {
      cwd: folder,
      encoding: "utf8",
    });
    const told = tsc.stdout.split(/\n(?=\S)/).filter((problem) => problem.trim() !== "");
    // What is wrong in the sources themselves is told elsewhere: `npm run check`.
    const ours = told.filter((problem) => !problem.startsWith(".."));
    // Said with the places in the documents, where they are to be corrected.
    const problems = ours.map((problem) =>
      problem.replace(/^([^\s(]+)\((\d+),/, (whole, file: string, line: string) => {
        const origin = /^(.*):(\d+)$/.exec(origins.get(file) ?? "");
        return origin === null ? whole : `${origin[1]}:${Number(origin[2]) + Number(line)} (`;
      }),
    );
    expect(problems).toEqual([]);
    expect(tsc.stderr).toBe("");
  });
});
