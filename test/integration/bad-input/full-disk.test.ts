// A full disk, as SQLite sees one when its pages are used up: what does not fit is refused, what was accepted is executed.
import { expect, it } from "vitest";
import { makeApp } from "./tasks.ts";
import { Rig, says, stopWorker } from "./rig.ts";

const PAGES = 60;

/** Sends tasks until one is refused. @returns the ids of those that were accepted, and the error */
async function fill(broker: string): Promise<{ readonly ids: readonly string[]; readonly error: Error }> {
  const { app, length } = makeApp(broker);
  app.configure({ taskPublishRetry: false });
  const ids: string[] = [];
  try {
    for (;;) ids.push((await length.delay("x".repeat(10_000))).id);
  } catch (error) {
    if (error instanceof Error) return { ids, error };
    throw error;
  } finally {
    await app.close();
  }
}

it("refuses what does not fit with a sentence, and executes what was accepted when there is room again", async () => {
  await using rig = new Rig();
  const broker = `${rig.url}?maxPageCount=${PAGES}`;
  const { ids, error } = await fill(broker);
  expect(error).toMatchObject({
    message: expect.stringContaining(`the database ${rig.database} is full, so nothing of this operation was written`),
  });
  expect(error.message).toMatch(/what it held is kept. Make room on the disk and try again/);
  expect(ids.length).toBeGreaterThan(3);
  const refused = await rig.run(["call", "bad.length", "-a", `["${"y".repeat(50_000)}"]`], { broker });
  expect([refused.code, refused.stdout, refused.stderr]).toEqual([1, "", expect.stringContaining("is full")]);
  expect(await rig.waiting()).toBe(ids.length);

  await rig.worker();
  const results = await Promise.all(ids.map((id) => rig.tasks.app.AsyncResult<number>(id).get({ timeout: "20s" })));
  expect(results).toEqual(ids.map(() => 10_000));
});

it("does not end a worker, nor lose the task whose result does not fit", async () => {
  await using rig = new Rig();
  const worker = await rig.worker({ broker: `${rig.url}?maxPageCount=${PAGES}` });
  const big = await rig.tasks.repeat.delay("z", 1_000_000);
  await says(worker, /its state SUCCESS could not be stored: its message goes back to the queue and it will run again/);
  expect(worker.output).toContain("is full");
  expect((await stopWorker(worker)).code).toBe(0);

  await rig.worker();
  expect(await big.get({ timeout: "20s" })).toHaveLength(1_000_000);
  expect(await (await rig.tasks.add.delay(1, 2)).get({ timeout: "20s" })).toBe(3);
});
