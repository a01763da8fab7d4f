// A server in a process of its own, which goes with the process that started it, however that ends: a shell between them reads from us, and
// when there is nothing more to read it stops the server.
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { until } from "../until.ts";

/** Starts the program behind it, prints its pid, and stops it at the end of its input: with TERM, after 10 s with KILL. */
const KEEPER =
  '"$@" <&- >&3 2>&3 & child=$!; exec 3>&-; echo $child; cat >/dev/null; kill -CONT $child 2>/dev/null; kill $child 2>/dev/null; ' +
  "i=0; while kill -0 $child 2>/dev/null && [ $i -lt 100 ]; do sleep 0.1; i=$((i+1)); done; kill -9 $child 2>/dev/null; wait $child";

/** How a server is started. */
export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What it prints goes there. */
  readonly logFile: string;
}

/** A running server. */
export class ServerProcess {
  readonly pid: number;
  readonly #keeper: ChildProcess;
  readonly #logFile: string;

  private constructor(keeper: ChildProcess, pid: number, logFile: string) {
    this.#keeper = keeper;
    this.pid = pid;
    this.#logFile = logFile;
  }

  /** Starts a server; resolves when its process runs, not yet when it answers. */
  static async start({ command, args, env = {}, logFile }: ServerCommand): Promise<ServerProcess> {
    const log = openSync(logFile, "a");
    const keeper = spawn("/bin/sh", ["-c", KEEPER, "keeper", command, ...args], {
      env: { ...process.env, ...env },
      stdio: ["pipe", "pipe", "ignore", log],
    });
    closeSync(log);
    const lines = createInterface({ input: keeper.stdout ?? process.stdin });
    const pid = await new Promise<number>((resolve, reject) => {
      lines.once("line", (line) => resolve(Number(line)));
      lines.once("close", () => reject(new Error(`${command} could not be started; see ${logFile}`)));
    });
    keeper.unref();
    return new ServerProcess(keeper, pid, logFile);
  }

  /** Whether its process is there. */
  get alive(): boolean {
    return exists(this.pid);
  }

  /** Resolves when the condition holds; rejects with what the server printed when it ended before. */
  async ready(what: string, holds: () => Promise<boolean>, deadlineMs = 60_000): Promise<void> {
    await until(
      what,
      async () => {
        if (!this.alive) throw new Error(`the server ended before ${what}; it printed: ${this.log().slice(-2000)}`);
        return holds();
      },
      deadlineMs,
    );
  }

  /** What it has printed. */
  log(): string {
    return readFileSync(this.#logFile, "utf8");
  }

  /** Ends it in order; resolves when its process is gone. */
  async stop(): Promise<void> {
    this.#keeper.stdin?.end();
    await this.#gone();
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    if (this.alive) process.kill(this.pid, "SIGKILL");
    this.#keeper.stdin?.end();
    await this.#gone();
  }

  async #gone(): Promise<void> {
    await until(`the end of process ${this.pid}`, () => this.#keeper.exitCode !== null || this.#keeper.signalCode !== null);
  }
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false; // The answer that was asked for.
  }
}
