// A task that ends the process of a pool without children: the worker ends with it, but as a failure, and the task is not lost.
import { expect, it } from "vitest";
import { until } from "../../support/until.ts";
import { Rig } from "./rig.ts";

it.each(["async", "solo"])("ends a worker of the pool %s with a failure that is explained, and its message stays", async (pool) => {
  await using rig = new Rig();
  const worker = await rig.worker({ options: ["-P", pool] });
  await rig.tasks.exitAlways.delay(0);
  const end = await worker.ended;
  expect(end.code).not.toBe(0);
  expect(end.stderr).toMatch(/process\.exit|ended the process|exited/);
  const next = await rig.worker({ options: ["-Q", "other"] });
  expect(next.child.exitCode).toBeNull();
  await until("the message to be back in its queue", async () => (await rig.waiting()) === 1);
});
