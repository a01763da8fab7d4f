// One queue of tasks: what is declared, and how messages get into it.
import { randomUUID } from "node:crypto";
import type { Binding, Exchange, ExchangeType, Queue } from "../broker/contract.ts";
import type { NamedQueue, QueueOptions } from "../config/structures/routes.ts";
import { ConfigError } from "../errors/celeriac-error.ts";
import { type Duration, durationMs } from "../util/duration.ts";
import { knownOptions } from "./known-options.ts";

/** Where a message is published, and what must exist before. */
export interface Address {
  /** `""` is the default exchange, where the routing key is the queue's name. */
  readonly exchange: string;
  readonly routingKey: string;
}

/** A queue by the name that tasks are routed to. */
export interface TaskQueue extends Address {
  /** Name in routes and in `-Q`. For a broadcast it names the exchange: each worker has a queue of its own. */
  readonly name: string;
  /** What a worker declares and consumes. */
  readonly queue: Queue;
  readonly exchangeType: ExchangeType;
  /** Whether publishers declare it: not a broadcast, whose queues belong to workers. */
  readonly declaredByPublishers: boolean;
}

const QUEUE_OPTIONS: ReadonlySet<string> = new Set([
  "name",
  "exchange",
  "exchangeType",
  "routingKey",
  "bindings",
  "maxPriority",
  "durable",
  "exclusive",
  "autoDelete",
  "expires",
  "messageTtl",
  "queueArguments",
  "broadcast",
]);

/** Defaults for what a queue leaves open. */
export interface QueueDefaults {
  /** Null: the queue's own name. */
  readonly exchange: string | null;
  readonly exchangeType: ExchangeType;
  /** Null: the queue's own name. */
  readonly routingKey: string | null;
  readonly maxPriority: number | null;
}

/** The name before all dead-letter queues, which no worker consumes. */
export const DEAD_PREFIX = "celeriac.dead.";

/** A queue for `taskQueues` of which every worker gets a copy of each message. */
export function broadcast(name: string, options: QueueOptions = {}): NamedQueue {
  return { ...options, name, broadcast: true };
}

/** The queue of one worker alone, where the setting `workerDirect` is on: what is sent to it is executed there. */
export function workerDirectQueue(hostname: string): TaskQueue {
  const name = `${hostname.replace(/\.dq2$/, "")}.dq2`;
  const exchange: Exchange = { name: "C.dq2", type: "direct" };
  const routingKey = name.slice(0, -".dq2".length);
  // Both parts of the address are named, so that a Python worker which declared it is reached in the same way.
  return {
    name,
    exchange: exchange.name,
    routingKey,
    exchangeType: "direct",
    declaredByPublishers: true,
    queue: { name, bindings: [{ exchange, routingKey }], autoDelete: true },
  };
}

/**
 * A queue from what the settings say of it.
 * @throws ConfigError where an option cannot work
 */
export function taskQueue(name: string, given: QueueOptions, defaults: QueueDefaults): TaskQueue {
  const options = knownOptions(given, QUEUE_OPTIONS, `the queue ${JSON.stringify(name)}`) as QueueOptions; // the known ones, under their names
  if (options["broadcast"] === true) return broadcastQueue(name, options);
  const exchangeType = exchangeTypeOf(name, options.exchangeType ?? defaults.exchangeType);
  const exchange: Exchange = { name: options.exchange ?? defaults.exchange ?? name, type: exchangeType };
  const routingKey = options.routingKey ?? defaults.routingKey ?? name;
  const maxPriority = options.maxPriority ?? defaults.maxPriority ?? undefined;
  const bound = options["bindings"];
  const bindings: readonly Binding[] = Array.isArray(bound)
    ? bound.map((one) => bindingOf(one as BindingOptions, exchange))
    : [{ exchange, routingKey }];
  const queue: Queue = {
    name,
    bindings,
    ...flags(options),
    ...times(name, options),
    ...(maxPriority === undefined ? {} : { maxPriority }),
    ...(isRecord(options["queueArguments"]) ? { arguments: options["queueArguments"] } : {}),
  };
  const direct = exchangeType === "direct" && options.exchange === undefined && options.routingKey === undefined;
  const address: Address = direct ? { exchange: "", routingKey: name } : { exchange: exchange.name, routingKey };
  return { name, ...address, exchangeType, declaredByPublishers: true, queue };
}

interface BindingOptions {
  readonly exchange?: string | Exchange;
  readonly routingKey?: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
}

function bindingOf(given: BindingOptions, fallback: Exchange): Binding {
  const exchange = typeof given.exchange === "string" ? { ...fallback, name: given.exchange } : (given.exchange ?? fallback);
  return { exchange, routingKey: given.routingKey ?? "", ...(given.arguments === undefined ? {} : { arguments: given.arguments }) };
}

function broadcastQueue(name: string, options: QueueOptions): TaskQueue {
  const exchange: Exchange = { name: options.exchange ?? name, type: "fanout" };
  const queue: Queue = { name: `bcast.${randomUUID()}`, bindings: [{ exchange, routingKey: "" }], autoDelete: true };
  return { name, exchange: exchange.name, routingKey: "", exchangeType: "fanout", declaredByPublishers: false, queue };
}

function flags(options: QueueOptions): Partial<Queue> {
  const picked: Record<string, boolean> = {};
  for (const name of ["durable", "exclusive", "autoDelete"]) if (typeof options[name] === "boolean") picked[name] = options[name];
  return picked;
}

function times(name: string, options: QueueOptions): Partial<Queue> {
  const { expires, messageTtl } = options as { readonly expires?: Duration; readonly messageTtl?: Duration };
  return {
    ...(expires === undefined ? {} : { expiresMs: durationMs(expires, `expires of the queue ${name}`) }),
    ...(messageTtl === undefined ? {} : { messageTtlMs: durationMs(messageTtl, `messageTtl of the queue ${name}`) }),
  };
}

const EXCHANGE_TYPES: readonly string[] = ["direct", "topic", "fanout", "headers"];

function exchangeTypeOf(queue: string, type: string): ExchangeType {
  if (EXCHANGE_TYPES.includes(type)) return type as ExchangeType; // just found among them
  throw new ConfigError("CELERIAC_CONFIG_IMPROPER", {
    message: `expected exchangeType of the queue ${queue} to be one of ${EXCHANGE_TYPES.join(", ")}, got: ${type}`,
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
