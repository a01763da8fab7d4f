// What is true of child processes only: signals, starts that fail, and that no child outlives its pool.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { serveJobs } from "../../src/pool/child-runtime.ts";
import type { ExecutionPool, JsonRecord, PoolJob, PoolLog, PoolOptions } from "../../src/pool/contract.ts";
import { createPool } from "../../src/pools/prefork/index.ts";
import { JobRecord } from "../../src/testing/conformance/pool/job-record.ts";

const entryModule = new URL("../support/pool-troublesome-entry.ts", import.meta.url).href;
const parentProgram = fileURLToPath(new URL("../support/pool-parent.ts", import.meta.url));

let folder: string;
let pools: ExecutionPool[];
let logs: PoolLog[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "celeriac-prefork-"));
  pools = [];
  logs = [];
});

afterEach(async () => {
  await Promise.all(pools.map((pool) => pool.kill()));
  rmSync(folder, { recursive: true });
});

function make(data: JsonRecord, options: Partial<PoolOptions> = {}): ExecutionPool {
  const pool = createPool({
    concurrency: 1,
    work: () => expect.unreachable(),
    entry: { module: entryModule, data },
    aliveTimeoutMs: 20_000,
    onLog: (line) => logs.push(line),
    ...options,
  });
  pools.push(pool);
  return pool;
}

async function started(data: JsonRecord = {}, options: Partial<PoolOptions> = {}): Promise<ExecutionPool> {
  const pool = make(data, options);
  await pool.start();
  return pool;
}

function submit(pool: ExecutionPool, header: JsonRecord, job: Partial<PoolJob> = {}): JobRecord {
  const record = new JobRecord();
  pool.submit({ id: crypto.randomUUID(), body: "", ...job, header }, record);
  return record;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // ESRCH: there is no such process any more.
    return false;
  }
}

/** For what happens in other processes. */
async function eventually(condition: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 15_000;
  while (!condition()) {
    if (performance.now() > deadline) expect.fail(`${what} did not come within 15 s`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe("children of a prefork pool", () => {
  it.each(["SIGKILL", "SIGTERM"] as const)("do not outlive a pool whose process ends by %s, busy or not", async (signal) => {
    const parent = spawn(process.execPath, [parentProgram], { stdio: ["ignore", "pipe", "inherit"] });
    const line = await new Promise<string>((resolve) => parent.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString())));
    const pids = JSON.parse(line) as number[];
    expect(pids.filter(isAlive)).toHaveLength(2);
    parent.kill(signal);
    await eventually(() => !pids.some(isAlive), "the end of the children");
  });

  it("all end by a kill -9 of their process group, the pool with them", async () => {
    const parent = spawn(process.execPath, [parentProgram], { stdio: ["ignore", "pipe", "inherit"], detached: true });
    const line = await new Promise<string>((resolve) => parent.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString())));
    const pids = JSON.parse(line) as number[];
    process.kill(-(parent.pid ?? expect.fail("no pid")), "SIGKILL");
    await eventually(() => !pids.some(isAlive), "the end of the children");
  });

  it("leave signals to their process group to the pool", async () => {
    const pool = await started();
    const id = crypto.randomUUID();
    const record = submit(pool, { do: "wait" }, { id });
    await record.spoken;
    const [pid] = record.pids;
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const) process.kill(pid ?? expect.fail("no pid"), signal);
    pool.abort(id, "enough");
    expect((await record.outcome()).header["message"]).toBe("enough");
  });

  it("that are killed from outside are told with their signal, and what was sent ahead runs elsewhere", async () => {
    const pool = await started();
    const running = submit(pool, { do: "spin" }, { short: true });
    const behind = submit(pool, { do: "echo" }, { short: true });
    await running.started;
    process.kill(running.pids[0] ?? expect.fail("no pid"), "SIGKILL");
    expect(await running.loss()).toMatchObject({ kind: "died", signal: "SIGKILL", exitCode: null, started: true, pid: running.pids[0] });
    await behind.outcome();
    expect(behind.calls).toEqual(["started", "outcome"]);
  });

  it("that something else writes to the pipe of are ended, with a sentence", async () => {
    const pool = await started();
    const loss = await submit(pool, { do: "garbage" }).loss();
    expect(loss).toMatchObject({ kind: "died" });
    expect(JSON.stringify(loss)).toMatch(/no frame of theirs.*printed to the wrong descriptor/);
    await submit(pool, { do: "echo" }).outcome();
  });

  it("report an outcome that cannot be written as the job's death", async () => {
    const pool = await started();
    expect(JSON.stringify(await submit(pool, { do: "unspeakable" }).loss())).toMatch(/BigInt/);
  });

  it("do not keep a pool from ending by the processes that they leave behind", async () => {
    const pool = await started();
    const { header } = await submit(pool, { do: "leave-a-process" }).outcome();
    await pool.stop();
    process.kill(Number(header["pid"]), "SIGKILL");
  });

  it("are given the entry's data, and run its onStop before they exit", async () => {
    const stopFile = join(folder, "stopped");
    const pool = await started({ stopFile }, { concurrency: 2 });
    await pool.stop();
    expect(readFileSync(stopFile, "utf8")).toBe("stoppedstopped");
  });
});

describe("a prefork pool whose children are killed at random", () => {
  it("tells each of 4000 jobs exactly one end, blames none that had not started, and runs all that were not lost", async () => {
    const seed = Number(process.env["CELERIAC_TEST_SEED"] ?? Date.now() % 1_000_000);
    console.log(`prefork kills: seed ${seed} (CELERIAC_TEST_SEED)`);
    let state = seed;
    const random = (below: number): number => (state = (state * 1_103_515_245 + 12_345) & 0x7fffffff) % below;
    const pool = await started({}, { concurrency: 2 });
    let kills = 0;
    const records = Array.from({ length: 4000 }, () =>
      submit(pool, { do: random(3) === 0 ? "echo-later" : "echo" }, { short: random(4) > 0, body: "x".repeat(random(3000)) }),
    );
    for (const [i, record] of records.entries()) {
      if (i % 200 !== 100) continue;
      void record.end.then(() => {
        const { processes } = pool.info();
        const pid = processes[random(processes.length)];
        if (pid === undefined || !isAlive(pid)) return;
        kills++;
        process.kill(pid, "SIGKILL");
      });
    }
    const ends = await Promise.all(records.map((record) => record.end));
    const lost = ends.filter((end) => end.kind === "lost");
    expect(kills).toBeGreaterThan(5);
    expect(lost.length).toBeLessThanOrEqual(kills);
    for (const end of lost) expect(end.loss).toMatchObject({ kind: "died", signal: "SIGKILL", started: true });
    for (const { calls } of records) expect([calls.length, calls[0]]).toEqual([2, "started"]);
    expect(pool.info()).toMatchObject({ busy: 0, queued: 0 });
  });
});

describe("a prefork pool that cannot start", () => {
  it.each([
    [
      "throw",
      /could not start its children: file:.*pool-troublesome-entry\.ts could not be imported: Error: this module is broken\n {4}at file:/,
    ],
    ["silent", /expected file:.* to call serveJobs\(\) before its evaluation ends, and it did not/],
    ["exit", /it ended with exit code 5 before it was up \(6 times in a row\)/],
  ])("says why: %s", async (at, message) => {
    const pool = make({ at });
    await expect(pool.start()).rejects.toMatchObject({
      code: "CELERIAC_POOL_START_FAILED",
      message: expect.stringMatching(message) as string,
    });
    expect(pool.info().processes).toEqual([]);
  });

  it("says which setting is about children that are slow to come up", async () => {
    const pool = make({ at: "hang" }, { aliveTimeoutMs: 10 });
    await expect(pool.start()).rejects.toThrow(/did not say that it is up within 320 ms; .*workerProcAliveTimeout/);
    expect(logs.map(({ level }) => level)).toEqual(["warn", "warn", "warn", "warn", "warn"]);
  });

  it("says that a module which does not exist does not", async () => {
    const pool = make({}, { entry: { module: new URL("nowhere.ts", entryModule).href, data: {} } });
    await expect(pool.start()).rejects.toThrow(/nowhere\.ts could not be imported: Error.*Cannot find module/);
  });

  it("refuses to be made without an entry module", () => {
    expect(() => createPool({ concurrency: 1, work: () => ({ header: {} }) })).toThrow(
      /the prefork pool cannot run jobs without an entry module/,
    );
  });

  it("is not what serveJobs is called by, outside a child", () => {
    expect(() => serveJobs(() => ({ header: {} }))).toThrow(/serveJobs was called outside a pool's child/);
  });
});

describe("a prefork pool whose entry module breaks while it runs", () => {
  it("refuses to restart and goes on with the children that it has", async () => {
    const throwWhen = join(folder, "broken");
    const pool = await started({ throwWhen }, { concurrency: 2 });
    writeFileSync(throwWhen, "");
    await expect(pool.restart()).rejects.toThrow(/this module is broken/);
    await submit(pool, { do: "echo" }).outcome();
    expect(logs.some(({ level, message }) => level === "error" && message.includes("goes on with fewer"))).toBe(true);
    rmSync(throwWhen);
    await pool.restart();
    await submit(pool, { do: "echo" }).outcome();
  });

  it("gives up when the last child is gone, and tells what waits that it has not started", async () => {
    const throwWhen = join(folder, "broken");
    const failed = Promise.withResolvers<Error>();
    const pool = await started({ throwWhen }, { onFailed: failed.resolve });
    writeFileSync(throwWhen, "");
    const running = submit(pool, { do: "exit", code: 1 });
    const waiting = submit(pool, { do: "echo" });
    expect(await running.loss()).toMatchObject({ kind: "died", exitCode: 1 });
    expect((await failed.promise).message).toMatch(/this module is broken/);
    expect(await waiting.loss()).toEqual({ kind: "not-started" });
    expect(() => submit(pool, { do: "echo" })).toThrow(/not running/);
    expect(existsSync(throwWhen)).toBe(true);
  });
});
