// The command line as a program: what it says when it is used wrongly, and what it exits with.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runCli, testApp } from "../support/run-cli.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "celeriac-cli-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe("celeriac", () => {
  it("prints its version and its help", async () => {
    const [version, help] = await Promise.all([runCli(["--version"]), runCli(["--help"])]);
    expect([version.code, version.stdout]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)]);
    expect(help.code).toBe(0);
    for (const command of ["worker", "call", "result", "purge", "list", "dead", "graph", "report"])
      expect(help.stdout).toMatch(new RegExp(`^  ${command} `, "m"));
  });

  it("exits 2 with a suggestion for a mistyped command or option", async () => {
    const [command, option] = await Promise.all([runCli(["wroker"]), runCli(["-A", testApp, "worker", "--concurency", "2"])]);
    expect([command.code, command.stderr]).toEqual([2, expect.stringContaining("(Did you mean worker?)")]);
    expect([option.code, option.stderr]).toEqual([2, expect.stringContaining("(Did you mean --concurrency?)")]);
  });

  it("closes the app where a command fails", async () => {
    const file = join(folder, "app.ts");
    const index = new URL("../../src/index.ts", import.meta.url).href;
    writeFileSync(
      file,
      `import { Celeriac } from ${JSON.stringify(index)};
export const app = new Celeriac("closing", { broker: "memory://" });
app.steps.worker.add({ name: "lonely", requires: ["nothing"] });
app.bugreport = () => { throw new Error("no report"); };
app.close = async () => console.log("closed");
`,
    );
    for (const command of [["report"], ["graph", "bootsteps"]]) {
      const end = await runCli(["-A", file, ...command]);
      expect([end.code, end.stdout], command[0]).toEqual([1, "closed\n"]);
    }
  });

  it("exits 2 for values that cannot be read, and names the option", async () => {
    const wrong = [
      [["worker", "-c", "many"], "-c, --concurrency"],
      [["worker", "-l", "loud"], "Expected DEBUG, INFO, WARNING, ERROR or CRITICAL"],
      [["call", "t.add", "-a", "2, 3"], "Expected JSON"],
      [["call", "t.add", "-a", '{"x":1}'], "Expected a JSON array"],
      [["call", "t.add", "--countdown", "soon"], "Expected seconds, or a number with a unit"],
      [["worker", "no_equals_sign"], "expected a setting as key=value"],
      [["dead", "redrive"], "expected ids of dead letters, or --all"],
      [["worker", "-Q", ""], "Expected one or more names, separated by commas"],
      [["purge", "-f", "-Q", ","], "Expected one or more names, separated by commas"],
      [["worker", "-P", "bogus"], "expected the pool to be one of"],
      [["worker", "-P", "prefrok"], "did you mean prefork?"],
      [["call", ""], "Expected a name"],
      [["result", " "], "Expected a name"],
      [["call", "t.add", "--priority", "256"], "a whole number from 0 to 255"],
    ] as const;
    const ends = await Promise.all(wrong.map(([args]) => runCli(["-A", testApp, ...args])));
    for (const [at, end] of ends.entries()) expect([end.code, end.stderr]).toEqual([2, expect.stringContaining(wrong[at]?.[1] ?? "?")]);
  });

  it("refuses an unknown setting with the one that was meant", async () => {
    const end = await runCli(["-A", testApp, "worker", "-P", "solo", "worker_prefetch_multiplyer=1"]);
    expect([end.code, end.stderr]).toEqual([1, expect.stringContaining("worker_prefetch_multiplier")]);
  });

  it("says which app it wants where none is named", async () => {
    const end = await runCli(["worker"]);
    expect([end.code, end.stderr]).toEqual([2, expect.stringContaining("give -A with the file that exports it")]);
  });

  it("exits 1 with a hint where the app's module is not there, throws, or exports no app", async () => {
    writeFileSync(join(folder, "throws.ts"), 'throw new Error("this module is broken");\n');
    writeFileSync(join(folder, "empty.ts"), "export const nothing = 1;\n");
    const [missing, throws, empty] = await Promise.all(
      ["missing.ts", "throws.ts", "empty.ts"].map((file) => runCli(["-A", file, "list", "tasks"], { cwd: folder })),
    );
    expect([missing?.code, missing?.stderr]).toEqual([1, expect.stringContaining("no app was found in missing.ts")]);
    expect([throws?.code, throws?.stderr]).toEqual([
      1,
      expect.stringMatching(/throws\.ts.*threw while it was imported: Error: this module is broken[\s\S]*throws\.ts:1[\s\S]*Hint:/),
    ]);
    expect([empty?.code, empty?.stderr]).toEqual([1, expect.stringContaining("it exports nothing")]);
  });

  it("exits 1 with a sentence where the broker cannot be used", async () => {
    writeFileSync(
      join(folder, "no-database"),
      "this is a text, and not a SQLite file, which begins otherwise and is longer than this one".repeat(50),
    );
    const ends = await Promise.all([
      runCli(["-A", testApp, "-b", "carrier-pigeon://roof", "call", "t.add"]),
      runCli(["-A", testApp, "-b", `sqlite://${join(folder, "no-database")}`, "call", "t.add", "-a", "[1,2]"]),
      runCli(["-A", testApp, "-b", "sqlite:///nowhere/at/all.db", "worker", "-P", "solo"]),
    ]);
    expect(ends.map(({ code }) => code)).toEqual([1, 1, 1]);
    expect(ends[0]?.stderr).toMatch(/no driver is known for carrier-pigeon:\/\//);
    expect(ends[1]?.stderr).toMatch(/the database .*no-database cannot be used/);
    expect(ends[2]?.stderr).toMatch(/nowhere/);
    for (const { stderr } of ends) expect(stderr).not.toMatch(/\n {4}at /);
  });

  it("says which module ends the process, or never ends its import, and exits 1", async () => {
    writeFileSync(join(folder, "exits.ts"), "process.exit(0);\n");
    writeFileSync(join(folder, "stuck.ts"), "await new Promise(() => {});\n");
    const [exits, stuck, included, missing] = await Promise.all([
      runCli(["-A", "exits.ts", "list", "tasks"], { cwd: folder }),
      runCli(["-A", "stuck.ts", "list", "tasks"], { cwd: folder }),
      runCli(["-q", "-A", testApp, "worker", "-P", "solo", "-I", "./exits.ts"], { cwd: folder }),
      runCli(["-q", "-A", testApp, "worker", "-P", "solo", "-I", "nomod"], { cwd: folder }),
    ]);
    expect([exits?.code, exits?.stderr]).toEqual([
      1,
      expect.stringMatching(/^celeriac: exits\.ts \(.*\) ended the process \(process\.exit\) while it was imported; nothing was done\n$/),
    ]);
    expect([stuck?.code, stuck?.stderr]).toEqual([
      1,
      expect.stringMatching(/^celeriac: expected stuck\.ts \(.*\) to end its import, but it waits at its top level .*\n$/),
    ]);
    expect([included?.code, included?.stderr]).toEqual([1, expect.stringContaining("exits.ts")]);
    expect([missing?.code, missing?.stderr]).toEqual([
      1,
      expect.stringMatching(
        /expected the worker's option include \(-I\) to name files and packages that can be imported, got: "nomod"; [^\n]*\n$/,
      ),
    ]);
  });

  it("refuses a path in place of a URL, and a result backend that nobody waits for", async () => {
    const [path, backend] = await Promise.all([
      runCli(["-A", testApp, "-b", "/tmp/x.db", "call", "t.add", "-a", "[1,2]"]),
      runCli(["-A", testApp, "--result-backend", "foo://x", "call", "t.add", "-a", "[1,2]"]),
    ]);
    expect([path?.code, path?.stderr]).toEqual([1, expect.stringContaining("for a SQLite file write sqlite:///tmp/x.db")]);
    expect([backend?.code, backend?.stderr]).toEqual([1, expect.stringContaining("no driver is known for foo://")]);
  });

  it("does not purge where nobody answers, and says what to do", async () => {
    const broker = `sqlite://${join(folder, "purge.db")}`;
    const [ended, no, yes] = await Promise.all(
      ["", "no\n", "yes\n"].map((input) => runCli(["-A", testApp, "-b", broker, "purge"], { input })),
    );
    expect([ended?.code, ended?.stderr]).toEqual([1, expect.stringContaining("nothing was removed; give -f where nobody is to be asked")]);
    expect([no?.code, no?.stdout]).toEqual([0, "Aborted: nothing was removed.\n"]);
    expect([yes?.code, yes?.stdout]).toEqual([0, "No messages purged from 1 queue (celery)\n"]);
  });

  it("takes the app from the environment, and another folder as its working folder", async () => {
    writeFileSync(join(folder, "shop.ts"), `export { app } from ${JSON.stringify(testApp)};\n`);
    const end = await runCli(["--workdir", folder, "list", "tasks"], { env: { CELERIAC_APP: "shop.ts" } });
    expect([end.code, end.stdout.split("\n")]).toEqual([0, expect.arrayContaining(["TASK", "t.add", "t.boom"])]);
    const wrong = await runCli(["--workdir", join(folder, "nowhere"), "-A", "shop.ts", "list", "tasks"]);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("--workdir")]);
  });
});
