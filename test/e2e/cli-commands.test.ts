// The commands that look at tasks, queues and dead letters, against one SQLite file.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { deadLetter } from "../../src/broker/dead-letter.ts";
import { CliRun, type CliEnd, runCli, testApp } from "../support/run-cli.ts";
import { makeApp } from "../support/worker-tasks.ts";

let folder: string;
let running: CliRun | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "celeriac-cli-"));
  running = undefined;
});

afterEach(async () => {
  running?.child.kill("SIGKILL");
  await running?.ended;
  rmSync(folder, { recursive: true });
});

const args = (...rest: readonly string[]): readonly string[] => ["-A", testApp, "-b", `sqlite://${join(folder, "test.db")}`, ...rest];
const run = (...rest: readonly string[]): Promise<CliEnd> => runCli(args(...rest));

async function startWorker(): Promise<void> {
  running = new CliRun(args("worker", "-P", "solo", "-l", "info", "--log-format", "text"));
  await running.prints(/ready\./);
}

it("sends a task, and prints its result when it is asked for it", async () => {
  await startWorker();
  const waited = await run("call", "t.add", "--args", "[2, 3]", "--wait", "-t", "20s");
  expect([waited.code, waited.stdout]).toEqual([0, "5\n"]);
  const sent = await run("call", "t.add", "-k", '{"x": 4, "y": 5}', "--json");
  const { id } = JSON.parse(sent.stdout) as { readonly id: string };
  const result = await run("result", id, "--json", "-t", "t.add", "--timeout", "20s");
  expect([result.code, JSON.parse(result.stdout)]).toEqual([0, { id, state: "SUCCESS", result: 9 }]);
});

it("exits 1 for a task that failed, with where it did when it is asked for that", async () => {
  await startWorker();
  const failed = await run("call", "t.boom", "-a", '["broken"]', "--wait", "-t", "20s");
  expect([failed.code, failed.stdout, failed.stderr]).toEqual([1, "", "FAILURE: TypeError: broken\n"]);
  const sent = await run("call", "t.boom", "-a", '["broken"]');
  const result = await run("result", sent.stdout.trim(), "--traceback", "--timeout", "20s");
  expect([result.code, result.stderr]).toEqual([1, expect.stringMatching(/TypeError: broken\n\s+at .*worker-tasks\.ts/)]);
});

it("exits 1 where no result comes in time", async () => {
  const end = await run("result", "no-such-task", "--timeout", "100ms");
  expect([end.code, end.stderr]).toEqual([1, "celeriac: task no-such-task gave no result within 0.1 s; its state is PENDING\n"]);
});

it("lists queues and bindings, and empties queues after it was told yes", async () => {
  for (const queue of ["celery", "celery", "other"]) await run("call", "t.noop", "--queue", queue);
  const queues = await run("list", "queues", "--json");
  expect(JSON.parse(queues.stdout)).toEqual([
    { queue: "celery", messages: 2, consumers: 0 },
    { queue: "other", messages: 1, consumers: 0 },
  ]);
  const bindings = await run("list", "bindings");
  expect(bindings.stdout).toMatch(/^EXCHANGE +TYPE +ROUTING_KEY +QUEUE\ncelery +direct +celery +celery\n/);
  const refused = await runCli(args("purge"), { input: "no\n" });
  expect([refused.code, refused.stdout]).toEqual([0, "Aborted: nothing was removed.\n"]);
  const purged = await runCli(args("purge"), { input: "yes\n" });
  expect(purged.stdout).toBe("Purged 2 messages from 1 queue (celery)\n");
  expect((await run("purge", "-f", "-Q", "other,celery")).stdout).toBe("Purged 1 message from 2 queues (other, celery)\n");
});

it("lists, shows, sends back and removes dead letters", async () => {
  await startWorker();
  const sent = await run("call", "t.rejected", "--wait", "-t", "20s");
  expect(sent.code).toBe(1);
  await running?.prints(/rejected/);
  running?.child.kill("SIGTERM");
  await running?.ended;
  const listed = await run("dead", "list", "--json");
  const [letter] = JSON.parse(listed.stdout) as readonly { readonly id: string; readonly reason: string; readonly task: string }[];
  expect(letter).toMatchObject({ task: "t.rejected", reason: "rejected" });
  const id = letter?.id ?? "";
  expect((await run("dead", "list")).stdout).toMatch(new RegExp(`^ID +TASK +REASON +TIME +DETAIL\n${id} +t\\.rejected +rejected `));
  const shown = await run("dead", "show", id);
  expect(shown.stdout).toMatch(/task: {4}t\.rejected[\s\S]*history:\n.*rejected[\s\S]*headers:[\s\S]*body \(application\/json\):/);
  expect((await run("dead", "show", "nobody")).code).toBe(1);
  expect((await run("dead", "redrive", id)).stdout).toBe("Sent back 1 message to the queue celery\n");
  expect(JSON.parse((await run("list", "queues", "--json")).stdout)).toContainEqual({ queue: "celery", messages: 1, consumers: 0 });
  expect((await run("dead", "purge")).code).toBe(2);
  expect((await run("dead", "purge", "-f")).stdout).toBe("Removed 0 dead letters of the queue celery\n");
});

it("says that there are more dead letters than it lists, beside the list", async () => {
  const { app } = makeApp({ broker: `sqlite://${join(folder, "test.db")}` });
  const broker = await app.connections.broker("read");
  for (const id of ["one", "two", "three"]) {
    await app.sendTask("t.add", [1, 2], { taskId: id });
    const delivery = await broker.get("celery");
    if (delivery) await deadLetter(broker, delivery, { reason: "rejected", detail: "no" });
  }
  await app.close();
  const [some, all] = [await run("dead", "list", "-n", "2", "--json"), await run("dead", "list", "--json")];
  expect((JSON.parse(some.stdout) as unknown[]).length).toBe(2);
  expect([some.stderr, all.stderr]).toEqual(["These are the oldest 2 of 3; -n 3 lists them all\n", ""]);
  expect((await run("dead", "redrive", "--all")).stdout).toBe("Sent back 3 messages to the queue celery\n");
});

it("reports versions and settings without secrets, and the settings that have no effect yet", async () => {
  const report = await runCli(["-A", testApp, "-b", "redis://user:secret@host/0", "report"]);
  expect([report.code, report.stdout]).toEqual([0, expect.stringMatching(/node[: ]24\.[\s\S]*redis:\/\/user:\*\*@host\/0/)]);
  expect(report.stdout).not.toContain("secret");
  const unused = await runCli(["report", "--unused"]);
  expect([unused.code, unused.stdout]).toEqual([0, expect.stringMatching(/^SETTING +WAITS FOR\n/)]);
});

it("draws the steps of a worker and of its consumer", async () => {
  const both = await runCli(["graph", "bootsteps"]);
  expect(both.stdout).toMatch(/^digraph dependencies \{/);
  for (const step of ["worker.pool", "worker.consumer", "consumer.connection", "consumer.tasks", "consumer.message-loop"])
    expect(both.stdout).toContain(`"${step}" [`);
  expect(both.stdout).toContain('"consumer.tasks" -> "consumer.connection"');
  const one = await runCli(["graph", "bootsteps", "consumer"]);
  expect(one.stdout).not.toContain("worker.pool");
  expect((await runCli(["graph", "bootsteps", "cluster"])).code).toBe(2);
});
