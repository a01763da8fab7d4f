// A database that this user cannot write: the sentence says which path and which right is missing, and the worker does not hang on trying.
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { getuid } from "node:process";
import { expect, it } from "vitest";
import { Rig } from "./rig.ts";

// The rights of files mean nothing to root, but not even root makes files in /proc.
const asRoot = getuid?.() === 0;

/** A path that cannot be written, in the rig's folder where that is possible. */
function unwritablePath(rig: Rig): string {
  if (asRoot) return "/proc/celeriac-bad-input.db";
  const folder = rig.file("locked");
  mkdirSync(folder);
  chmodSync(folder, 0o555);
  return `${folder}/tasks.db`;
}

it("is refused by a caller and by a worker", async () => {
  await using rig = new Rig();
  const broker = `sqlite://${unwritablePath(rig)}`;
  const [call, worker] = await Promise.all([rig.run(["call", "bad.add", "-a", "[1, 2]"], { broker }), rig.run(["worker"], { broker })]);
  for (const end of [call, worker]) {
    expect([end.code, end.stderr]).toEqual([
      1,
      expect.stringContaining(`the database ${broker.slice("sqlite://".length)} cannot be used: `),
    ]);
    expect(end.stderr).toMatch(/cannot be (written|opened).*(this user|right)/);
    expect(end.stderr).not.toMatch(/\n +at /);
  }
});

it.each([
  ["its folder does not exist", "missing/tasks.db", /its folder \S+missing does not exist; make it, or correct the path/],
  ["its folder is a file", "file/tasks.db", /\S+file is no folder; correct the path/],
  ["it is a folder", "folder", /it is a folder; name a file in it/],
])("is refused with the reason: %s", async (_why, path, sentence) => {
  await using rig = new Rig();
  writeFileSync(rig.file("file"), "");
  mkdirSync(rig.file("folder"));
  const end = await rig.run(["call", "bad.add", "-a", "[1, 2]"], { broker: `sqlite://${rig.file(path)}` });
  expect([end.code, end.stderr]).toEqual([1, expect.stringMatching(sentence)]);
});
