import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const entry = new URL("../index.ts", import.meta.url).href;

/** Imports the package where Node says that it is of this version. */
const importOn = (version: string): Promise<{ readonly stdout: string }> =>
  promisify(execFile)(process.execPath, [
    "--input-type=module",
    "--eval",
    `Object.defineProperty(process.versions, "node", { value: ${JSON.stringify(version)} });
     await import(${JSON.stringify(entry)}).then(() => console.log("imported"), (error) => console.log(error.message));`,
  ]);

test("the package refuses an unsupported Node with a sentence, before anything else of it runs", async () => {
  const [old, supported] = await Promise.all([importOn("20.19.1"), importOn("24.15.0")]);
  expect(old.stdout).toMatch(/^Celeriac cannot run here: expected Node 24\.15 or newer, got: 20\.19\.1\./);
  expect(supported.stdout).toBe("imported\n");
});
