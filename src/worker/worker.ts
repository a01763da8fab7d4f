// A worker: takes task messages from queues and has a pool execute them. It is a blueprint of steps; the last one, the consumer, has a
// blueprint of its own that is restarted alone when the connection is lost. It installs no signal handlers: that is its program's affair.
import type { CeleriacApp } from "../app/celeriac.ts";
import { importListed } from "../app/discovery.ts";
import type { TaskQueue } from "../app/task-queue.ts";
import { Blueprint } from "../bootsteps/blueprint.ts";
import type { Step } from "../bootsteps/step.ts";
import { WorkerError } from "../errors/celeriac-error.ts";
import type { ExecutionHost } from "../execution/execution-host.ts";
import type { ExecutionPool } from "../pool/contract.ts";
import { type Clock, systemClock } from "../util/clock.ts";
import { createDeferred, type Deferred } from "../util/deferred.ts";
import type { Logger } from "../util/logger.ts";
import { chooseLogger } from "./choose-logger.ts";
import type { Consumer } from "./consumer/consumer.ts";
import { defaultConsumerSteps, defaultWorkerSteps } from "./default-steps.ts";
import { type PoolTable, poolsOf, type ResolvedWorkerOptions, resolveWorkerOptions, type WorkerOptions } from "./worker-options.ts";
import { canMove, type Shutdown, type WorkerState } from "./worker-state.ts";

/** How a worker ended. */
export interface WorkerEnd {
  /** What its program should exit with. */
  readonly exitCode: number;
  /** Why it could not go on, where it ended by itself. */
  readonly error?: unknown;
}

/** How a worker is asked to stop. */
export interface StopOptions {
  /** `warm` finishes what runs; `cold` interrupts it. @default "warm" */
  readonly how?: Shutdown;
  /** The process signal that asked for it, for hooks. */
  readonly signal?: NodeJS.Signals;
  /** What the program shall exit with. @default 0 for warm, 1 for cold */
  readonly exitCode?: number;
}

/** Executes tasks. */
export class Worker implements AsyncDisposable {
  readonly app: CeleriacApp;
  /** Name of its node, such as `celery@host`. */
  readonly hostname: string;
  readonly options: ResolvedWorkerOptions;
  readonly logger: Logger;
  readonly clock: Clock;
  /** The pools that may be chosen. */
  readonly pools: PoolTable;
  /** The queues that it takes from. Chosen when it is built. */
  readonly queues: readonly TaskQueue[];
  /** The steps of the consumer, in no order yet. */
  readonly consumerSteps: readonly Step<Consumer>[];
  readonly blueprint: Blueprint<Worker>;
  /** Made by the step `pool`. */
  pool: ExecutionPool | undefined;
  /** Made by the step `pool`. */
  host: ExecutionHost | undefined;
  /** Made by the step `consumer`. */
  consumer: Consumer | undefined;
  #state: WorkerState = "initializing";
  #ending: Promise<void> | undefined;
  #exitCode = 0;
  #error: unknown;
  readonly #stopped: Deferred<WorkerEnd> = createDeferred();
  /** Ends the wait of a soft shutdown. */
  readonly #hurry = new AbortController();

  /** @throws ConfigError where its options cannot work; BrokerError where a queue is not known */
  constructor(app: CeleriacApp, options: WorkerOptions = {}) {
    this.app = app;
    if (options.settings) app.configure(options.settings);
    this.options = resolveWorkerOptions(app, options);
    this.hostname = this.options.hostname;
    this.clock = options.clock ?? systemClock;
    const { loglevel, logFormat, color } = this.options;
    this.logger = chooseLogger(app, { hostname: this.hostname, given: options.logger, level: loglevel, format: logFormat, color });
    this.pools = options.pools ?? poolsOf(app);
    this.queues = app.queues.select({ select: this.options.queues, exclude: this.options.excludeQueues, hostname: this.hostname });
    this.consumerSteps = app.steps.applyTo("consumer", defaultConsumerSteps());
    this.blueprint = new Blueprint<Worker>({
      name: "worker",
      steps: app.steps.applyTo("worker", defaultWorkerSteps()),
      logger: this.logger,
    });
  }

  /** Where it is in its life. */
  get state(): WorkerState {
    return this.#state;
  }

  /** Resolves when it has stopped, however it came to that. Never rejects. */
  get stopped(): Promise<WorkerEnd> {
    return this.#stopped.promise;
  }

  /** Resolves when it consumes. @throws what makes that impossible; the worker is stopped then */
  async start(): Promise<void> {
    if (this.#state !== "initializing") throw new WorkerError("CELERIAC_WORKER_STATE", { operation: "start", state: this.#state });
    this.#move("starting");
    const { app, hostname, options } = this;
    try {
      await app.hooks.emitAsync("celeriacInit", { sender: hostname, app, conf: { ...app.conf }, options: { ...options } });
      await importListed(options.include, "the worker's option include (-I)");
      await app.finalize();
      await app.hooks.emitAsync("celeriacAfterSetup", { sender: hostname, worker: this, conf: { ...app.conf } });
      await this.blueprint.start(this);
    } catch (error) {
      this.#error = error;
      this.#exitCode = 1;
      await this.blueprint.stop(this);
      this.#end();
      throw error;
    }
    // It may have been stopped meanwhile.
    if (this.state !== "starting") return;
    this.#move("running");
    this.logger.info({ hostname }, `${hostname} ready.`);
    await app.hooks.emitAsync("workerReady", { sender: hostname, worker: this });
  }

  /**
   * Stops it; resolves when it has stopped. Asked `cold` while it stops warm, it interrupts what still runs; asked so once more, it does
   * not wait for a soft shutdown either.
   */
  async stop(options: StopOptions = {}): Promise<void> {
    const { how = "warm", signal, exitCode = how === "warm" ? 0 : 1 } = options;
    if (this.#state === "stopped") return;
    if (this.#state === "initializing") {
      this.#end();
      return;
    }
    if (how === "cold" && this.#state === "terminating") this.#hurry.abort();
    if (how === "cold" && this.#state !== "terminating") {
      this.#announce("cold", signal, exitCode);
      this.#move("terminating");
      this.#ending = this.#stopCold();
    } else if (!this.#ending) {
      this.#announce("warm", signal, exitCode);
      this.#move("stopping");
      this.#ending = this.blueprint.stop(this).then(() => this.#end());
    }
    await this.#ending;
  }

  /** Something without which it cannot go on has failed: it stops, and its program is to exit with 1. */
  fail(error: unknown): void {
    if (this.#ending) return;
    this.#error = error;
    this.logger.fatal({ err: error }, `${this.hostname} cannot go on: ${error instanceof Error ? error.message : String(error)}`);
    void this.stop({ exitCode: 1 });
  }

  /** What its steps tell of themselves. */
  info(): Readonly<Record<string, unknown>> {
    return { ...this.blueprint.info(this), consumerSteps: this.consumer?.blueprint.info(this.consumer) };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /** Gives what runs the time of a soft shutdown, then interrupts it. */
  async #stopCold(): Promise<void> {
    const { consumer, pool, options } = this;
    await consumer?.stopTaking();
    const running = consumer?.engine.active.running ?? 0;
    if (options.softShutdownMs > 0 && (running > 0 || options.softShutdownOnIdle)) await this.#waitSoftly(running);
    await pool?.kill();
    await this.blueprint.terminate(this);
    this.#end();
  }

  /** Resolves when what runs has ended, its time is over, or somebody is in a hurry. */
  async #waitSoftly(running: number): Promise<void> {
    const { pool, options, clock, logger } = this;
    logger.warn({ running }, `worker: Soft shutdown: ${running} tasks have ${options.softShutdownMs / 1000} seconds to end`);
    const ended = new AbortController();
    // Either abort ends the sleep, and neither is an error.
    const time = clock.sleep(options.softShutdownMs, AbortSignal.any([this.#hurry.signal, ended.signal])).catch(() => undefined);
    await Promise.race([pool?.stop(), time]);
    ended.abort();
  }

  #announce(how: Shutdown, signal: NodeJS.Signals | undefined, exitCode: number): void {
    this.#exitCode = Math.max(this.#exitCode, exitCode);
    this.app.hooks.emit("workerShuttingDown", {
      sender: this.hostname,
      worker: this,
      signal: signal ?? null,
      how,
      exitCode: this.#exitCode,
    });
  }

  #end(): void {
    if (this.#state === "stopped") return;
    this.#move("stopped");
    this.#stopped.resolve({ exitCode: this.#exitCode, ...(this.#error === undefined ? {} : { error: this.#error }) });
  }

  #move(to: WorkerState): void {
    if (!canMove(this.#state, to)) throw new WorkerError("CELERIAC_WORKER_STATE", { operation: `a move to ${to}`, state: this.#state });
    this.logger.debug({ from: this.#state, to }, `worker: ${this.#state} -> ${to}`);
    this.#state = to;
  }
}
