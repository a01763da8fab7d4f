// Workers on one SQLite file, killed at random while they work. Three ways to die in turn: a child, a whole process group, a worker's main
// process alone. What happened is read from a ledger that neither broker nor backend knows.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** How hard it storms. */
export interface StormOptions {
  readonly tasks: number;
  readonly kills: number;
  readonly workers: number;
  readonly seed: number;
  /** Gives up after so long without a task's end, in milliseconds. */
  readonly stallMs: number;
}

/** What it left. */
export interface StormReport {
  readonly seed: number;
  readonly tasks: number;
  readonly kills: { readonly child: number; readonly group: number; readonly main: number };
  /** Tasks that started, repeated runs included. */
  readonly executions: number;
  /** Runs that were killed in the middle: they started and left no mark. */
  readonly interrupted: number;
  /** Tasks without any mark. */
  readonly lost: readonly number[];
  /** Tasks whose result is SUCCESS. */
  readonly succeeded: number;
  readonly seconds: number;
}

/** A small random generator with a seed (mulberry32), so that a storm can be had again. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Lets it storm. */
export async function runKillStorm(options: StormOptions): Promise<StormReport> {
  const folder = mkdtempSync(path.join(tmpdir(), "celeriac-storm-"));
  const ledger = path.join(folder, "ledger");
  writeFileSync(ledger, "");
  const before = { STORM_LEDGER: process.env["STORM_LEDGER"], STORM_BROKER: process.env["STORM_BROKER"] };
  process.env["STORM_LEDGER"] = ledger;
  process.env["STORM_BROKER"] = `sqlite://${path.join(folder, "storm.db")}`;
  const { app, mark } = await import("./storm-tasks.ts");
  const startedAt = performance.now();
  const storm = new Storm(options, ledger);
  try {
    const results = await mark.sendMany(Array.from({ length: options.tasks }, (_, index): [number] => [index]));
    storm.start();
    await storm.rage();
    const values = await Promise.all(results.map((result) => result.get({ timeout: `${options.stallMs}ms` })));
    const marks = storm.marks();
    const executions = storm.starts();
    const done = new Set(marks);
    return {
      seed: options.seed,
      tasks: options.tasks,
      kills: storm.kills,
      executions,
      interrupted: executions - marks.length,
      lost: Array.from({ length: options.tasks }, (_, index) => index).filter((index) => !done.has(index)),
      succeeded: values.filter((value, index) => value === index).length,
      seconds: (performance.now() - startedAt) / 1000,
    };
  } finally {
    await storm.end();
    await app.close();
    rmSync(folder, { recursive: true });
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

class Storm {
  readonly kills = { child: 0, group: 0, main: 0 };
  readonly #options: StormOptions;
  readonly #ledger: string;
  readonly #random: () => number;
  readonly #workers = new Set<ChildProcess>();
  #over = false;

  constructor(options: StormOptions, ledger: string) {
    this.#options = options;
    this.#ledger = ledger;
    this.#random = seededRandom(options.seed);
  }

  start(): void {
    for (let i = 0; i < this.#options.workers; i++) this.#startWorker();
  }

  /** Kills at even steps of the work, so that each kill hits tasks in mid-execution. */
  async rage(): Promise<void> {
    const { tasks, kills, stallMs } = this.#options;
    for (let kill = 0; kill < kills; kill++) {
      await this.#progressTo(Math.floor(((kill + 0.5) * tasks) / (kills + 1)), stallMs);
      const until = performance.now() + stallMs;
      while (!this.#kill(kill)) {
        if (performance.now() > until) throw new Error(`seed ${this.#options.seed}: no worker had children to kill for ${stallMs} ms`);
        await sleep(20);
      }
    }
    await this.#progressTo(tasks, stallMs);
  }

  /** The tasks that were run to their end, as the ledger stands. */
  marks(): number[] {
    return this.#lines()
      .filter((line) => !line.startsWith("+"))
      .map(Number);
  }

  /** How many runs were started. */
  starts(): number {
    return this.#lines().filter((line) => line.startsWith("+")).length;
  }

  async end(): Promise<void> {
    this.#over = true;
    const ended = [...this.#workers].map((worker) => new Promise((resolve) => worker.once("exit", resolve)));
    for (const worker of this.#workers) killGroup(worker);
    await Promise.all(ended);
  }

  #lines(): string[] {
    return readFileSync(this.#ledger, "utf8").split("\n").filter(Boolean);
  }

  #startWorker(): void {
    const cli = path.join(import.meta.dirname, "../../src/cli/celeriac.ts");
    const tasks = path.join(import.meta.dirname, "storm-tasks.ts");
    const worker = spawn(process.execPath, [cli, "-A", tasks, "worker", "-c", "2", "-l", "error"], {
      detached: true,
      stdio: ["ignore", "ignore", "inherit"],
    });
    this.#workers.add(worker);
    worker.once("exit", () => {
      this.#workers.delete(worker);
      if (!this.#over) this.#startWorker();
    });
  }

  /** Waits until so many different tasks left a mark. Other processes make them, so this looks at the ledger now and then. */
  async #progressTo(count: number, stallMs: number): Promise<void> {
    let best = -1;
    let changedAt = performance.now();
    for (;;) {
      const done = new Set(this.marks()).size;
      if (done >= count) return;
      if (done > best) [best, changedAt] = [done, performance.now()];
      if (performance.now() - changedAt > stallMs)
        throw new Error(`seed ${this.#options.seed}: ${done} of ${this.#options.tasks} tasks have run and none more for ${stallMs} ms`);
      await sleep(20);
    }
  }

  /** False while no worker has children to kill: they are still starting. */
  #kill(turn: number): boolean {
    const workers = [...this.#workers].filter((worker) => worker.pid !== undefined && childrenOf(worker.pid).length > 0);
    const worker = workers[Math.floor(this.#random() * workers.length)];
    if (worker?.pid === undefined) return false;
    if (turn % 3 === 0) {
      killGroup(worker);
      this.kills.group++;
    } else if (turn % 3 === 1) {
      const children = childrenOf(worker.pid);
      process.kill(children[Math.floor(this.#random() * children.length)] ?? worker.pid, "SIGKILL");
      this.kills.child++;
    } else {
      process.kill(worker.pid, "SIGKILL");
      this.kills.main++;
    }
    return true;
  }
}

function killGroup(worker: ChildProcess): void {
  if (worker.pid === undefined || worker.exitCode !== null || worker.signalCode !== null) return;
  process.kill(-worker.pid, "SIGKILL");
}

function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
