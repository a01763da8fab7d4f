// Arguments that do not fit: refused before they are sent where the caller knows the task, else the task fails and its caller reads why.
import { expect, it } from "vitest";
import { rejectionOf, Rig } from "./rig.ts";

it("is refused by the caller, who sends nothing, or fails at the worker, which goes on", async () => {
  await using rig = new Rig();
  const tooMany = rig.tasks.add.applyAsync([1, 2, 3] as never);
  expect(await rejectionOf(tooMany)).toMatchObject({
    code: "CELERIAC_TASK_ARGUMENTS",
    message: expect.stringMatching(/the arguments of task bad\.add are wrong: expected at most 2 arguments \(x, y\), got 3/),
  });
  const unknownName = rig.tasks.add.applyAsync([1] as never, { kwargs: { z: 1 } });
  expect(await rejectionOf(unknownName)).toMatchObject({
    code: "CELERIAC_TASK_ARGUMENTS",
    message: expect.stringMatching(/bad\.add.*"?z"?/),
  });
  expect(await rig.waiting()).toBe(0);

  const worker = await rig.worker();
  // A Python program, say, that does not know the task.
  const byName = await rig.tasks.app.sendTask("bad.add", [1, 2, 3]);
  expect(await rejectionOf(byName.get({ timeout: "20s" }))).toMatchObject({
    message: expect.stringMatching(/expected at most 2 arguments \(x, y\), got 3/),
  });
  expect([await byName.state(), await rig.deadLetters()]).toEqual(["FAILURE", []]);
  const called = await rig.run(["call", "bad.add", "-a", "[1, 2, 3]", "--wait", "-t", "20s"]);
  expect([called.code, called.stdout, called.stderr]).toEqual([
    1,
    "",
    expect.stringMatching(/the arguments of task bad\.add are wrong: expected at most 2 arguments \(x, y\), got 3/),
  ]);
  expect(await (await rig.tasks.add.delay(1, 2)).get({ timeout: "20s" })).toBe(3);
  expect(worker.child.exitCode).toBeNull();
});
