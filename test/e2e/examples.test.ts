// The small programs in examples/, run as a user runs them: against the built package. Each ends by itself, and writes what stands in the
// expected.txt beside it.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");
const examples = path.join(root, "examples");
const programs = readdirSync(examples).filter((name) => existsSync(path.join(examples, name, "expected.txt")));

/** The environment without settings of an app: an example brings its own. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:CELERY|CELERIAC)_/.test(name)));
}

describe("the examples", () => {
  it("are there, and the package is built", () => {
    expect(programs.length).toBeGreaterThanOrEqual(3);
    expect(existsSync(path.join(root, "dist/index.js")), "dist/ is not built: run npm run build").toBe(true);
  });

  for (const name of programs) {
    it(`write what they should: ${name}`, () => {
      const folder = path.join(examples, name);
      const run = spawnSync(process.execPath, ["main.ts"], { cwd: folder, encoding: "utf8", env: cleanEnvironment(), timeout: 25_000 });
      expect(run.stdout, run.stderr).toBe(readFileSync(path.join(folder, "expected.txt"), "utf8"));
      expect(run.status, run.stderr).toBe(0);
    });
  }
});
