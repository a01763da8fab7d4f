// A task file that exports no app, or not the one that was asked for: the sentence says what it does export.
import { writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { Rig } from "./rig.ts";

it.each([
  [
    "nothing",
    "export {};",
    "",
    /no app was found in \S+shop\.ts: expected it to export an app, such as `export const app = new Celeriac\("name"\)`/,
  ],
  ["something else", "export const tasks = {};", "", /no app was found in \S+shop\.ts: expected it to export an app.*it exports tasks/],
  ["not the named one", "export const tasks = {};", ":billing", /no app was found in \S+shop\.ts: it has no export billing/],
])("is refused with exit 1: it exports %s", async (_what, source, suffix, sentence) => {
  await using rig = new Rig();
  await rig.tasks.add.delay(1, 2);
  writeFileSync(rig.file("shop.ts"), `${source}\n`);
  const app = rig.file("shop.ts") + suffix;
  const [call, worker] = await Promise.all([rig.run(["call", "bad.add"], { app }), rig.run(["worker"], { app })]);
  for (const end of [call, worker]) expect([end.code, end.stdout, end.stderr]).toEqual([1, "", expect.stringMatching(sentence)]);
  expect(await rig.waiting()).toBe(1);
});
