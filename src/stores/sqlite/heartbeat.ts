// Renews the heartbeat of this process's owners from a thread of its own, so that a task which blocks the event loop keeps it. Only
// processes that cannot see this one (in another container) look at it.
import { extname } from "node:path";
import { Worker } from "node:worker_threads";

/** What the thread is started with. */
export interface HeartbeatData {
  readonly path: string;
  readonly pid: number;
  readonly started: string;
  readonly namespace: string;
  readonly intervalMs: number;
}

/** A heartbeat that goes on until it is stopped. */
export class Heartbeat {
  #worker: Worker | undefined;

  /** Starts the thread, once. */
  start(data: HeartbeatData): void {
    if (this.#worker !== undefined) return;
    // The source runs as .ts, the built package as .js.
    const worker = new Worker(new URL(`./heartbeat-thread${extname(import.meta.url)}`, import.meta.url), {
      workerData: data,
      execArgv: [],
    });
    worker.unref();
    worker.on("error", (error) => {
      process.emitWarning(
        `the heartbeat of ${data.path} ended: ${error.message}; processes in other containers may take this one for dead`,
        "CeleriacWarning",
      );
    });
    this.#worker = worker;
  }

  /** Ends the thread; resolves when it has. */
  async stop(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }
}
