// The parts that take a delivery to its end, put together: admission, the requests that are held, what hears of their outcomes, and what
// carries those out. It lives as long as the worker; connections come and go beneath it.
import type { CeleriacApp } from "../app/celeriac.ts";
import type { Broker } from "../broker/broker.ts";
import type { Delivery } from "../broker/contract.ts";
import { deadLetter } from "../broker/dead-letter.ts";
import type { ExecutionHost } from "../execution/execution-host.ts";
import type { ExecutionPool } from "../pool/contract.ts";
import type { Clock } from "../util/clock.ts";
import type { Logger } from "../util/logger.ts";
import { ActiveRequests } from "./active-requests.ts";
import { Admission } from "./admission.ts";
import { Conclusions, type StateEntry } from "./conclusions.ts";
import { Prefetch } from "./consumer/prefetch.ts";
import { PrefetchBoost } from "./consumer/prefetch-boost.ts";
import { GIVE_BACK } from "./fate.ts";
import { HeldRequests } from "./held-requests.ts";
import { Outcomes } from "./outcomes.ts";
import { Settlements, type SettlingConnection } from "./settlements.ts";
import { TaskLog } from "./task-log.ts";
import type { ResolvedWorkerOptions } from "./worker-options.ts";

/** What an engine is made of. */
export interface TaskEngineParams {
  readonly app: CeleriacApp;
  readonly host: ExecutionHost;
  readonly pool: ExecutionPool;
  readonly options: ResolvedWorkerOptions;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Stores states; resolves when they can be read. */
  store(entries: readonly StateEntry[]): Promise<unknown>;
}

/** Everything between a delivery and its end. */
export class TaskEngine {
  readonly active: ActiveRequests = new ActiveRequests();
  readonly prefetch: Prefetch;
  readonly #boost: PrefetchBoost;
  readonly #held: HeldRequests;
  readonly #settlements: Settlements;
  readonly #conclusions: Conclusions;
  readonly #outcomes: Outcomes;
  readonly #admission: Admission;
  readonly #params: TaskEngineParams;

  constructor(params: TaskEngineParams) {
    const { app, host, pool, options, logger, clock } = params;
    const log = new TaskLog(logger);
    this.#params = params;
    this.prefetch = new Prefetch(options.concurrency * options.childConcurrency, options.prefetchMultiplier);
    this.#boost = new PrefetchBoost({
      prefetch: this.prefetch,
      clock,
      logger,
      held: () => this.active.size,
      giveBack: (count) => void pool.withdraw(count),
    });
    this.#held = new HeldRequests({ clock, prefetch: this.prefetch });
    this.#settlements = new Settlements({ logger, clock });
    this.#conclusions = new Conclusions({
      settlements: this.#settlements,
      publish: (messages) => app.publishBuilt(messages),
      store: (entries) => params.store(entries),
      logger,
      clock,
    });
    const shared = { host, active: this.active, conclusions: this.#conclusions, settlements: this.#settlements, log };
    this.#outcomes = new Outcomes({
      ...shared,
      maxChildDeaths: app.conf.taskMaxChildDeaths,
      wire: pool.capabilities.isolated,
      boost: options.mayBoostPrefetch && pool.capabilities.isolated ? this.#boost : undefined,
    });
    this.#admission = new Admission({
      ...shared,
      pool,
      logger,
      clock,
      held: this.#held,
      outcomes: this.#outcomes,
      maxWorkerDeaths: app.conf.taskMaxWorkerDeaths,
      maxChildDeaths: app.conf.taskMaxChildDeaths,
      unknown: app.conf.taskUnknown,
      timeLimitSeconds: options.timeLimitSeconds,
      softTimeLimitSeconds: options.softTimeLimitSeconds,
    });
  }

  /** Takes a batch of deliveries. */
  admitAll(deliveries: readonly Delivery[]): void {
    this.#admission.admitAll(deliveries);
  }

  /** Uses a connection from now on. What came by an earlier one, and did not survive it, is forgotten where it has not started. */
  attach(broker: Broker): void {
    this.#settlements.attach(settlingConnection(broker, this.#params.options.hostname));
    if (broker.capabilities.deliveriesSurviveReconnect) return;
    for (const request of this.#held.release()) this.active.remove(request);
    this.#params.pool.withdraw(Number.POSITIVE_INFINITY);
  }

  /** The connection is gone. */
  detach(): void {
    this.#settlements.detach();
  }

  /** Takes no more: what comes or waits for its time is given back. */
  stopTaking(): void {
    this.#boost.stop();
    this.#admission.close();
    for (const request of this.#held.release()) {
      this.active.remove(request);
      this.#settlements.end(request, GIVE_BACK);
    }
  }

  /** Resolves when everything that has ended so far is published, stored and settled. */
  async drained(): Promise<void> {
    await this.#outcomes.built();
    await this.#conclusions.drained();
  }
}

function settlingConnection(broker: Broker, node: string): SettlingConnection {
  const { deliveriesSurviveReconnect, delay } = broker.capabilities;
  return {
    deliveriesSurviveReconnect,
    delay,
    settle: (delivery, settlement) => broker.settle(delivery, settlement),
    deadLetter: (delivery, { reason, detail, deaths }) => deadLetter(broker, delivery, { reason, detail, node, ...(deaths && { deaths }) }),
  };
}
