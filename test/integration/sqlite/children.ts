// Starts real processes for the SQLite tests and listens to what they tell. All are gone after `killAll`.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ChildReport, ChildRequest } from "./child.ts";

/** A message as a child got it. */
export type GotItem = Extract<ChildReport, { kind: "got" }>["items"][number];

/** A process under test. */
export class Child {
  readonly process: ChildProcess;
  readonly got: GotItem[] = [];
  readonly told: string[] = [];
  published = 0;
  readonly #ready: Promise<void>;

  constructor(role: string, site: Site, id = "") {
    this.process = fork(new URL("./child.ts", import.meta.url), [role, site.url, site.log, id], { execArgv: [] });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#ready = promise;
    this.process.on("message", (report: ChildReport) => {
      if (report.kind === "ready") resolve();
      if (report.kind === "got") this.got.push(...report.items);
      if (report.kind === "told") this.told.push(report.document);
      if (report.kind === "published") this.published++;
    });
    this.process.once("exit", (code, signal) => reject(new Error(`the ${role} ended with ${code ?? signal}`)));
    promise.catch(() => {}); // a child that is killed before it was ready is not waited for
  }

  /** Resolves when it has started. */
  ready(): Promise<void> {
    return this.#ready;
  }

  send(request: ChildRequest): void {
    this.process.send(request);
  }

  /** Ends it; resolves when it is gone. */
  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const exited = once(this.process, "exit");
    this.process.kill(signal);
    await exited;
  }
}

/** A folder with a database, and the processes that use it. */
export class Site {
  readonly folder: string = mkdtempSync(join(tmpdir(), "celeriac-sqlite-"));
  readonly url: string = `sqlite://${join(this.folder, "celeriac.db")}`;
  readonly log: string = join(this.folder, "log");
  readonly #children = new Set<Child>();

  /** Starts a process and waits until it is at work. */
  async start(role: string, id?: string): Promise<Child> {
    const child = this.spawn(role, id);
    await child.ready();
    return child;
  }

  /** Starts a process. */
  spawn(role: string, id?: string): Child {
    const child = new Child(role, this, id);
    this.#children.add(child);
    return child;
  }

  /** The rest of each line of the log that begins with this word. */
  noted(word: string): string[] {
    let text = "";
    try {
      text = readFileSync(this.log, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
    const lines = text.split("\n").filter((line) => line.startsWith(`${word} `));
    return lines.map((line) => line.slice(word.length + 1));
  }

  /** Kills what still runs and removes the folder. */
  async close(): Promise<void> {
    await Promise.all([...this.#children].map((child) => child.kill()));
    rmSync(this.folder, { recursive: true });
  }
}

/** Waits until something holds in other processes. */
export async function until(condition: () => boolean | Promise<boolean>, what: string, patienceMs = 20_000): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`${what} did not happen within ${patienceMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10)); // there is no event of another process to wait for
  }
}
