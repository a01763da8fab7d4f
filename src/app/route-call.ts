// Where a call goes: what the call says stands before what the task says, that before what the routers say, that before the default queue.
import type { CallOptions } from "../canvas/call-options.ts";
import type { Queue } from "../broker/contract.ts";
import type { RouteOptions } from "../config/structures/routes.ts";
import type { RegisteredTask } from "../task/registered-task.ts";
import type { AppContext } from "./app-context.ts";
import type { Address, TaskQueue } from "./task-queue.ts";

/** Where a message goes, and what else the router said of it. */
export interface Destination extends Address {
  /** The queue's name in routes, where there is one. */
  readonly queueName: string;
  /** Declared before a message is published; absent for broadcasts, whose queues belong to workers. */
  readonly declare: Queue | undefined;
  /** Further options of the route. */
  readonly options: CallOptions;
}

interface Call {
  readonly name: string;
  readonly task: RegisteredTask | undefined;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly options: CallOptions;
}

/** Finds a call's destination. */
export function routeCall(app: AppContext, call: Call): Destination {
  const { options, task } = call;
  const own = task?.callDefaults;
  const explicitQueue = options.queue ?? own?.queue;
  const route = lookup(app, call);
  const queue = app.queues.find(explicitQueue ?? route?.queue ?? app.conf.taskDefaultQueue);
  const exchange = options.exchange ?? own?.exchange ?? (explicitQueue === undefined ? route?.exchange : undefined);
  const routingKey = options.routingKey ?? own?.routingKey ?? route?.routingKey;
  return {
    ...addressOf(queue, exchange, routingKey),
    queueName: queue.name,
    declare: queue.declaredByPublishers ? queue.queue : undefined,
    options: routeRest(route),
  };
}

/** A route key alone names a key of the queue's own exchange. */
function addressOf(queue: TaskQueue, exchange: string | undefined, routingKey: string | undefined): Address {
  if (exchange === undefined && routingKey === undefined) return queue;
  const ownExchange = queue.queue.bindings?.[0]?.exchange.name ?? queue.exchange;
  return { exchange: exchange ?? ownExchange, routingKey: routingKey ?? queue.queue.bindings?.[0]?.routingKey ?? queue.routingKey };
}

function lookup(app: AppContext, { name, args, kwargs, options, task }: Call): RouteOptions | null {
  for (const router of app.routes.routers) {
    const route = router(options.routeName ?? name, args, kwargs, options as Readonly<Record<string, unknown>>, task);
    if (route !== null) return route;
  }
  return null;
}

const ADDRESS_OPTIONS: ReadonlySet<string> = new Set(["queue", "exchange", "exchangeType", "routingKey"]);
const NOTHING: CallOptions = {};

function routeRest(route: RouteOptions | null): CallOptions {
  if (route === null) return NOTHING;
  return Object.fromEntries(Object.entries(route).filter(([name]) => !ADDRESS_OPTIONS.has(name)));
}
