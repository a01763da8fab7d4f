// What a killed worker held, when no other worker lives: it is still listed, and a purge removes it.
import { expect, it } from "vitest";
import { Rig, says } from "./rig.ts";

it("is counted and purged although no worker is there to take it over", async () => {
  await using rig = new Rig();
  const worker = await rig.worker();
  await rig.tasks.hang.delay();
  await rig.tasks.add.delay(1, 2);
  await says(worker, /Task bad\.add\[.*\] received/);
  worker.child.kill("SIGKILL");
  await worker.ended;
  const listed = await rig.run(["list", "queues", "--json"]);
  expect(JSON.parse(listed.stdout)).toEqual([{ queue: "celery", messages: 2, consumers: 0 }]);
  const purged = await rig.run(["purge", "-f"]);
  expect([purged.code, purged.stdout]).toEqual([0, "Purged 2 messages from 1 queue (celery)\n"]);
});
