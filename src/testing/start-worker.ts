// A worker in the process of a test: pool `async`, so that tasks see the test's own variables and a debugger sees the tasks. It logs
// where the app logs, goes by the app's clock, and says through hooks where it is, as Celery's `start_worker` does.
import type { Celeriac } from "../app/celeriac.ts";
import { UsageError } from "../errors/celeriac-error.ts";
import { systemClock } from "../util/clock.ts";
import { type Duration, durationMs } from "../util/duration.ts";
import type { WorkerOptions } from "../worker/worker-options.ts";
import { Worker } from "../worker/worker.ts";

/** Options of a worker in a test. */
export interface TestWorkerOptions extends WorkerOptions {
  /** How long a stop waits for tasks that run, in real time; then they are interrupted and the stop fails. @default "10s" */
  readonly shutdownTimeout?: Duration | undefined;
}

/** A worker that a test started. `await using` stops it at the end of its block. */
export interface TestWorker extends AsyncDisposable {
  /** Name of its node. */
  readonly hostname: string;
  /** The worker itself. */
  readonly worker: Worker;
  /**
   * Stops it when what runs has ended. Safe to call twice.
   * @throws UsageError where tasks still ran after `shutdownTimeout`; they were interrupted
   */
  stop(): Promise<void>;
}

/** How many tasks run at a time where the test does not say: enough that tasks which wait for each other do not block. */
const CONCURRENCY = 10;

/**
 * Starts a worker for an app in this process; resolves when it consumes.
 * @throws what makes that impossible
 */
export async function startWorker(app: Celeriac, options: TestWorkerOptions = {}): Promise<TestWorker> {
  const { shutdownTimeout = "10s", ...given } = options;
  const shutdownMs = durationMs(shutdownTimeout, "the option shutdownTimeout of startWorker()");
  // A clock that stands still makes a stalled worker indistinguishable from an idle one.
  const worker = new Worker(app, {
    pool: "async",
    concurrency: CONCURRENCY,
    logger: app.logger,
    clock: app.clock,
    stallTimeout: 0,
    ...given,
  });
  const subject = { sender: worker.hostname, worker };
  await app.hooks.emitAsync("testWorkerStarting", subject);
  await worker.start();
  await app.hooks.emitAsync("testWorkerStarted", subject);
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping ??= stopWithin(worker, shutdownMs).finally(() => app.hooks.emitAsync("testWorkerStopped", subject));
    return stopping;
  };
  return { hostname: worker.hostname, worker, stop, [Symbol.asyncDispose]: stop };
}

/** A task that hangs must not hang the test: the wait is in real time, whatever clock the app has. */
async function stopWithin(worker: Worker, timeoutMs: number): Promise<void> {
  const over = new AbortController();
  const patience = systemClock.sleep(timeoutMs, over.signal).then(
    () => "late" as const,
    () => "stopped" as const,
  );
  const stopped = worker.stop().then(() => "stopped" as const);
  const first = await Promise.race([stopped, patience]);
  over.abort();
  if (first === "stopped") return;
  await worker.stop({ how: "cold" });
  throw new UsageError("CELERIAC_USAGE", {
    message:
      `expected the tasks of the test worker ${worker.hostname} to end within ${timeoutMs / 1000} s of its stop, and some did not; they were interrupted. ` +
      `Let the test wait for their results first, or give startWorker() a longer shutdownTimeout`,
  });
}
