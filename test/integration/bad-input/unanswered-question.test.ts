// A command that asks, where nobody can answer (cron, CI): it removes nothing, and says how to be sure.
import { expect, it } from "vitest";
import { Rig } from "./rig.ts";

it("ends with a sentence and a failure, and removes nothing", async () => {
  await using rig = new Rig();
  await rig.tasks.add.delay(1, 2);
  const end = await rig.run(["purge"]);
  expect([end.code, end.stdout]).toEqual([1, expect.not.stringContaining("Purged")]);
  expect(end.stderr).toMatch(/-f\b/);
  expect(end.stderr).not.toMatch(/unsettled|\n +at /);
  expect(await rig.waiting()).toBe(1);
});
