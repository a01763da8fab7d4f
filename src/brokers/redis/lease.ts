// The sign of life of this process: until its lease is over, nobody takes what it holds for lost. Renewed by the process itself, and by a thread with a
// connection of its own as soon as something is held, so that a task which blocks the event loop keeps it.
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { RedisConnection } from "../../stores/redis/redis-connection.ts";
import { RedisFailure } from "../../stores/redis/redis-failure.ts";
import type { RedisTarget } from "../../stores/redis/redis-target.ts";
import type { Keys } from "./keys.ts";
import { RENEW_LEASE } from "./scripts/owners.ts";

/** What the thread is started with. */
export interface LeaseThreadData {
  readonly target: RedisTarget;
  readonly ownersKey: string;
  readonly indexKey: string;
  readonly owner: string;
  readonly leaseMs: number;
  readonly visibilityTimeoutMs: number;
}

/** The lease of a process. */
export class Lease {
  readonly #data: LeaseThreadData;
  #renewed: Promise<void> | undefined;
  #isHeld = false;
  #timer: NodeJS.Timeout | undefined;
  #thread: Worker | undefined;

  constructor(data: Omit<LeaseThreadData, "ownersKey" | "indexKey">, keys: Keys) {
    this.#data = { ...data, ownersKey: keys.owners, indexKey: keys.index };
  }

  /** Sees to it that this process counts as alive. Done once on each connection. */
  ensure(connection: () => RedisConnection): Promise<void> {
    this.#timer ??= this.#startTimer(connection);
    if (this.#renewed === undefined) {
      const renewed = this.#renew(connection());
      this.#renewed = renewed;
      renewed.catch(() => {
        if (this.#renewed === renewed) this.#renewed = undefined; // whoever asked hears of it; the next one tries again
      });
    }
    return this.#renewed;
  }

  /** Whether this process counts as alive, as far as it knows. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Told that the connection is another one. */
  forgetRenewal(): void {
    this.#renewed = undefined;
  }

  /** Starts the thread, once. */
  startThread(): void {
    if (this.#thread !== undefined) return;
    // The source runs as .ts, the built package as .js.
    const thread = new Worker(new URL(`./lease-thread${extname(import.meta.url)}`, import.meta.url), {
      workerData: this.#data,
      execArgv: [],
    });
    thread.unref();
    thread.on("error", (error) => {
      this.#thread = undefined;
      process.emitWarning(`the thread that renews this process's lease in Redis ended: ${error.message}`, "CeleriacWarning");
    });
    this.#thread = thread;
  }

  /** Ends it; resolves when the thread has ended. The lease runs out by itself, or is removed by the caller. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#renewed = undefined;
    const thread = this.#thread;
    this.#thread = undefined;
    await thread?.terminate();
  }

  #startTimer(connection: () => RedisConnection): NodeJS.Timeout {
    // For other processes: real time.
    const timer = setInterval(() => void this.#renewAgain(connection), this.#data.leaseMs / 3);
    return timer.unref();
  }

  async #renewAgain(connection: () => RedisConnection): Promise<void> {
    try {
      await this.#renew(connection());
    } catch (error) {
      // While there is no connection the thread, which has its own, renews it.
      if (error instanceof RedisFailure && error.kind === "lost") return;
      process.emitWarning(`the lease of this process in Redis was not renewed: ${(error as Error).message}`, "CeleriacWarning");
    }
  }

  async #renew(connection: RedisConnection): Promise<void> {
    if (connection.lost !== undefined) return;
    await connection.run(RENEW_LEASE, [this.#data.ownersKey], [this.#data.owner, this.#data.leaseMs]);
    this.#isHeld = true;
  }
}
