// Results in one SQLite file, for any number of processes of one machine; the broker's own file where both are configured so.
import type { BackendConnection, BackendDriver, BackendOpenParams } from "../../backend/contract.ts";
import { CeleriacError, ConfigError } from "../../errors/celeriac-error.ts";
import { acquireStore } from "../../stores/sqlite/acquire-store.ts";
import type { SqliteStore } from "../../stores/sqlite/sqlite-store.ts";
import { parseStoreUrl } from "../../stores/sqlite/store-url.ts";
import type { Clock } from "../../util/clock.ts";
import { maskUrl } from "../../util/mask-url.ts";
import { SqliteBackendConnection } from "./sqlite-backend-connection.ts";
import { closeResultHub, createResultHub, type SqliteResultHub } from "./sqlite-result-hub.ts";

const hubs = new WeakMap<SqliteStore, { readonly hub: SqliteResultHub; users: number }>();

/** Errors after which another try may succeed. */
const PASSING: ReadonlySet<string> = new Set(["CELERIAC_STORE_LOCKED", "CELERIAC_STORE_FAILED", "CELERIAC_STORE_REPLACED"]);

/** What the driver can be made with. */
export interface SqliteBackendDriverOptions {
  /** Where time comes from. @default the system's clock */
  readonly clock?: Clock;
}

/** Makes the driver for `sqlite://path`. */
export function createBackendDriver(driverOptions: SqliteBackendDriverOptions = {}): BackendDriver {
  return {
    name: "sqlite",
    capabilities: Object.freeze({ push: true, chords: true, expiry: true, persistent: true, shared: true }),
    open: (params) => open(params, driverOptions),
    classifyError: (error) => (error instanceof CeleriacError && PASSING.has(error.code) ? "unavailable" : "refused"),
  };
}

async function open({ url, options, onLost }: BackendOpenParams, driverOptions: SqliteBackendDriverOptions): Promise<BackendConnection> {
  const parsed = parseStoreUrl(url, options);
  if ("problem" in parsed) throw new ConfigError("CELERIAC_BACKEND_URL", { url: maskUrl(url), problem: parsed.problem });
  const { store, release } = await acquireStore(parsed.path, { ...parsed.options, ...driverOptions });
  let shared = hubs.get(store);
  if (shared === undefined) hubs.set(store, (shared = { hub: createResultHub(store), users: 0 }));
  const mine = shared;
  mine.users++;
  return new SqliteBackendConnection(mine.hub, onLost, async () => {
    if (--mine.users === 0) {
      hubs.delete(store);
      await closeResultHub(mine.hub);
    }
    await release();
  });
}
