// From an exchange and a routing key to the queues that take the message. What was found is kept until the topology changes.
import { BrokerError } from "../../errors/celeriac-error.ts";
import { compileTopicPattern } from "./topic-pattern.ts";
import type { Topology } from "./topology.ts";

/** Routing keys may be made up without end; past so many the cache starts anew. */
const MAX_CACHED_ROUTES = 10_000;

interface RouteCache {
  version: number;
  size: number;
  readonly byExchange: Map<string, Map<string, readonly string[]>>;
}

const caches = new WeakMap<Topology, RouteCache>();

/**
 * The names of the queues that a publication goes to, each once; none where nothing is bound.
 * @throws BrokerError `CELERIAC_BROKER_REFUSED` where there is no such exchange
 */
export function route(topology: Topology, exchange: string, routingKey: string): readonly string[] {
  const cache = currentCache(topology);
  const keys = cache.byExchange.get(exchange);
  const known = keys?.get(routingKey);
  if (known !== undefined) return known;
  const found = findRoute(topology, exchange, routingKey);
  if (keys === undefined) cache.byExchange.set(exchange, new Map([[routingKey, found]]));
  else keys.set(routingKey, found);
  cache.size++;
  return found;
}

function currentCache(topology: Topology): RouteCache {
  let cache = caches.get(topology);
  if (cache === undefined) {
    cache = { version: topology.version, size: 0, byExchange: new Map() };
    caches.set(topology, cache);
  } else if (cache.version !== topology.version || cache.size >= MAX_CACHED_ROUTES) {
    cache.version = topology.version;
    cache.size = 0;
    cache.byExchange.clear();
  }
  return cache;
}

function findRoute(topology: Topology, exchange: string, routingKey: string): readonly string[] {
  if (exchange === "") return topology.queues.has(routingKey) ? [routingKey] : [];
  const declared = topology.exchanges.get(exchange);
  if (declared === undefined) {
    throw new BrokerError("CELERIAC_BROKER_REFUSED", {
      operation: `publishing to the exchange ${JSON.stringify(exchange)}`,
      reason: "there is no such exchange; declare it, or a queue that is bound to it",
    });
  }
  const keys = topology.bindings.get(exchange);
  if (keys === undefined) return [];
  if (declared.type === "direct") return [...(keys.get(routingKey) ?? [])];
  const found = new Set<string>();
  for (const [pattern, queues] of keys) {
    if (declared.type === "topic" && !compileTopicPattern(pattern)(routingKey)) continue;
    for (const queue of queues) found.add(queue);
  }
  return [...found];
}
