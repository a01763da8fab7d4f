// What these tests share: a folder with a database, the app as a program sees it, and `celeriac` as a real process on the same file.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { listDead } from "../../../src/broker/dead-letter.ts";
import type { DeadLetter } from "../../../src/broker/dead-letter-record.ts";
import { type CliEnd, CliRun, runCli } from "../../support/run-cli.ts";
import { until } from "../../support/until.ts";
import { type BadInputTasks, makeApp } from "./tasks.ts";

const tasksFile = fileURLToPath(new URL("./tasks.ts", import.meta.url));

/** A place of its own for a test, and `celeriac` in it. */
export class Rig {
  readonly folder: string = mkdtempSync(join(tmpdir(), "celeriac-bad-input-"));
  readonly database: string = join(this.folder, "tasks.db");
  readonly url: string = `sqlite://${this.database}`;
  /** The app of a program that calls tasks. */
  readonly tasks: BadInputTasks = makeApp(this.url);
  readonly #workers: CliRun[] = [];

  /** A file in the folder. */
  file(name: string): string {
    return join(this.folder, name);
  }

  /** Runs a command to its end. `app` is the tasks file, where no other is named; `broker` is the database. */
  run(
    command: readonly string[],
    { app = tasksFile, broker = this.url }: { readonly app?: string; readonly broker?: string } = {},
  ): Promise<CliEnd> {
    return runCli(["-A", app, "-b", broker, ...command], { cwd: this.folder });
  }

  /** Starts `celeriac worker` with one child process, which imports the tasks in its turn. */
  async worker({
    broker = this.url,
    options = [],
  }: { readonly broker?: string; readonly options?: readonly string[] } = {}): Promise<CliRun> {
    const worker = new CliRun(["-A", tasksFile, "-b", broker, "worker", "-c", "1", "-l", "info", "--log-format", "text", ...options], {
      cwd: this.folder,
    });
    this.#workers.push(worker);
    await says(worker, /ready\./);
    return worker;
  }

  /** How many messages wait in the queue. */
  async waiting(queue = "celery"): Promise<number> {
    const broker = await this.tasks.app.connections.broker("read");
    return (await broker.queueInfo(queue))?.messages ?? 0;
  }

  /** The dead letters of the default queue. */
  async deadLetters(): Promise<readonly DeadLetter[]> {
    return listDead(await this.tasks.app.connections.broker("read"), "celery");
  }

  /** The dead letter of a task. The worker writes it after the result, so it may still be on its way when the result is read. */
  async deadLetter(id: string): Promise<DeadLetter> {
    let found: DeadLetter | undefined;
    await until(`the dead letter of ${id}`, async () => {
      found = (await this.deadLetters()).find((letter) => letter.id === id);
      return found !== undefined;
    });
    if (found === undefined) throw new Error("unreachable: it was just found");
    return found;
  }

  /** Ends what was started and removes the folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const { child } of this.#workers) child.kill("SIGKILL");
    await Promise.all(this.#workers.map((worker) => worker.ended));
    await this.tasks.app.close();
    rmSync(this.folder, { recursive: true });
  }
}

/** Resolves when a worker's output matches; rejects with that output where it does not within ten seconds. */
export async function says(worker: CliRun, wanted: RegExp): Promise<void> {
  const late = setTimeout(() => worker.child.kill("SIGKILL"), 10_000);
  try {
    await worker.prints(wanted);
  } finally {
    clearTimeout(late);
  }
}

/** Ends a worker as an operator does, and says how it ended. */
export async function stopWorker(worker: CliRun): Promise<CliEnd> {
  worker.child.kill("SIGTERM");
  return worker.ended;
}

/** What a promise was rejected with; fails where it was not. */
export async function rejectionOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
    throw new TypeError("expected an Error to be thrown", { cause: error });
  }
  throw new Error("expected a rejection, and there was none");
}
