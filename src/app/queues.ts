// The queues that an app knows: those of the setting `taskQueues`, the default one, and those that are made when they are first named.
import type { TaskQueues } from "../config/structures/routes.ts";
import { BrokerError, ConfigError } from "../errors/celeriac-error.ts";
import { didYouMean } from "../util/did-you-mean.ts";
import { DEAD_PREFIX, type QueueDefaults, type TaskQueue, taskQueue, workerDirectQueue } from "./task-queue.ts";
import type { ExchangeType } from "../broker/contract.ts";
import type { QueueOptions } from "../config/structures/routes.ts";

/** The settings that queues are made of. */
export interface QueueSettings {
  readonly taskQueues: TaskQueues | null;
  readonly taskDefaultQueue: string;
  readonly taskDefaultExchange: string | null;
  readonly taskDefaultExchangeType: ExchangeType;
  readonly taskDefaultRoutingKey: string | null;
  readonly taskQueueMaxPriority: number | null;
  readonly taskCreateMissingQueues: boolean;
  readonly taskCreateMissingQueueExchangeType: ExchangeType | null;
  readonly workerDirect: boolean;
}

/** Which queues a worker consumes. */
export interface QueueSelection {
  /** Only these: `-Q`. @default all that the app knows */
  readonly select?: readonly string[] | undefined;
  /** All but these: `-X`. */
  readonly exclude?: readonly string[] | undefined;
  /** Name of the worker's node, for its own queue where the setting `workerDirect` is on. */
  readonly hostname?: string | undefined;
}

/** The queues of one app. */
export class Queues {
  readonly #settings: QueueSettings;
  readonly #known: Map<string, TaskQueue> = new Map();

  constructor(settings: QueueSettings) {
    this.#settings = settings;
    const defaults: QueueDefaults = {
      exchange: settings.taskDefaultExchange,
      exchangeType: settings.taskDefaultExchangeType,
      routingKey: settings.taskDefaultRoutingKey,
      maxPriority: settings.taskQueueMaxPriority,
    };
    for (const [name, options] of listed(settings.taskQueues)) this.#known.set(name, taskQueue(name, options, defaults));
    if (settings.taskQueues === null) this.#known.set(settings.taskDefaultQueue, taskQueue(settings.taskDefaultQueue, {}, defaults));
  }

  /** The queue of tasks that nothing else routes. */
  get default(): TaskQueue {
    return this.find(this.#settings.taskDefaultQueue);
  }

  /** Names of the queues known so far. */
  names(): Iterable<string> {
    return this.#known.keys();
  }

  /** Adds a queue, in place of one of the same name. */
  add(name: string, options: QueueOptions = {}): TaskQueue {
    const { taskCreateMissingQueueExchangeType, taskQueueMaxPriority } = this.#settings;
    const queue = taskQueue(name, options, {
      exchange: null,
      exchangeType: taskCreateMissingQueueExchangeType ?? "direct",
      routingKey: null,
      maxPriority: taskQueueMaxPriority,
    });
    this.#known.set(name, queue);
    return queue;
  }

  /**
   * The queue of that name; made where `taskCreateMissingQueues` allows it.
   * @throws BrokerError CELERIAC_QUEUE_NOT_FOUND
   */
  find(name: string): TaskQueue {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    refuseDead(name);
    if (name.endsWith(".dq2")) return workerDirectQueue(name);
    if (this.#settings.taskCreateMissingQueues || name === this.#settings.taskDefaultQueue) return this.add(name);
    const near = didYouMean(name, this.#known.keys());
    const names = [...this.#known.keys()].join(", ");
    const hint = near === undefined ? `known are ${names}; add it to the setting taskQueues` : `did you mean ${JSON.stringify(near)}?`;
    throw new BrokerError("CELERIAC_QUEUE_NOT_FOUND", { queue: name, hint });
  }

  /**
   * The queues that a worker consumes.
   * @throws BrokerError where one is not known and may not be made
   */
  select(selection: QueueSelection = {}): readonly TaskQueue[] {
    const { select = [], exclude = [], hostname } = selection;
    const names = select.length > 0 ? [...new Set(select)] : [...this.#known.keys()];
    const chosen = names.filter((name) => !exclude.includes(name));
    if (chosen.length === 0) {
      const message = `expected a worker to have at least one queue, got none: of ${names.join(", ")} all are excluded`;
      throw new ConfigError("CELERIAC_CONFIG_IMPROPER", { message });
    }
    const queues = chosen.map((name) => this.find(name));
    return this.#settings.workerDirect && hostname !== undefined ? [...queues, workerDirectQueue(hostname)] : queues;
  }
}

function refuseDead(name: string): void {
  if (!name.startsWith(DEAD_PREFIX)) return;
  const hint = "it holds dead letters, which no worker executes and no task is sent to; see `celeriac dead`";
  throw new BrokerError("CELERIAC_QUEUE_NOT_FOUND", { queue: name, hint });
}

function* listed(queues: TaskQueues | null): Generator<readonly [string, QueueOptions]> {
  if (queues === null) return;
  if (!isList(queues)) {
    for (const [name, options] of Object.entries(queues)) yield [name, options ?? {}];
    return;
  }
  for (const queue of queues) {
    if (typeof queue === "string") yield [queue, {}];
    else yield [queue.name, queue];
  }
}

function isList(queues: TaskQueues): queues is Extract<TaskQueues, readonly unknown[]> {
  return Array.isArray(queues);
}
