// Finding apps in modules, and the modules of an app's tasks.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { findApp, findAppModule } from "../../src/app/discovery.ts";
import { temporaryFolder, testApp } from "../support/app.ts";

const celeriac = new URL("../../src/app/celeriac.ts", import.meta.url).href;
const appText = (name: string): string =>
  `new CeleriacApp(${JSON.stringify(name)}, { broker: "memory://found" }, { drivers: { brokers: {}, backends: {} }, env: {} })`;
const header = `import { CeleriacApp } from ${JSON.stringify(celeriac)};\n`;

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

describe("finding an app", () => {
  it("takes a file with or without its ending, a folder, a URL or a package, and strips types", async () => {
    const folder = folderWith({
      "tasks.ts": `${header}export const app: CeleriacApp = ${appText("tasks")};`,
      "proj/celeriac.mjs": `${header}export default ${appText("proj")};`,
      "package.json": "{}",
      "node_modules/pack/package.json": '{ "name": "pack", "main": "main.mjs", "type": "module" }',
      "node_modules/pack/main.mjs": `${header}export const celeriac = ${appText("pack")};`,
    });
    for (const spec of ["tasks.ts", "./tasks", "tasks", join(folder, "tasks.ts"), pathToFileURL(join(folder, "tasks.ts")).href]) {
      expect((await findApp(spec, folder)).name, spec).toBe("tasks");
    }
    expect((await findApp("proj", folder)).name).toBe("proj");
    expect(await findAppModule("pack", folder)).toMatchObject({
      app: { name: "pack" },
      exportName: "celeriac",
      url: expect.stringContaining("main.mjs") as string,
    });
  });

  it("prefers the usual exports, else takes any app, and the one that is named", async () => {
    const folder = folderWith({
      "several.ts": `${header}export const other = ${appText("other")};\nexport const app = ${appText("app")};\nexport const notAnApp = { name: "x" };`,
      "odd.ts": `${header}export const n = 1;\nexport const odd = ${appText("odd")};`,
    });
    expect((await findApp("several.ts", folder)).name).toBe("app");
    expect((await findApp("several.ts:other", folder)).name).toBe("other");
    expect((await findApp("odd", folder)).name).toBe("odd");
    await expect(findApp("several.ts:othr", folder)).rejects.toThrow("it has no export othr; did you mean other?");
    await expect(findApp("several.ts:notAnApp", folder)).rejects.toThrow("its export notAnApp is no Celeriac app; ");
  });

  it("says what is wrong where there is none", async () => {
    const folder = folderWith({
      "empty.ts": "export {};",
      "throws.ts": "throw new RangeError('at import');",
      "broken.ts": "export const x = ;",
      "missing.ts": 'import "./not-there.ts";',
    });
    await expect(findApp("nowhere.ts", folder)).rejects.toMatchObject({ code: "CELERIAC_APP_NOT_FOUND" });
    await expect(findApp("no-such-package", folder)).rejects.toThrow("there is no such file or package; looked from");
    await expect(findApp("empty.ts", folder)).rejects.toThrow("expected it to export an app");
    await expect(findApp("throws.ts", folder)).rejects.toMatchObject({
      code: "CELERIAC_APP_IMPORT_FAILED",
      message: expect.stringContaining("RangeError: at import") as string,
    });
    await expect(findApp("broken.ts", folder)).rejects.toMatchObject({ code: "CELERIAC_APP_IMPORT_FAILED" });
    await expect(findApp("missing.ts", folder)).rejects.toThrow(/not-there/);
  });
});

describe("finalize", () => {
  it("imports imports, include and what is to be discovered, in that order, once", async () => {
    const note = (name: string): string => `(globalThis.celeriacImports ??= []).push(${JSON.stringify(name)});`;
    const folder = folderWith({
      "imported.ts": note("imported"),
      "included.ts": note("included"),
      "a/tasks.ts": note("a/tasks"),
      "b/jobs.ts": note("b/jobs"),
      "c/readme.md": "",
      "globbed/one.task.ts": note("one"),
      "globbed/two.task.ts": note("two"),
      "now/tasks.ts": note("now"),
    });
    const app = testApp({ imports: [join(folder, "imported.ts")], include: [join(folder, "included")] });
    const imported = (): unknown => (globalThis as { celeriacImports?: unknown }).celeriacImports;
    await app.autodiscoverTasks(["a", "c"], { from: folder });
    await app.autodiscoverTasks(() => ["b"], { from: pathToFileURL(join(folder, "imported.ts")), relatedName: "jobs" });
    await app.autodiscoverTasks(["globbed/*.task.ts"], { from: folder });
    expect(imported()).toBeUndefined();
    await app.autodiscoverTasks(["now"], { from: folder, force: true });
    const hooks: string[] = [];
    app.on("importModules", () => void hooks.push("importModules"));
    app.on("onAfterFinalize", () => void hooks.push("onAfterFinalize"));
    await app.finalize();
    expect(imported()).toEqual(["now", "imported", "included", "a/tasks", "b/jobs", "one", "two"]);
    expect(hooks).toEqual(["importModules", "onAfterFinalize"]);
    delete (globalThis as { celeriacImports?: unknown }).celeriacImports;
  });

  it("says which setting names a module that is not there, and what a module threw", async () => {
    await expect(testApp({ include: ["./nowhere.ts"] }).finalize()).rejects.toThrow(
      "expected the setting include to name files and packages",
    );
    const folder = folderWith({ "x/tasks.ts": "throw new Error('in tasks');" });
    const app = testApp();
    await app.autodiscoverTasks(["x"], { from: folder });
    await expect(app.finalize()).rejects.toThrow("in tasks");
  });
});
