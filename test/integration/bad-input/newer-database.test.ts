// A database that a newer Celeriac wrote: refused, left as it is, and what waits in it is executed once the right version comes.
import { DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
import { Rig } from "./rig.ts";

/** Reads the version of a database, or writes another. @returns the one that it had */
function version(path: string, next?: number): number {
  const db = new DatabaseSync(path);
  const before = Number(db.prepare("PRAGMA user_version").get()?.["user_version"]);
  if (next !== undefined) db.exec(`PRAGMA user_version = ${next}`);
  db.close();
  return before;
}

it("is refused by a caller and by a worker, and keeps what it holds", async () => {
  await using rig = new Rig();
  const { id } = await rig.tasks.add.delay(20, 22);
  await rig.tasks.app.close();
  const ours = version(rig.database, 99);

  const [call, worker] = await Promise.all([rig.run(["call", "bad.add", "-a", "[1, 2]"]), rig.run(["worker"])]);
  for (const end of [call, worker]) {
    expect(end.code).toBe(1);
    expect(end.stderr).toMatch(
      /tasks\.db cannot be used: it was written by a newer Celeriac \(its version is 99, this one knows up to \d+\); upgrade celeriac/,
    );
  }
  expect(version(rig.database, ours)).toBe(99);

  await rig.worker();
  const result = await rig.run(["result", id, "-t", "20s"]);
  expect([result.code, result.stdout]).toEqual([0, "42\n"]);
});
