// A task that ends its process: its child is replaced, the others complete, and it ends as a failure that names the exit code.
import { expect, it } from "vitest";
import { rejectionOf, Rig } from "./rig.ts";

it("fails at once where it shall not run again; after the allowed deaths where it shall, and is then kept as a dead letter", async () => {
  await using rig = new Rig();
  const worker = await rig.worker({ options: ["task_max_child_deaths=2"] });
  const once = await rig.tasks.exitOnce.delay(3);
  const always = await rig.tasks.exitAlways.delay(0);
  const others = await Promise.all([1, 2, 3].map((x) => rig.tasks.add.delay(x, 1)));
  expect(await rejectionOf(once.get({ timeout: "25s" }))).toMatchObject({
    name: "WorkerLostError",
    message: expect.stringMatching(/Worker exited prematurely: exitcode 3/),
  });
  expect(await rejectionOf(always.get({ timeout: "25s" }))).toMatchObject({
    name: "WorkerLostError",
    message: expect.stringMatching(/Worker exited prematurely: exitcode 0.*The task has killed 2 processes/),
  });
  expect(await Promise.all(others.map((other) => other.get({ timeout: "25s" })))).toEqual([2, 3, 4]);
  expect(await rig.deadLetter(always.id)).toMatchObject({ task: "bad.exitAlways", reason: "redelivery-limit", deaths: { child: 2 } });
  expect(await rig.deadLetters()).toHaveLength(1);
  expect(worker.child.exitCode).toBeNull();
});
