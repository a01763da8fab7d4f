// Everything that is checked without running the product: format, lint, types, dead code, and the package as it would be published.
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { requireSupportedNode, run } from "./commands.ts";

requireSupportedNode();
const folder = mkdtempSync(path.join(tmpdir(), "celeriac-pack-"));
const tarball = (): string => path.join(folder, readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "no-tarball");

const checks: readonly (readonly [name: string, check: () => number])[] = [
  ["format", () => run("oxfmt", ["--check", "."])],
  ["lint", () => run("oxlint", ["--type-aware", "--quiet", "."])],
  ["types", () => run("tsc", ["-p", "tsconfig.json"])],
  ["layers", () => run("vitest", ["run", "test/architecture"])],
  ["unused code", () => run("knip", [])],
  ["pack", () => run("npm", ["pack", "--silent", "--pack-destination", folder])],
  ["package", () => run("publint", ["run", tarball(), "--strict"])],
  ["types of the package", () => run("attw", [tarball(), "--profile", "esm-only"])],
];

const failed = checks.filter(([name, check]) => {
  console.log(`\n# ${name}`);
  return check() !== 0;
});
rmSync(folder, { recursive: true });
console.log(failed.length === 0 ? `\nall ${checks.length} checks passed` : `\nfailed: ${failed.map(([name]) => name).join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
