// What a child of a pool runs. `child-main` makes the runtime and puts it where the entry module finds it, even when that module has a
// second installed copy of this file; the entry module calls `serveJobs`. A child lives as long as its channel: when the pool is gone, by
// whatever end, the child exits at once. Signals sent to the whole process group are the pool's to answer, not the child's.
import { isMainThread } from "node:worker_threads";
import { PoolError } from "../errors/celeriac-error.ts";
import type { ChildChannel } from "./child-channel.ts";
import type { JsonRecord, Work } from "./contract.ts";
import { errorText } from "./error-text.ts";
import { FrameDecoder } from "./frame-decoder.ts";
import { FrameEncoder } from "./frame-encoder.ts";
import { type Frame, FrameKind } from "./frames.ts";
import { JobRunner } from "./job-runner.ts";

const RUNTIME: unique symbol = Symbol.for("celeriac.pool.child-runtime") as never;
const ANSWERED_BY_THE_POOL = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const;
/** Exit code of a child whose entry module cannot be used, or that met an uncaught exception. */
const FAILED = 1;

/** Options of {@link serveJobs}. */
export interface ServeOptions {
  /** Called once before the child exits because it is stopped or recycled; the exit waits for it. */
  readonly onStop?: (() => Promise<void> | void) | undefined;
}

/** What a pool tells a child at first. */
export interface ChildInit {
  readonly module: string;
  readonly data: JsonRecord;
  readonly concurrency: number;
  readonly maxMemoryKiB?: number | undefined;
  /** Number of the child in its pool, from 0. */
  readonly index: number;
}

/** Takes jobs from the pool and has `work` do them. Called once by a child's entry module, before its evaluation ends. */
export function serveJobs(work: Work, options: ServeOptions = {}): void {
  currentRuntime("serveJobs").serve(work, options);
}

/** The data that the pool was given for its entry module. */
export function entryData(): JsonRecord {
  return currentRuntime("entryData").data;
}

/** Number of this child in its pool, from 0: that of a child which is gone is used again. */
export function childIndex(): number {
  return currentRuntime("childIndex").index;
}

type RuntimeHolder = { [RUNTIME]?: ChildRuntime };

function currentRuntime(operation: string): ChildRuntime {
  const runtime = (globalThis as RuntimeHolder)[RUNTIME];
  if (!runtime) throw new PoolError("CELERIAC_POOL_NO_CHILD", { operation });
  return runtime;
}

/** Runs a child on a channel: called once, by `child-main`. */
export function runChild(channel: ChildChannel): void {
  (globalThis as RuntimeHolder)[RUNTIME] = new ChildRuntime(channel);
}

class ChildRuntime {
  readonly #channel: ChildChannel;
  readonly #encoder = new FrameEncoder();
  readonly #decoder = new FrameDecoder();
  #init: ChildInit | undefined;
  #runner: JobRunner | undefined;
  #onStop: ServeOptions["onStop"];
  #exiting = false;

  constructor(channel: ChildChannel) {
    this.#channel = channel;
    if (isMainThread) for (const signal of ANSWERED_BY_THE_POOL) process.on(signal, () => {});
    process.on("unhandledRejection", (reason) => {
      this.#tell(FrameKind.log, {
        level: "error",
        message: `a promise was rejected and nobody awaited it: ${errorText(reason)}\nThe child goes on; await the promise, or catch its error, in the task that made it`,
      });
    });
    process.on("uncaughtException", (error) => this.#exit(FAILED, FrameKind.dying, errorText(error)));
    // A job may call process.exit(): what ended before it is still told.
    process.on("exit", () => this.#flush());
    channel.listen(
      (chunk) => {
        this.#decoder.push(chunk, (frame) => this.#onFrame(frame));
        this.#runner?.pump();
      },
      () => process.exit(0),
    );
  }

  get index(): number {
    return this.#init?.index ?? 0;
  }

  get data(): JsonRecord {
    return this.#init?.data ?? {};
  }

  serve(work: Work, options: ServeOptions): void {
    this.#onStop = options.onStop;
    this.#runner = new JobRunner({
      work,
      channel: this.#channel,
      encoder: this.#encoder,
      concurrency: this.#init?.concurrency ?? 1,
      maxMemoryKiB: this.#init?.maxMemoryKiB,
      onIdle: () => void this.#stop(),
    });
  }

  #onFrame(frame: Frame): void {
    switch (frame.kind) {
      case FrameKind.init:
        // Written by the pool, as a ChildInit.
        void this.#import(frame.header as unknown as ChildInit);
        break;
      case FrameKind.job:
        this.#runner?.accept(frame);
        break;
      case FrameKind.abort:
        this.#runner?.abort(frame.job, String(frame.header["reason"]));
        break;
      case FrameKind.softLimit:
        this.#runner?.softLimit(frame.job, Number(frame.header["seconds"]));
        break;
      case FrameKind.giveBack:
        this.#runner?.giveBack();
        break;
      case FrameKind.stop:
        this.#runner?.stop();
        break;
      default:
        throw new PoolError("CELERIAC_POOL_FRAME_INVALID", { expected: "a frame for a child", got: `kind ${frame.kind}` });
    }
  }

  async #import(init: ChildInit): Promise<void> {
    this.#init = init;
    try {
      await import(init.module);
    } catch (error) {
      this.#exit(FAILED, FrameKind.failed, `${init.module} could not be imported: ${errorText(error)}`);
      return;
    }
    if (this.#runner) this.#tell(FrameKind.ready, {});
    else this.#exit(FAILED, FrameKind.failed, `expected ${init.module} to call serveJobs() before its evaluation ends, and it did not`);
  }

  async #stop(): Promise<void> {
    try {
      await this.#onStop?.();
    } catch (error) {
      this.#tell(FrameKind.log, { level: "error", message: `the child's onStop failed: ${errorText(error)}` });
    }
    this.#exit(0);
  }

  #tell(kind: FrameKind, header: JsonRecord): void {
    this.#encoder.add(kind, 0, 0, JSON.stringify(header));
    this.#flush();
  }

  #flush(): void {
    if (!this.#encoder.isEmpty) this.#channel.write(this.#encoder.take());
  }

  /** Exits when all is told. Nothing starts any more. */
  #exit(code: number, kind?: FrameKind, error?: string): void {
    if (this.#exiting) return;
    this.#exiting = true;
    if (kind === undefined) this.#flush();
    else this.#tell(kind, { error });
    this.#channel.drain(() => process.exit(code));
  }
}
