// What the settings taskRoutes and taskQueues hold. Options are named as those of `applyAsync` are; they are passed on as they are,
// so that a driver's own options reach it. The app compiles both into its router and its table of queues.

/** Where a task goes and how: options that fill what the call itself leaves open. */
export interface RouteOptions {
  /** Name of the queue. */
  readonly queue?: string;
  /** Name of the exchange. */
  readonly exchange?: string;
  /** Routing key. */
  readonly routingKey?: string;
  /** Priority, from 0 to 255. */
  readonly priority?: number;
  /** Any further option of `applyAsync`. */
  readonly [option: string]: unknown;
}

/** A function that says where a task goes; null or undefined leaves it to the next router. */
export type TaskRouter = (
  name: string,
  args: readonly unknown[],
  kwargs: Readonly<Record<string, unknown>>,
  options: Readonly<Record<string, unknown>>,
  task?: unknown,
) => RouteOptions | string | null | undefined;

/** The target of a route: the name of a queue, or options. */
export type RouteTarget = string | RouteOptions;

/** Routes by the task's name; a name with `*` in it is a glob. */
export type RouteMap = Readonly<Record<string, RouteTarget>>;

/** A name, glob or regular expression with its target. */
export type RoutePair = readonly [pattern: string | RegExp, target: RouteTarget];

/** One router of several: a map, a function, or a list of pairs. */
export type RouteSource = RouteMap | TaskRouter | readonly RoutePair[];

/** The setting `taskRoutes`: one router, or a list of which the first that answers decides. */
export type TaskRoutes = RouteMap | TaskRouter | ReadonlyMap<string | RegExp, RouteTarget> | readonly (RouteSource | RoutePair)[];

/** What may be said of a queue; what is missing comes from the defaults of `taskDefault...`. */
export interface QueueOptions {
  /** Name of the exchange that the queue is bound to. */
  readonly exchange?: string;
  /** Type of that exchange. */
  readonly exchangeType?: string;
  /** Routing key of the binding. */
  readonly routingKey?: string;
  /** Highest priority of messages in it. */
  readonly maxPriority?: number;
  /** Any further option of a queue, such as `queueArguments` or `bindings`. */
  readonly [option: string]: unknown;
}

/** A queue with its name. */
export interface NamedQueue extends QueueOptions {
  /** Name of the queue. */
  readonly name: string;
}

/** The setting `taskQueues`: names, named queues, or a map of names and options. */
export type TaskQueues = readonly (string | NamedQueue)[] | Readonly<Record<string, QueueOptions | null>>;
