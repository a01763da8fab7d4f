// Results in the memory of this process: for tests, for eager work, for programs whose workers run beside them.
import type { BackendDriver, BackendOpenParams } from "../../backend/contract.ts";
import { ConfigError } from "../../errors/celeriac-error.ts";
import { type Clock, systemClock } from "../../util/clock.ts";
import { MemoryConnection } from "./memory-connection.ts";
import { MemoryStore } from "./memory-store.ts";

/** What `resultBackendTransportOptions` may hold for this driver. */
export interface MemoryBackendOptions {
  /** The clock that documents expire by. @default the clock of the operating system */
  readonly clock?: Clock;
}

/** The stores by name, and how many connections use each. One URL is one store in the whole process, as it would be with a server; it goes with its last connection. */
const stores = new Map<string, { readonly store: MemoryStore; users: number }>();

/** Makes the driver for `memory://name`. */
export function createBackendDriver(): BackendDriver {
  return {
    name: "memory",
    capabilities: { push: true, chords: true, expiry: true, persistent: false, shared: false },
    open: async (params) => {
      const name = nameOf(params.url);
      const used = stores.get(name) ?? { store: new MemoryStore(), users: 0 };
      stores.set(name, used);
      used.users++;
      return new MemoryConnection(used.store, clockOf(params), () => {
        if (--used.users === 0) stores.delete(name);
      });
    },
  };
}

function nameOf(url: string): string {
  const match = /^memory:(?:\/\/)?([^?#]*)/.exec(url);
  if (match) return match[1] ?? "";
  throw new ConfigError("CELERIAC_BACKEND_URL", { url, problem: "expected memory:// or memory://name" });
}

function clockOf(params: BackendOpenParams): Clock {
  const given = (params.options as MemoryBackendOptions).clock;
  if (given === undefined) return systemClock;
  if (typeof given === "object" && typeof given.now === "function") return given;
  throw new ConfigError("CELERIAC_BACKEND_URL", { url: params.url, problem: "expected its option clock to be a Clock" });
}
