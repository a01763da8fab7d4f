import { globSync } from "node:fs";
import path from "node:path";
import { servicesNeededBy } from "./needed-services.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");

/** The test files that need a service, as paths from the root of the repository: the embedded run leaves them out. */
export function serviceTestFiles(): readonly string[] {
  return ["src/**/*.test.ts", "test/**/*.test.ts"]
    .flatMap((pattern) => globSync(pattern, { cwd: ROOT }))
    .filter((file) => servicesNeededBy(path.join(ROOT, file)).size > 0)
    .sort();
}
