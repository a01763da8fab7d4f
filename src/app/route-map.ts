// The setting `taskRoutes` compiled: names first, then globs and regular expressions in their order.
import type { RouteMap, RouteOptions, RoutePair, RouteTarget, TaskRouter, TaskRoutes } from "../config/structures/routes.ts";
import { CALL_OPTION_NAMES } from "../canvas/option-names.ts";
import { ConfigError } from "../errors/celeriac-error.ts";
import { knownOptions } from "./known-options.ts";

/** One router: what it says of a call, or null where it says nothing. */
export type Router = (
  name: string,
  args: readonly unknown[],
  kwargs: Readonly<Record<string, unknown>>,
  options: Readonly<Record<string, unknown>>,
  task?: unknown,
) => RouteOptions | null;

/** The routers of an app. */
export interface CompiledRoutes {
  readonly routers: readonly Router[];
  /** Whether a function may look at arguments: where not, a task's route never changes. */
  readonly dynamic: boolean;
}

/** Compiles the setting. */
export function compileRoutes(routes: TaskRoutes | null): CompiledRoutes {
  if (routes === null) return { routers: [], dynamic: false };
  const sources = sourcesOf(routes);
  return { routers: sources.map(routerOf), dynamic: sources.some((source) => typeof source === "function") };
}

type Source = TaskRouter | readonly RoutePair[];

function sourcesOf(routes: TaskRoutes): readonly Source[] {
  if (!isList(routes)) return [sourceOf(routes)];
  if (routes.every(isPair)) return [routes];
  return routes.map((each) => (isPair(each) ? [each] : sourceOf(each as Exclude<typeof each, RoutePair>)));
}

function sourceOf(one: RouteMap | TaskRouter | ReadonlyMap<string | RegExp, RouteTarget> | readonly RoutePair[]): Source {
  if (typeof one === "function") return one;
  if (Array.isArray(one)) return one as readonly RoutePair[];
  return one instanceof Map ? [...(one as ReadonlyMap<string | RegExp, RouteTarget>)] : Object.entries(one as RouteMap);
}

function isList(routes: TaskRoutes): routes is Extract<TaskRoutes, readonly unknown[]> {
  return Array.isArray(routes);
}

function isPair(value: unknown): value is RoutePair {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [pattern, target] = value as readonly unknown[];
  return (typeof pattern === "string" || pattern instanceof RegExp) && !Array.isArray(target);
}

function routerOf(source: Source): Router {
  if (typeof source === "function") {
    return (name, args, kwargs, options, task) =>
      targetOptions(source(name, args, kwargs, options, task), `the router function ${source.name || "(anonymous)"}`);
  }
  const exact = new Map<string, RouteOptions | null>();
  const patterns: [RegExp, RouteOptions | null][] = [];
  for (const [pattern, target] of source) {
    const options = targetOptions(target, `the route of ${String(pattern)} in the setting taskRoutes`);
    if (typeof pattern !== "string") patterns.push([anchored(pattern), options]);
    else if (pattern.includes("*")) patterns.push([globPattern(pattern), options]);
    else exact.set(pattern, options);
  }
  return (name) => exact.get(name) ?? patterns.find(([pattern]) => matches(pattern, name))?.[1] ?? null;
}

/** A glob of task names: `*` stands for any text, dots included; nothing else is special. */
export function globPattern(glob: string): RegExp {
  return new RegExp(`^${glob.split("*").map(RegExp.escape).join(".*")}$`, "s");
}

/** Regular expressions hold from the start of a name, as Python's `match` does. */
function anchored(pattern: RegExp): RegExp {
  return new RegExp(pattern.source, `${pattern.flags.replace(/[gy]/g, "")}y`);
}

function matches(pattern: RegExp, name: string): boolean {
  pattern.lastIndex = 0;
  return pattern.test(name);
}

const ROUTE_OPTIONS: ReadonlySet<string> = new Set(CALL_OPTION_NAMES);

/** A text is the name of a queue. */
function targetOptions(target: unknown, place: string): RouteOptions | null {
  if (target === undefined || target === null) return null;
  if (typeof target === "string") return { queue: target };
  if (typeof target === "object") refuseExchangeType(target as Readonly<Record<string, unknown>>, place);
  if (typeof target === "object") return knownOptions(target as Readonly<Record<string, unknown>>, ROUTE_OPTIONS, place);
  throw new ConfigError("CELERIAC_CONFIG_IMPROPER", {
    message: `expected ${place} to give the name of a queue, options or null, got: ${typeof target}`,
  });
}

/** A route declares no exchange, so that a type said here would mean nothing. */
function refuseExchangeType(target: Readonly<Record<string, unknown>>, place: string): void {
  if (!("exchangeType" in target) && !("exchange_type" in target)) return;
  throw new ConfigError("CELERIAC_CONFIG_IMPROPER", {
    message:
      `expected ${place} not to say exchangeType, got: ${JSON.stringify(target["exchangeType"] ?? target["exchange_type"])}; ` +
      `an exchange is declared with its queue: say its type there, in the setting taskQueues`,
  });
}
