// A task file that throws while it is imported: the caller and the worker say what it threw and where, and what waits goes on waiting.
import { writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { Rig } from "./rig.ts";

it.each([
  [
    "an error",
    'throw new Error("DATABASE_URL is not set");',
    /threw while it was imported: Error: DATABASE_URL is not set\n[\s\S]*at .*shop\.ts:1/,
  ],
  ["no error at all", "throw null;", /shop\.ts.* threw while it was imported: null/],
  ["a mistake of grammar", "export const = 3;", /threw while it was imported: SyntaxError/],
  ["a package that is not installed", 'import "celeriac-no-such-package";', /Cannot find package 'celeriac-no-such-package'/],
])("is reported with the reason, exits 1, and costs no task: %s", async (_what, source, sentence) => {
  await using rig = new Rig();
  await rig.tasks.add.delay(1, 2);
  const app = rig.file("shop.ts");
  writeFileSync(app, `${source}\n`);
  const [call, worker] = await Promise.all([rig.run(["call", "bad.add", "-a", "[1, 2]"], { app }), rig.run(["worker"], { app })]);
  for (const end of [call, worker]) {
    expect([end.code, end.stdout, end.stderr]).toEqual([1, "", expect.stringMatching(sentence)]);
    expect(end.stderr).toMatch(/Hint: -A takes the file that exports the app/);
  }
  expect(await rig.waiting()).toBe(1);
});
