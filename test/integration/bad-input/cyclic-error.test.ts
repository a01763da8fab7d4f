// An error with a circle in it, through its cause or a field: its name and its message reach the caller.
import { expect, it } from "vitest";
import { rejectionOf, Rig } from "./rig.ts";

it("reaches the caller with its name and message, and is logged once", async () => {
  await using rig = new Rig();
  const worker = await rig.worker();
  const byCause = await rig.tasks.cyclicCause.delay();
  const byField = await rig.tasks.cyclicFields.delay();
  expect(await rejectionOf(byCause.get({ timeout: "20s" }))).toMatchObject({ name: "RangeError", message: "the first" });
  expect(await rejectionOf(byField.get({ timeout: "20s" }))).toMatchObject({ name: "Error", message: "socket hang up" });
  expect([await byCause.state(), await byField.state()]).toEqual(["FAILURE", "FAILURE"]);
  expect(await byCause.traceback()).toMatch(/RangeError: the first\n\s+at /);
  const shown = await rig.run(["result", byCause.id]);
  expect([shown.code, shown.stderr]).toEqual([1, "FAILURE: RangeError: the first\n"]);
  expect(await (await rig.tasks.add.delay(1, 2)).get({ timeout: "20s" })).toBe(3);
  expect(worker.output.split(/raised unexpected: RangeError/)).toHaveLength(2);
});
