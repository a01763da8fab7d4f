// A file that is no database, or is one no more: the sentence says which, and the file is left as it is, for whoever restores it.
import { readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { Rig } from "./rig.ts";

/** Overwrites all pages but the first. */
function garble(path: string): void {
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.fill(0x5a, 8192));
}

it.each([
  [
    "a text",
    (rig: Rig) => writeFileSync(rig.database, "name,price\n".repeat(100)),
    /it is no SQLite database; give the path of another file, or move this one away/,
  ],
  [
    "garbled pages",
    async (rig: Rig) => {
      await rig.tasks.add.delay(1, 2);
      await rig.tasks.app.close();
      garble(rig.database);
    },
    /it is corrupt \(.*\); restore it from a backup, or move it away/,
  ],
])("is refused by a caller and by a worker, and not changed: %s", async (_what, spoil, sentence) => {
  await using rig = new Rig();
  await spoil(rig);
  const before = readFileSync(rig.database);
  const [call, worker] = await Promise.all([rig.run(["call", "bad.add", "-a", "[1, 2]"]), rig.run(["worker"])]);
  for (const end of [call, worker]) {
    expect([end.code, end.stderr]).toEqual([1, expect.stringMatching(sentence)]);
    expect(end.stderr).toContain(rig.database);
    expect(end.stderr).not.toMatch(/\n +at /);
  }
  expect(readFileSync(rig.database).equals(before)).toBe(true);
});
