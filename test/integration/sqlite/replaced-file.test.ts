// A database file that is deleted, or replaced by a backup, under a running worker and a running client: both go on with the new file.
import { mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, it } from "vitest";
import { CliRun, testApp } from "../../support/run-cli.ts";
import { until } from "../../support/until.ts";
import { makeApp } from "../../support/worker-tasks.ts";

let folder: string;
let path: string;
let worker: CliRun;
let tasks: ReturnType<typeof makeApp>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "celeriac-replaced-"));
  path = join(folder, "test.db");
  tasks = makeApp({ broker: `sqlite://${path}` });
  worker = new CliRun(["-A", testApp, "-b", `sqlite://${path}`, "worker", "-P", "async", "-l", "info", "--log-format", "text"]);
  await worker.prints(/ready\./);
});
afterEach(async () => {
  worker.child.kill("SIGKILL");
  await worker.ended;
  await tasks.app.close();
  rmSync(folder, { recursive: true });
});

const answers = async (): Promise<boolean> => {
  const result = await tasks.add.delay(1, 2);
  return result.get({ timeout: "2s" }).then(
    (sum) => sum === 3,
    () => false, // it went into the file that is gone: the next is for the new one
  );
};

it("a worker and a client whose file was deleted work on with a new one, and the worker says what happened", async () => {
  expect(await answers()).toBe(true);
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
  await worker.prints(/test\.db was deleted while it was open/);
  await until("a task that is executed by way of the new file", answers);
  const other = new DatabaseSync(path, { readOnly: true });
  expect(other.prepare("SELECT count(*) AS n FROM results").get()?.["n"]).toBeGreaterThan(0);
  other.close();
});

it("a worker and a client whose file was replaced by a backup work on with the backup", async () => {
  expect(await answers()).toBe(true);
  const backup = join(folder, "backup.db");
  const source = new DatabaseSync(path);
  source.prepare("VACUUM INTO ?").run(backup);
  source.close();
  renameSync(backup, path);
  await worker.prints(/test\.db was replaced while it was open/);
  await until("a task that is executed by way of the backup", answers);
});
