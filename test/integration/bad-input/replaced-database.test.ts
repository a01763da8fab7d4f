// The database is removed, or another is put in its place, under a running worker: it must not go on with a file that nobody else sees.
import { rmSync } from "node:fs";
import { expect, it } from "vitest";
import { Rig } from "./rig.ts";

it("is noticed by the worker, which says so, and takes from the new file or ends with a failure", async () => {
  await using rig = new Rig();
  const worker = await rig.worker();
  expect(await (await rig.tasks.add.delay(1, 2)).get({ timeout: "20s" })).toBe(3);
  await rig.tasks.app.close();
  for (const ending of ["", "-wal", "-shm", ".wake"]) rmSync(rig.database + ending, { force: true });

  const called = rig.run(["call", "bad.add", "-a", "[20, 22]", "--wait", "-t", "10s"]);
  const first = await Promise.race([called, worker.ended]);
  expect(worker.output).toMatch(/tasks\.db.*(removed|replaced|moved|deleted|gone)/);
  if (first === (await called)) expect([first.code, first.stdout]).toEqual([0, "42\n"]);
  else expect(first.code).not.toBe(0);
});
