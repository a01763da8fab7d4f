// What a task leaves behind: a promise that is rejected when nobody awaits it, or an exception in a timer. It is logged, and the others go on.
import { expect, it } from "vitest";
import { Rig, says } from "./rig.ts";

it.each([[["-P", "prefork"]], [["-P", "async", "-c", "4"]]])("does not end the worker, nor another task: %j", async (options) => {
  await using rig = new Rig();
  const worker = await rig.worker({ options });
  expect(await (await rig.tasks.leaveRejection.delay()).get({ timeout: "20s" })).toBe("went on");
  await says(worker, /a promise was rejected and nobody awaited it: .*nobody awaits this/);
  expect(await (await rig.tasks.leaveLateRejection.delay()).get({ timeout: "20s" })).toBe("ended");
  await says(worker, /nobody awaited it: .*rejected after its task had ended/);
  expect(await (await rig.tasks.add.delay(1, 2)).get({ timeout: "20s" })).toBe(3);
  expect(worker.output).not.toMatch(/lost its process/);
});

it("loses no task to an exception that a timer of an ended task throws", async () => {
  await using rig = new Rig();
  const worker = await rig.worker();
  expect(await (await rig.tasks.leaveException.delay()).get({ timeout: "20s" })).toBe("ended");
  await says(worker, /thrown after its task had ended/);
  expect(await (await rig.tasks.add.delay(1, 2)).get({ timeout: "20s" })).toBe(3);
  expect(worker.child.exitCode).toBeNull();
});
