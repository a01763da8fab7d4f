// Where a call goes: what the call says stands before what the task says, that before what the routers say, that before the default queue.
// The level that names the queue decides the whole address: an exchange or key of a level beneath it belongs to another queue, and a message
// that is addressed with it may reach no queue at all.
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
  const route = lookup(app, call);
  const said = addressSaid(options, own, route);
  const queue = app.queues.find(said.queue ?? app.conf.taskDefaultQueue);
  return {
    ...addressOf(queue, said.exchange, said.routingKey),
    queueName: queue.name,
    declare: queue.declaredByPublishers ? queue.queue : undefined,
    options: routeRest(route),
  };
}

interface SaidAddress {
  readonly queue?: string | undefined;
  readonly exchange?: string | undefined;
  readonly routingKey?: string | undefined;
}

/** The address as the levels say it, from the call downwards to the first that names a queue. */
function addressSaid(call: SaidAddress, own: SaidAddress | undefined, route: SaidAddress | null): SaidAddress {
  if (call.queue !== undefined) return call;
  const onTask = own === undefined ? call : under(call, own);
  return onTask.queue !== undefined || route === null ? onTask : under(onTask, route);
}

function under(above: SaidAddress, { queue, exchange, routingKey }: SaidAddress): SaidAddress {
  return { queue, exchange: above.exchange ?? exchange, routingKey: above.routingKey ?? routingKey };
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

const ADDRESS_OPTIONS: ReadonlySet<string> = new Set(["queue", "exchange", "routingKey"]);
const NOTHING: CallOptions = {};

function routeRest(route: RouteOptions | null): CallOptions {
  if (route === null) return NOTHING;
  return Object.fromEntries(Object.entries(route).filter(([name]) => !ADDRESS_OPTIONS.has(name)));
}
