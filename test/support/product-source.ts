// The product's source as one text, for tests that look for uses of a name.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { repository } from "./markdown.ts";

/**
 * The source without tests, without the conformance suites, and without the tables that names come from, so that only real uses are found.
 * @param without further files or folders in src/ that are left out
 */
export function productSource({ without = [] }: { readonly without?: readonly string[] } = {}): string {
  return readdirSync(path.join(repository, "src"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !/\.test(-d)?\.ts$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !file.includes(path.join("errors", "codes")) && !file.includes(path.join("testing", "conformance")))
    .filter((file) => !without.some((part) => file.includes(path.join("src", part))))
    .map((file) => readFileSync(file, "utf8"))
    .join("\n");
}
