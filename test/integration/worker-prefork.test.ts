// A worker with child processes on one SQLite file: what happens when they die, and at time limits.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { listDead } from "../../src/broker/dead-letter.ts";
import type { WorkerOptions } from "../../src/worker/worker-options.ts";
import { Worker } from "../../src/worker/worker.ts";
import { CollectingLogger } from "../support/collecting-logger.ts";
import { until } from "../support/until.ts";
import { makeApp } from "../support/worker-tasks.ts";

const appModule = new URL("../support/worker-tasks.ts", import.meta.url);
const get = { timeout: 25 } as const;
let tasks: ReturnType<typeof makeApp>;
let worker: Worker;
let log: CollectingLogger;
let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "celeriac-worker-"));
  file = join(folder, "marks");
  log = new CollectingLogger();
  tasks = makeApp();
});

afterEach(async () => {
  await worker?.stop();
  await tasks.app.close();
  rmSync(folder, { recursive: true });
});

async function start(options: WorkerOptions = {}): Promise<void> {
  const settings = { brokerUrl: `sqlite://${join(folder, "test.db")}`, workerProcAliveTimeout: 30, ...options.settings };
  worker = new Worker(tasks.app, { concurrency: 1, hostname: "w@test", logger: log, loglevel: "fatal", appModule, ...options, settings });
  await worker.start();
}

const lines = (): readonly string[] => readFileSync(file, "utf8").trim().split("\n");
const dead = async () => listDead(await tasks.app.connections.broker("read"), "celery");

describe("a worker with child processes", () => {
  it("executes tasks in them and goes on with chains", async () => {
    await start({ concurrency: 2 });
    expect(await (await tasks.add.s(1, 2).pipe(tasks.double.s()).delay()).get(get)).toBe(6);
    expect(await (await tasks.retryTwice.delay()).get(get)).toBe(2);
    expect(await (await tasks.forgetRejection.delay()).get(get)).toBe("went on");
    await expect((await tasks.cyclic.delay()).get(get)).rejects.toThrow("round and round");
    await expect((await tasks.unwritable.delay()).get(get)).rejects.toThrow(/cannot write/);
  });

  it("runs a task again whose child was killed, and counts the death", async () => {
    await start();
    const result = await tasks.killFirst.delay(file);
    expect(await result.get(get)).toBe("survived");
    expect(lines()).toEqual(["run", "run"]);
    const lost = log.messages("error").filter((line) => line.includes("lost its process"));
    expect(lost).toEqual([
      expect.stringMatching(/Worker exited prematurely: signal 9 \(SIGKILL\) Job: \d+\. It will run again \(death 1 of at most 5\)/),
    ]);
  });

  it("fails a task that has killed too often, tells its errback, and keeps its message among the dead letters", async () => {
    await start({ settings: { taskMaxChildDeaths: 2 } });
    const failures = join(folder, "failures");
    const result = await tasks.killAlways.applyAsync([file], { linkError: tasks.onError.s(failures as never) });
    await expect(result.get(get)).rejects.toThrow(
      /Worker exited prematurely: signal 9 \(SIGKILL\) Job: \d+\. The task has killed 2 processes/,
    );
    await until("the errback's mark", () => existsSync(failures));
    expect(readFileSync(failures, "utf8")).toBe(`failed ${result.id}\n`);
    await worker.stop();
    expect(lines()).toEqual(["run", "run"]);
    expect(await dead()).toMatchObject([{ id: result.id, reason: "redelivery-limit", deaths: { child: 2 } }]);
  });

  it("fails a task that was acknowledged early and whose child died, and does not run it again", async () => {
    await start();
    const result = await tasks.killEarly.delay(file);
    await expect(result.get(get)).rejects.toThrow(/^Worker exited prematurely: signal 9 \(SIGKILL\) Job: \d+\.$/);
    expect(await (await tasks.add.delay(1, 1)).get(get)).toBe(2);
    expect([lines(), await dead()]).toEqual([["run"], []]);
  });

  it("fails a task that exits its process, where it shall not run again, and gives its slot to the next", async () => {
    await start();
    await expect((await tasks.exit.delay()).get(get)).rejects.toThrow(/Worker exited prematurely: exitcode 3/);
    expect(await (await tasks.add.delay(1, 1)).get(get)).toBe(2);
  });

  it("kills a task at its hard time limit, although it never yields", async () => {
    await start();
    await expect((await tasks.spin.delay()).get(get)).rejects.toThrow("TimeLimitExceeded(0.3)");
    expect(await log.line(/Hard time limit \(0\.3s\) exceeded for t\.spin/)).toBeDefined();
    expect(await (await tasks.add.delay(1, 1)).get(get)).toBe(2);
    expect(await dead()).toEqual([]);
  });

  it("runs a task again after its time limit where the task wants that", async () => {
    await start();
    const result = await tasks.spinFirst.delay(file);
    await until("the second run", async () => (await result.state()) === "SUCCESS");
    expect(await result.get(get)).toBe("second");
    expect(await dead()).toEqual([]);
  });

  it("gives up a task that always exceeds its time limit, although it shall run again", async () => {
    await start({ settings: { taskMaxChildDeaths: 2 } });
    const result = await tasks.spinAlways.delay(file);
    await until("two runs", () => existsSync(file) && lines().length === 2);
    await until("the dead letter", async () => (await tasks.app.deadLetters.count()) === 1);
    await worker.stop();
    expect(await dead()).toMatchObject([{ id: result.id, reason: "redelivery-limit", deaths: { child: 2 } }]);
    expect(lines()).toEqual(["run", "run"]);
  });

  it("numbers its children, and tells hooks of each before it is made", async () => {
    const made: number[] = [];
    tasks.app.on("workerBeforeCreateProcess", ({ sender, index }) => void (sender === "w@test" && made.push(index)));
    await start({ concurrency: 2 });
    const inits = await Promise.all([1, 2].map((x) => tasks.childIndex.delay(x)));
    const indexes = await Promise.all(inits.map((result) => result.get(get)));
    expect(made).toEqual([0, 1]);
    for (const index of indexes) expect([0, 1]).toContain(index);
    await expect((await tasks.exit.delay()).get(get)).rejects.toThrow(/exitcode 3/);
    await until("its replacement", () => made.length === 3);
    expect([0, 1]).toContain(made[2]);
  });

  it("tells the caller in one line why the process of its task died, and the log all of it", async () => {
    await start();
    const error: unknown = await (await tasks.throwBeside.delay()).get(get).catch((thrown: unknown) => thrown);
    expect(String(error)).toMatch(/^WorkerLostError: Worker exited prematurely: exitcode 1 Job: 1\. .*thrown beside its task$/);
    expect(await log.line(/t\.throwBeside\[.*\] lost its process: Worker exited prematurely/)).toBeDefined();
  });

  it("says what killed a child that ran no task", async () => {
    await start();
    expect(await (await tasks.leaveException.delay()).get(get)).toBe("ended");
    expect(await log.line(/child \d+: a child of the pool died while it ran no job \(exit code 1\): .*thrown by a timer/)).toBeDefined();
    expect(await (await tasks.add.delay(1, 1)).get(get)).toBe(2);
  });

  it("keeps the message of a failed task among the dead letters where failures are not acknowledged", async () => {
    await start();
    const result = await tasks.boomUnacked.delay();
    await expect(result.get(get)).rejects.toThrow("kept");
    await worker.stop();
    expect(await dead()).toMatchObject([{ id: result.id, reason: "failed" }]);
  });

  it("gives back, uncounted, what ran beside a task whose child was killed for its time limit", async () => {
    await start({ childConcurrency: 2 });
    const gate = join(folder, "gate");
    const beside = await tasks.gated.delay(file, gate);
    await until("it to run", () => existsSync(file));
    await expect((await tasks.spin.delay()).get(get)).rejects.toThrow("TimeLimitExceeded(0.3)");
    await until("it to run again", () => lines().length === 2);
    writeFileSync(gate, "");
    expect(await beside.get(get)).toBe("ended");
    expect(await log.line(/t\.gated.*goes back to its queue, for it was not to blame/)).toBeDefined();
  });

  it("executes tasks in threads as in processes", async () => {
    await start({ pool: "threads", concurrency: 2 });
    expect(await (await tasks.add.s(1, 2).pipe(tasks.double.s()).delay()).get(get)).toBe(6);
    await expect((await tasks.spin.delay()).get(get)).rejects.toThrow("TimeLimitExceeded(0.3)");
    await expect((await tasks.exit.delay()).get(get)).rejects.toThrow(/Worker exited prematurely/);
    expect(await (await tasks.add.delay(1, 1)).get(get)).toBe(2);
  });

  it("fetches more ahead while tasks are short, and gives back what is too much when one is long", async () => {
    await start();
    await tasks.noop.sendMany(Array.from({ length: 1000 }, (): [] => []));
    const long = await tasks.gated.delay(file, join(folder, "gate"));
    const rest = await tasks.add.sendMany(Array.from({ length: 40 }, (_, x): [number, number] => [x, 0]));
    await until("it to run", () => existsSync(file));
    await log.line(/prefetch: raised to 32/);
    await log.line(/prefetch: back to 4/);
    const broker = await tasks.app.connections.broker("read");
    await until("the surplus to be back in the queue", async () => (await broker.queueInfo("celery"))?.messages === 37);
    expect(worker.consumer?.engine.active.size).toBe(4);
    writeFileSync(join(folder, "gate"), "");
    expect(await long.get(get)).toBe("ended");
    expect(await Promise.all(rest.map((result) => result.get(get)))).toEqual(rest.map((_, x) => x));
  });

  it("replaces a child after so many tasks, and loses none", async () => {
    await start({ maxTasksPerChild: 2 });
    const results = await Promise.all([1, 2, 3, 4, 5].map((x) => tasks.add.delay(x, 0)));
    expect(await Promise.all(results.map((result) => result.get(get)))).toEqual([1, 2, 3, 4, 5]);
  });

  it("interrupts what runs at a cold stop; what is acknowledged late goes back, what was acknowledged early fails", async () => {
    await start({ concurrency: 2 });
    const late = await tasks.gated.delay(file, join(folder, "gate"));
    const early = await tasks.gatedEarly.delay(file, join(folder, "gate"));
    await until("both to run", () => existsSync(file) && lines().length === 2);
    await worker.stop({ how: "cold" });
    await expect(early.get(get)).rejects.toThrow(/The worker was shut down/);
    expect(await late.state()).toBe("STARTED");
    const delivery = await (await tasks.app.connections.broker("read")).get("celery");
    expect([delivery?.headers["id"], delivery?.deaths]).toEqual([late.id, { child: 0, worker: 0 }]);
  });

  it("says why its children cannot start", async () => {
    const broken = join(folder, "broken.ts");
    writeFileSync(broken, 'throw new Error("this module is broken");\n');
    await expect(start({ appModule: broken })).rejects.toThrow(/this module is broken/);
    expect([worker.state, (await worker.stopped).exitCode]).toEqual(["stopped", 1]);
  });
});
