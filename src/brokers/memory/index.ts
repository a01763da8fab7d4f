// The broker memory://name: queues in this process, shared by all connections with the same URL. For tests, for eager-like use and for
// programs whose tasks need not outlive them: nothing is kept on disk, and other processes do not see it.
import type { BrokerCapabilities, BrokerDriver } from "../../broker/contract.ts";
import { BrokerError, ConfigError } from "../../errors/celeriac-error.ts";
import { type Clock, systemClock } from "../../util/clock.ts";
import { maskUrl } from "../../util/mask-url.ts";
import { MemoryConnection } from "./memory-connection.ts";
import { MemoryStore } from "./memory-store.ts";

/** What a memory broker's driver is made with. */
export interface MemoryBrokerOptions {
  /** The time by which messages expire and are delayed. Drivers share queues only where they share the clock. @default the system's */
  readonly clock?: Clock;
}

const capabilities: BrokerCapabilities = Object.freeze({
  delay: true,
  countsDelayed: true,
  priority: true,
  fanout: true,
  expiry: true,
  countsDeaths: true,
  deliveriesSurviveReconnect: false,
  celeryPeers: false,
  shared: false,
});

/** By clock, then by the URL's name. */
const stores = new Map<Clock, Map<string, MemoryStore>>();

/** Makes the driver of `memory://` URLs. */
export function createBrokerDriver(options: MemoryBrokerOptions = {}): BrokerDriver {
  const { clock = systemClock } = options;
  return {
    name: "memory",
    capabilities,
    open: (params) => {
      try {
        const name = nameOf(params.url);
        refuseOptions(params.url, params.options);
        const store = storeOf(clock, name);
        return Promise.resolve(new MemoryConnection(store, params, () => forgetWhenEmpty(clock, name, store)));
      } catch (error) {
        return Promise.reject(error as Error);
      }
    },
  };
}

/**
 * Ends a connection of a memory broker as the death of its process would, for tests: what it holds is delivered again, each with one more
 * death of a worker, and `onLost` is called.
 */
export function loseMemoryConnection(connection: unknown, error: Error): void {
  if (!(connection instanceof MemoryConnection)) {
    throw new BrokerError("CELERIAC_BROKER_REFUSED", {
      operation: "losing a connection",
      reason: "it is not a connection of a memory broker",
    });
  }
  connection.lose(error);
}

function nameOf(url: string): string {
  const match = /^memory:\/\/([^?#]*)/.exec(url);
  if (match?.[1] === undefined) {
    throw new ConfigError("CELERIAC_BROKER_URL", { url: maskUrl(url), problem: "expected memory://name, where the name may be left out" });
  }
  return match[1].replace(/\/$/, "");
}

function refuseOptions(url: string, options: Readonly<Record<string, unknown>>): void {
  const [unknown] = Object.keys(options);
  if (unknown === undefined) return;
  throw new ConfigError("CELERIAC_BROKER_URL", {
    url: maskUrl(url),
    problem: `a memory broker has no options, got: ${unknown}; leave it out`,
  });
}

function storeOf(clock: Clock, name: string): MemoryStore {
  let byName = stores.get(clock);
  if (byName === undefined) stores.set(clock, (byName = new Map<string, MemoryStore>()));
  let store = byName.get(name);
  if (store === undefined) byName.set(name, (store = new MemoryStore(clock)));
  return store;
}

/** Queues stay while the process lives, but what nobody declared anything in, or everything was deleted from, leaves no trace. */
function forgetWhenEmpty(clock: Clock, name: string, store: MemoryStore): void {
  if (store.connections.size > 0 || !store.isEmpty) return;
  const byName = stores.get(clock);
  byName?.delete(name);
  if (byName?.size === 0) stores.delete(clock);
}
