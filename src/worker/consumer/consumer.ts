// The consumer of a worker: a blueprint of its own, which is the only thing that is restarted when the connection to the broker is lost.
//   idle -> starting -> consuming <-> restarting -> ending -> ended
// A restart that fails for want of a connection is tried again, from the first step; one that fails for another reason ends the worker.
import { Blueprint } from "../../bootsteps/blueprint.ts";
import type { Step } from "../../bootsteps/step.ts";
import type { Broker } from "../../broker/broker.ts";
import type { BrokerConsumer } from "../../broker/broker-consumer.ts";
import { CeleriacError } from "../../errors/celeriac-error.ts";
import type { TaskEngine } from "../task-engine.ts";
import type { Worker } from "../worker.ts";

/** More restarts than this in a second, and the next one waits a second. */
const RESTARTS_A_SECOND = 5;
/** How long a cold shutdown waits for what has ended to be published, stored and settled. */
const COLD_DRAIN_MS = 10_000;

/** Takes messages for a worker, over all its connections. */
export class Consumer {
  readonly worker: Worker;
  readonly engine: TaskEngine;
  /** The connection; set by the step `connection`. */
  broker: Broker | undefined;
  /** Takes from the queues; set by the step `message-loop`. */
  taskConsumer: BrokerConsumer | undefined;
  #blueprint: Blueprint<Consumer>;
  readonly #steps: readonly Step<Consumer>[];
  readonly #ending = new AbortController();
  #restartWanted = false;
  #restarting: Promise<void> | undefined;
  #restartTimes: number[] = [];

  constructor(worker: Worker, engine: TaskEngine, steps: Iterable<Step<Consumer>>) {
    this.worker = worker;
    this.engine = engine;
    this.#steps = [...steps];
    this.#blueprint = this.#newBlueprint();
  }

  /** Its steps and their life. */
  get blueprint(): Blueprint<Consumer> {
    return this.#blueprint;
  }

  /** Aborted when the worker ends: ends waits for a connection. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  /** Whether it takes messages now. */
  get consuming(): boolean {
    return this.taskConsumer?.active ?? false;
  }

  /** Resolves when it consumes. @throws what makes that impossible */
  async start(): Promise<void> {
    while (!this.signal.aborted) {
      try {
        await this.#bringUp();
        return;
      } catch (error) {
        if (this.signal.aborted) return;
        if (!mayPass(error)) throw error;
        this.worker.logger.error({ err: error }, `consumer: the connection went while it was set up: ${error.message}. It is set up again`);
      }
    }
  }

  /** Stops and starts all steps, because the connection is lost or gives nothing any more. Wishes that come together are one restart. */
  restart(): void {
    if (this.signal.aborted) return;
    this.#restartWanted = true;
    this.#restarting ??= this.#restartAll().finally(() => {
      this.#restarting = undefined;
    });
  }

  /** Takes no more messages; what was taken goes on. Safe to call twice. */
  async stopTaking(): Promise<void> {
    this.#ending.abort(new Error("the worker is stopping"));
    this.engine.stopTaking();
    await this.#restarting;
    const { taskConsumer } = this;
    try {
      await taskConsumer?.cancel();
    } catch (error) {
      this.worker.logger.warn({ err: error }, "consumer: the broker could not be told that the worker takes no more messages");
    }
  }

  /** Ends it: waits until the pool is empty and everything is settled, and only then lets go of the connection. */
  async stop(how: "stop" | "terminate"): Promise<void> {
    await this.stopTaking();
    const { pool } = this.worker;
    await (how === "stop" ? pool?.stop() : pool?.kill());
    await (how === "stop" ? this.engine.drained() : this.#drainForAWhile());
    await (how === "stop" ? this.#blueprint.stop(this) : this.#blueprint.terminate(this));
  }

  /** A cold shutdown does not wait for ever for a broker or a backend that takes nothing: the lease of what is untold is found abandoned. */
  async #drainForAWhile(): Promise<void> {
    const { clock, logger } = this.worker;
    const over = new AbortController();
    const drained = this.engine.drained().then(() => true);
    // Aborting it is how the sleep ends, and no error.
    const time = clock.sleep(COLD_DRAIN_MS, over.signal).then(
      () => false,
      () => false,
    );
    if (!(await Promise.race([drained, time])))
      logger.error({}, "consumer: not everything that ended could be told to the broker and the backend; it will be run again");
    over.abort();
  }

  async #restartAll(): Promise<void> {
    const { logger } = this.worker;
    while (this.#restartWanted && !this.signal.aborted) {
      this.#restartWanted = false;
      try {
        await this.#slowDown();
        await this.#bringUp();
        logger.info({ url: this.broker?.url }, `consumer: Connected to ${this.broker?.url ?? "the broker"} again`);
      } catch (error) {
        if (this.signal.aborted) return;
        if (!mayPass(error)) {
          this.worker.fail(error);
          return;
        }
        logger.error({ err: error }, `consumer: the connection went while it was set up again: ${error.message}`);
        this.#restartWanted = true;
      }
    }
  }

  /** A blueprint that failed is done for; a new one of the same steps takes its place. */
  async #bringUp(): Promise<void> {
    if (this.#blueprint.state === "running") return this.#blueprint.restart(this);
    if (this.#blueprint.state !== "initializing") this.#blueprint = this.#newBlueprint();
    return this.#blueprint.start(this);
  }

  async #slowDown(): Promise<void> {
    const { clock, logger } = this.worker;
    const now = clock.monotonic();
    this.#restartTimes = [...this.#restartTimes.filter((at) => now - at < 1000), now];
    if (this.#restartTimes.length <= RESTARTS_A_SECOND) return;
    logger.fatal({ restarts: this.#restartTimes.length }, "consumer: restarted too often; the next restart waits a second");
    await clock.sleep(1000, this.signal);
  }

  #newBlueprint(): Blueprint<Consumer> {
    return new Blueprint<Consumer>({ name: "consumer", steps: this.#steps, logger: this.worker.logger });
  }
}

function mayPass(error: unknown): error is CeleriacError {
  return error instanceof CeleriacError && error.retryable;
}
