import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../src/cli/celeriac.ts", import.meta.url));

/** The app of the worker's tests, for `-A`. */
export const testApp: string = fileURLToPath(new URL("./worker-tasks.ts", import.meta.url));

/** What a program left. */
export interface CliEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a program is started. */
export interface CliOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What it reads; its standard input is closed behind it. */
  readonly input?: string;
}

/** A running `celeriac`. */
export class CliRun {
  readonly child: ChildProcess;
  readonly ended: Promise<CliEnd>;
  #stdout = "";
  #stderr = "";
  readonly #waiting = new Set<() => void>();

  constructor(args: readonly string[], options: CliOptions = {}) {
    const { PATH, HOME } = process.env;
    this.child = spawn(process.execPath, [program, ...args], {
      cwd: options.cwd,
      env: { PATH, HOME, ...options.env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.child.stdin?.end(options.input ?? "");
    this.child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.#stdout += text;
      this.#wake();
    });
    this.child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr += text;
      this.#wake();
    });
    this.ended = new Promise((resolve) => {
      this.child.once("close", (code, signal) => {
        resolve({ code, signal, stdout: this.#stdout, stderr: this.#stderr });
        this.#wake();
      });
    });
  }

  /** Everything that it wrote so far. */
  get output(): string {
    return this.#stdout + this.#stderr;
  }

  /** Resolves when its output matches; rejects when it ends without. */
  async prints(wanted: RegExp): Promise<void> {
    while (!wanted.test(this.output)) {
      if (this.child.exitCode !== null || this.child.signalCode !== null) {
        await this.ended;
        if (wanted.test(this.output)) return;
        throw new Error(`it ended without printing ${wanted}:\n${this.output}`);
      }
      await new Promise<void>((resolve) => void this.#waiting.add(resolve));
    }
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}

/** Runs `celeriac` to its end. */
export function runCli(args: readonly string[], options?: CliOptions): Promise<CliEnd> {
  return new CliRun(args, options).ended;
}
