// The Python processes of a test: a worker of a real Celery, and a client that does what it is told.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { pythonCelery } from "../../support/services/python-celery.ts";

/** Environment of the Python app: where its broker and its results are, and the names of the queues. */
export type PythonEnvironment = Readonly<Record<`PEER_${string}`, string>>;

const HERE = import.meta.dirname;
const START_DEADLINE_MS = 45_000;

/** A worker of a real Celery. */
export class PythonWorker {
  readonly #child: ChildProcess;
  #said = "";

  private constructor(child: ChildProcess) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text: Buffer) => (this.#said += text.toString()));
  }

  /** Starts one; resolves when it consumes. */
  static async start(env: PythonEnvironment, queues: string, ...options: readonly string[]): Promise<PythonWorker> {
    const flags = ["--without-gossip", "--without-mingle", "--without-heartbeat", "-P", "solo", "-l", "info", "-Q", queues, ...options];
    const child = spawnPython(env, ["-m", "celery", "-A", "pyapp", "worker", ...flags]);
    const worker = new PythonWorker(child);
    await worker.#waitFor(/ ready\.\n/);
    return worker;
  }

  /** What it has printed. */
  get output(): string {
    return this.#said;
  }

  /** Stops it in order. */
  async stop(): Promise<void> {
    await stopChild(this.#child, "SIGTERM");
  }

  async #waitFor(text: RegExp): Promise<void> {
    const signal = AbortSignal.timeout(START_DEADLINE_MS);
    const ended = once(this.#child, "exit", { signal });
    ended.catch(() => {}); // Waited for below, while it matters.
    while (!text.test(this.#said)) {
      const printed = Promise.race(
        [this.#child.stdout, this.#child.stderr].flatMap((stream) => (stream ? [once(stream, "data", { signal })] : [])),
      );
      const first = await Promise.race([printed.then(() => "printed"), ended.then(() => "ended")]).catch(() => "late");
      if (first === "printed") continue;
      await this.stop();
      throw new Error(`the Python worker ${first === "late" ? "was not ready in time" : "ended"}; it printed: ${this.#said}`);
    }
  }
}

/** A Python process that has imported celery and the app, and runs the programs of the tests one after the other; see client.py. */
export class PythonClient {
  readonly #child: ChildProcess;
  readonly #answers: ((line: string) => void)[] = [];
  #errors = "";

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.stderr?.on("data", (text: Buffer) => (this.#errors += text.toString()));
    createInterface({ input: child.stdout ?? process.stdin }).on("line", (line) => this.#answers.shift()?.(line));
    child.on("exit", () => {
      for (const answer of this.#answers.splice(0)) answer(JSON.stringify({ error: `the Python client ended: ${this.#errors}` }));
    });
  }

  /** Starts one; resolves when it has imported everything. */
  static async start(env: PythonEnvironment): Promise<PythonClient> {
    const client = new PythonClient(spawnPython(env, ["client.py"]));
    const line = await new Promise<string>((resolve) => client.#answers.push(resolve));
    if (line !== "ready") throw new Error(line);
    return client;
  }

  /** Runs a program, in which `arg` is what is given; resolves to what it leaves in `out`, through JSON, and rejects with its traceback. */
  async run(program: string, arg: unknown = null): Promise<unknown> {
    const answer = new Promise<string>((resolve) => this.#answers.push(resolve));
    this.#child.stdin?.write(`${JSON.stringify({ program, arg })}\n`);
    const { out, error } = JSON.parse(await answer) as { readonly out?: unknown; readonly error?: string };
    if (error !== undefined) throw new Error(`the Python program failed: ${error}`);
    return out;
  }

  /** Ends it. */
  async stop(): Promise<void> {
    await stopChild(this.#child, "SIGTERM");
  }
}

function spawnPython(env: PythonEnvironment, args: readonly string[]): ChildProcess {
  const environment = { ...process.env, ...env, PYTHONPATH: HERE, PYTHONDONTWRITEBYTECODE: "1", PYTHONUNBUFFERED: "1" };
  return spawn(pythonCelery(), args, { cwd: HERE, env: environment, stdio: ["pipe", "pipe", "pipe"] });
}

async function stopChild(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill(signal);
  // An idle worker of Celery sometimes sleeps through the signal.
  const patience = setTimeout(() => child.kill("SIGKILL"), 3000);
  await ended;
  clearTimeout(patience);
}
