// Tells the broker what became of deliveries. It stands between the worker, which always knows, and a connection that comes and goes:
// what cannot be told now is told after the reconnect where deliveries survive one, and is void where they do not, because the broker has
// then given them to somebody already. A delivery is settled once.
import type { Delivery, Settlement } from "../broker/contract.ts";
import type { Clock } from "../util/clock.ts";
import { createDeferred, type Deferred } from "../util/deferred.ts";
import type { Logger } from "../util/logger.ts";
import type { Fate } from "./fate.ts";
import type { NamedTask } from "./task-log.ts";

/** What is needed of a connection to settle deliveries. */
export interface SettlingConnection {
  readonly deliveriesSurviveReconnect: boolean;
  /** Whether a message can be given back to be seen later only. */
  readonly delay: boolean;
  settle(delivery: Delivery, settlement: Settlement): Promise<boolean>;
  /** Moves a delivery to the dead letters; false where it is no longer ours. */
  deadLetter(delivery: Delivery, fate: Extract<Fate, { kind: "dead-letter" }>): Promise<boolean>;
}

/** A delivery that is to be settled, with what its log lines need. */
export interface Settleable extends NamedTask {
  readonly delivery: Delivery;
  /** Which connection it came by. */
  readonly connection: number;
  settled: boolean;
}

/** What settlements work with. */
export interface SettlementsParams {
  readonly logger: Logger;
  readonly clock: Clock;
}

interface Untold {
  readonly of: Settleable;
  readonly fate: Fate;
}

/** How long a settlement that the broker failed to take waits for its next try. */
const RETRY_MS = 1000;

/** The settlements of one worker, over all its connections. */
export class Settlements {
  readonly #logger: Logger;
  readonly #clock: Clock;
  #connection: SettlingConnection | undefined;
  #number = 0;
  #untold: Untold[] = [];
  #inFlight = 0;
  #retryArmed = false;
  #drained: Deferred<void> | undefined;

  constructor(params: SettlementsParams) {
    this.#logger = params.logger;
    this.#clock = params.clock;
  }

  /** Number of the current connection; deliveries carry it. */
  get connectionNumber(): number {
    return this.#number;
  }

  /** Whether a message can be given back to be seen later only. */
  get canDelay(): boolean {
    return this.#connection?.delay ?? false;
  }

  /** Uses a new connection, and tells it what the one before did not take. */
  attach(connection: SettlingConnection): void {
    this.#connection = connection;
    this.#number++;
    this.#tellUntold();
  }

  /** The connection is gone. */
  detach(): void {
    this.#connection = undefined;
    this.#checkDrained();
  }

  /** Ends a delivery. */
  end(of: Settleable, fate: Fate): void {
    if (of.settled) return;
    of.settled = true;
    this.#tell(of, fate);
  }

  /** Resolves when the broker has taken everything that was told so far, or is gone. */
  drained(): Promise<void> {
    if (this.#isDrained()) return Promise.resolve();
    this.#drained ??= createDeferred();
    return this.#drained.promise;
  }

  #tell(of: Settleable, fate: Fate): void {
    const connection = this.#connection;
    if (!connection) {
      this.#untold.push({ of, fate });
      return;
    }
    if (of.connection !== this.#number && !connection.deliveriesSurviveReconnect) {
      this.#logger.debug(
        { taskId: of.taskId, taskName: of.name },
        `the delivery of ${of.name}[${of.taskId}] went with its connection; the broker delivers it again`,
      );
      return;
    }
    this.#inFlight++;
    const told = fate.kind === "dead-letter" ? connection.deadLetter(of.delivery, fate) : connection.settle(of.delivery, fate);
    told.then(
      (ours) => this.#onTold(of, ours),
      (error: unknown) => this.#onFailed(of, fate, error),
    );
  }

  #onTold(of: Settleable, ours: boolean): void {
    this.#inFlight--;
    if (!ours) {
      this.#logger.warn(
        { taskId: of.taskId, taskName: of.name, queue: of.delivery.queue },
        `the message of ${of.name}[${of.taskId}] was no longer ours when it ended: it was given to another worker in the meantime, so the task may run twice`,
      );
    }
    if (this.#drained) this.#checkDrained();
  }

  #onFailed(of: Settleable, fate: Fate, error: unknown): void {
    this.#inFlight--;
    this.#untold.push({ of, fate });
    this.#logger.warn(
      { err: error, taskId: of.taskId, taskName: of.name },
      `the broker did not take the end (${fate.kind}) of ${of.name}[${of.taskId}]; it is told again`,
    );
    this.#armRetry();
    this.#checkDrained();
  }

  #armRetry(): void {
    if (this.#retryArmed) return;
    this.#retryArmed = true;
    this.#clock.setTimer(
      () => {
        this.#retryArmed = false;
        this.#tellUntold();
      },
      RETRY_MS,
      { unref: true },
    );
  }

  #tellUntold(): void {
    if (!this.#connection) return;
    const untold = this.#untold;
    this.#untold = [];
    for (const { of, fate } of untold) this.#tell(of, fate);
  }

  #isDrained(): boolean {
    return this.#inFlight === 0 && (this.#untold.length === 0 || !this.#connection);
  }

  #checkDrained(): void {
    if (!this.#drained || !this.#isDrained()) return;
    this.#drained.resolve();
    this.#drained = undefined;
  }
}
