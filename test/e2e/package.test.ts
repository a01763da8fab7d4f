// The package as a newcomer meets it: installed from the packed tarball into an empty project, types and command included.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");
const project = mkdtempSync(path.join(tmpdir(), "celeriac-newcomer-"));

function run(command: string, args: readonly string[], cwd = project): { readonly code: number | null; readonly output: string } {
  const result = spawnSync(command, args, { cwd, encoding: "utf8" });
  return { code: result.status, output: `${result.stdout}${result.stderr}` };
}

const tasks = `import { Celeriac } from "celeriac";

export const app = new Celeriac("shop", { broker: "sqlite://shop.db" });
export const add = app.task("shop.add", (x: number, y: number) => x + y);
`;

const program = `import { app, add } from "./tasks.ts";

const result = await add.delay(2, 3);
const value: number = await result.get({ timeout: "30s" });
console.log("sum", value, add(2, 3));
await app.close();
`;

describe("the packed package in an empty project", () => {
  beforeAll(() => {
    const packed = run("npm", ["pack", "--silent", "--pack-destination", project], root);
    expect(packed.code, packed.output).toBe(0);
    const tarball = readdirSync(project).find((name) => name.endsWith(".tgz"));
    writeFileSync(path.join(project, "package.json"), JSON.stringify({ name: "newcomer", private: true, type: "module" }));
    const installed = run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", `./${tarball}`]);
    expect(installed.code, installed.output).toBe(0);
    const options = {
      target: "es2024",
      module: "nodenext",
      strict: true,
      noEmit: true,
      allowImportingTsExtensions: true,
      skipLibCheck: false,
      types: [],
    };
    writeFileSync(path.join(project, "tsconfig.json"), JSON.stringify({ compilerOptions: options, include: ["*.ts"] }));
    writeFileSync(path.join(project, "tasks.ts"), tasks);
    writeFileSync(path.join(project, "program.ts"), program);
  }, 180_000);

  afterAll(() => rmSync(project, { recursive: true }));

  it("infers the types of tasks and results", () => {
    const compiled = run(path.join(root, "node_modules/.bin/tsc"), ["-p", "."]);
    expect(compiled.output).toBe("");
  });

  it("does not compile a call with wrong arguments", () => {
    writeFileSync(
      path.join(project, "wrong.ts"),
      `import { add } from "./tasks.ts";\nawait add.delay("2", 3);\nconst text: string = await (await add.delay(2, 3)).get();\nconsole.log(text);\n`,
    );
    const compiled = run(path.join(root, "node_modules/.bin/tsc"), ["-p", "."]);
    rmSync(path.join(project, "wrong.ts"));
    expect(compiled.output).toMatch(/wrong\.ts\(2,17\).*'string' is not assignable/);
    expect(compiled.output).toMatch(/wrong\.ts\(3,7\).*'number' is not assignable/);
  });

  it("runs a task in a worker that the command starts", async () => {
    const worker = spawn(
      process.execPath,
      ["node_modules/celeriac/dist/cli/celeriac.js", "-A", "tasks.ts", "worker", "-c", "1", "-l", "error"],
      { cwd: project, stdio: "inherit" },
    );
    const ended = new Promise<number | null>((resolve) => worker.once("exit", resolve));
    const ran = run(process.execPath, ["program.ts"]);
    worker.kill("SIGTERM");
    expect(ran.output).toContain("sum 5 5");
    expect(await ended).toBe(0);
  });

  it("says its version", () => {
    expect(run("npx", ["celeriac", "--version"]).output).toMatch(/\d+\.\d+\.\d+/);
  });
});
