// A result that no serializer can write: the task has failed, its caller reads which part was to blame, and the child goes on.
import { expect, it } from "vitest";
import type { BadInputTasks } from "./tasks.ts";
import { rejectionOf, Rig } from "./rig.ts";

it("fails the task with the path of the value, and costs the others nothing", async () => {
  await using rig = new Rig();
  const worker = await rig.worker();
  const cases = [
    ["circle", /\.self refers back to \S/],
    ["closure", /\.rows\[1\] is a function/],
  ] as const satisfies readonly (readonly [keyof BadInputTasks, RegExp])[];
  for (const [name, sentence] of cases) {
    const result = await rig.tasks[name].delay();
    const error = await rejectionOf(result.get({ timeout: "20s" }));
    expect([name, error.name, error.message]).toEqual([name, "SerializationError", expect.stringMatching(sentence)]);
    expect(await result.state()).toBe("FAILURE");
  }
  expect(await (await rig.tasks.add.delay(1, 2)).get({ timeout: "20s" })).toBe(3);
  expect(await rig.waiting()).toBe(0);
  expect(worker.output).not.toMatch(/lost its process/);
});
