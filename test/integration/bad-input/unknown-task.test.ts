// A task that the worker does not know: its caller is told, its message is kept, and the others go on.
import { expect, it } from "vitest";
import { rejectionOf, Rig, says } from "./rig.ts";

it("fails with NotRegistered, becomes a dead letter that can be sent back, and costs the others nothing", async () => {
  await using rig = new Rig();
  const worker = await rig.worker();
  const unknown = await rig.tasks.app.sendTask("bad.ad", [1, 2]);
  const known = await rig.tasks.add.delay(1, 2);
  expect(await rejectionOf(unknown.get({ timeout: "20s" }))).toMatchObject({
    name: "NotRegistered",
    message: expect.stringContaining('"bad.ad"'),
  });
  expect([await unknown.state(), await known.get({ timeout: "20s" })]).toEqual(["FAILURE", 3]);
  await says(
    worker,
    /Received unregistered task of type "bad\.ad".*did you mean "bad\.add"\?.*kept among the dead letters of the queue celery/,
  );
  expect(await rig.deadLetter(unknown.id)).toMatchObject({ task: "bad.ad", reason: "unknown-task" });

  const redriven = await rig.run(["dead", "redrive", unknown.id]);
  expect([redriven.code, redriven.stdout]).toEqual([0, "Sent back 1 message to the queue celery\n"]);

  const waited = await rig.run(["call", "bad.ad", "-a", "[1, 2]", "--wait", "-t", "20s"]);
  expect([waited.code, waited.stdout, waited.stderr]).toEqual([1, "", expect.stringMatching(/^FAILURE: NotRegistered: .*"bad\.ad"/)]);
});
