// `celeriac worker` as a program: its options, its signals, and that it leaves nothing behind.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CliRun, testApp } from "../support/run-cli.ts";
import { until } from "../support/until.ts";
import { makeApp } from "../support/worker-tasks.ts";

let folder: string;
let url: string;
let tasks: ReturnType<typeof makeApp>;
let runs: CliRun[];
let marks: string;
let gate: string;
const get = { timeout: 20 } as const;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "celeriac-cli-"));
  url = `sqlite://${join(folder, "test.db")}`;
  tasks = makeApp({ broker: url });
  runs = [];
  [marks, gate] = [join(folder, "marks"), join(folder, "gate")];
});

afterEach(async () => {
  for (const run of runs) run.child.kill("SIGKILL");
  await Promise.all(runs.map((run) => run.ended));
  await tasks.app.close();
  rmSync(folder, { recursive: true });
});

async function start(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<CliRun> {
  const run = new CliRun(["-A", testApp, "-b", url, "worker", "-c1", "-l", "info", "--log-format", "text", ...args], { env });
  runs.push(run);
  await run.prints(/ready\./);
  return run;
}

const started = (count = 1): Promise<void> =>
  until(`${count} runs`, () => existsSync(marks) && readFileSync(marks, "utf8").split("started").length > count);
/** The children that wrote their ids into the marks. */
const children = (): readonly number[] => [...readFileSync(marks, "utf8").matchAll(/started (\d+)/g)].map((match) => Number(match[1]));

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}

describe("celeriac worker", () => {
  it("finishes what runs and exits 1 after an exception that nobody could catch, where tasks share its process", async () => {
    const run = await start(["-P", "async", "-c", "2"]);
    const beside = await tasks.gated.delay(marks, gate);
    await started();
    expect(await (await tasks.leaveException.delay()).get(get)).toBe("ended");
    await run.prints(/an exception was thrown where nobody could catch it.*: thrown by a timer/);
    writeFileSync(gate, "");
    expect(await beside.get(get)).toBe("ended");
    expect((await run.ended).code).toBe(1);
  });

  it("takes Celery's short forms, and settings as words", async () => {
    const run = await start([
      "-Ofair",
      "-Qa,b",
      "-n",
      "w1@%h",
      "-X",
      "b",
      "worker_prefetch_multiplier=1",
      "--time-limit",
      "1m",
      "-P",
      "solo",
    ]);
    expect(run.output).toMatch(/-{14} w1@\S+ v\d/);
    expect(run.output).toMatch(/\.> concurrency: 1 \(solo\)/);
    expect(run.output).toMatch(/\[queues\]\n +\.> a +exchange=\S+ key=a\n\n\[tasks\]\n {2}\. t\.add\n/);
    expect(await (await tasks.add.applyAsync([1, 2], { queue: "a" })).get(get)).toBe(3);
    run.child.kill("SIGTERM");
    expect((await run.ended).code).toBe(0);
  });

  it("lets a task end at SIGTERM, exits 0, and leaves no child", async () => {
    const run = await start();
    const result = await tasks.gated.delay(marks, gate);
    await started();
    run.child.kill("SIGTERM");
    await run.prints(/Warm shutdown/);
    writeFileSync(gate, "");
    const end = await run.ended;
    expect([end.code, await result.get(get)]).toEqual([0, "ended"]);
    expect(children().filter(isAlive)).toEqual([]);
  });

  it("lets a task end at the first SIGINT, with a hint, and exits 1", async () => {
    const run = await start();
    const result = await tasks.gated.delay(marks, gate);
    await started();
    run.child.kill("SIGINT");
    await run.prints(/Hitting Ctrl\+C again will initiate cold shutdown, terminating all running tasks!/);
    writeFileSync(gate, "");
    expect([(await run.ended).code, await result.get(get)]).toEqual([1, "ended"]);
  });

  it.each([
    ["at the second SIGINT", ["SIGINT", "SIGINT"], {}],
    ["at SIGQUIT", ["SIGQUIT"], {}],
    ["at SIGTERM with REMAP_SIGTERM=SIGQUIT", ["SIGTERM"], { REMAP_SIGTERM: "SIGQUIT" }],
  ] as const)("interrupts a task %s and exits 1; another worker runs it again", async (_when, signals, env) => {
    const run = await start([], env);
    const result = await tasks.gated.delay(marks, gate);
    await started();
    for (const [at, signal] of signals.entries()) {
      run.child.kill(signal);
      if (at + 1 < signals.length) await run.prints(/Warm shutdown/);
    }
    await run.prints(/Cold shutdown/);
    expect((await run.ended).code).toBe(1);
    expect(children().filter(isAlive)).toEqual([]);
    writeFileSync(gate, "");
    await start();
    expect(await result.get(get)).toBe("ended");
    expect(children()).toHaveLength(2);
  });

  it("gives a task the time of a soft shutdown", async () => {
    const run = await start(["worker_soft_shutdown_timeout=20"]);
    const result = await tasks.gated.delay(marks, gate);
    await started();
    run.child.kill("SIGQUIT");
    await run.prints(/Soft shutdown: 1 tasks have 20 seconds to end/);
    writeFileSync(gate, "");
    expect([(await run.ended).code, await result.get(get)]).toEqual([1, "ended"]);
  });

  it("is followed by another worker when it is killed with a task in its hands", async () => {
    const first = await start();
    const result = await tasks.gated.delay(marks, gate);
    await started();
    first.child.kill("SIGKILL");
    await first.ended;
    await start();
    await started(2);
    writeFileSync(gate, "");
    expect(await result.get(get)).toBe("ended");
    await until("the first worker's child to be gone", () =>
      children()
        .slice(0, 1)
        .every((pid) => !isAlive(pid)),
    );
  });

  it("goes on after a promise that a task left behind was rejected, in its own process too", async () => {
    const run = await start(["-P", "async"]);
    expect(await (await tasks.forgetRejection.delay()).get(get)).toBe("went on");
    await run.prints(/a promise was rejected and nobody awaited it: nobody awaits this/);
    expect(await (await tasks.add.delay(1, 1)).get(get)).toBe(2);
  });

  it("writes JSON lines where it is told to", async () => {
    const run = await start(["-P", "solo", "--log-format", "json"]);
    const { id } = await tasks.add.delay(1, 2);
    await run.prints(/succeeded/);
    const lines = run.output
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    expect(lines).toContainEqual(
      expect.objectContaining({ taskId: id, taskName: "t.add", msg: expect.stringMatching(/^Task t\.add\[.*\] succeeded in .*s: 3$/) }),
    );
  });
});
