// The broker in one SQLite file, for any number of processes of one machine. Exported as `createBrokerDriver`.
import type { BrokerDriver, DriverConnection, OpenParams } from "../../broker/contract.ts";
import { CeleriacError, ConfigError } from "../../errors/celeriac-error.ts";
import { acquireStore } from "../../stores/sqlite/acquire-store.ts";
import type { SqliteStore } from "../../stores/sqlite/sqlite-store.ts";
import { parseStoreUrl } from "../../stores/sqlite/store-url.ts";
import type { Clock } from "../../util/clock.ts";
import { maskUrl } from "../../util/mask-url.ts";
import { SqliteBrokerHub } from "./sqlite-broker-hub.ts";
import { SqliteConnection } from "./sqlite-connection.ts";

const hubs = new WeakMap<SqliteStore, { readonly hub: SqliteBrokerHub; users: number }>();

/** What the driver can be made with. */
export interface SqliteBrokerDriverOptions {
  /** Where time comes from. @default the system's clock */
  readonly clock?: Clock;
}

/** Makes the driver for `sqlite://path`. */
export function createBrokerDriver(driverOptions: SqliteBrokerDriverOptions = {}): BrokerDriver {
  return {
    name: "sqlite",
    capabilities: Object.freeze({
      delay: true,
      countsDelayed: true,
      priority: true,
      fanout: true,
      expiry: true,
      countsDeaths: true,
      deliveriesSurviveReconnect: true,
      celeryPeers: false,
      shared: true,
    }),
    open: (params) => open(params, driverOptions),
    classifyError: (error) => {
      if (!(error instanceof CeleriacError)) return "refused";
      if (error.code === "CELERIAC_STORE_FAILED" || error.code === "CELERIAC_STORE_REPLACED") return "lost";
      return error.code === "CELERIAC_STORE_LOCKED" ? "unavailable" : "refused";
    },
  };
}

async function open({ url, options, onLost }: OpenParams, driverOptions: SqliteBrokerDriverOptions): Promise<DriverConnection> {
  const parsed = parseStoreUrl(url, options);
  if ("problem" in parsed) throw new ConfigError("CELERIAC_BROKER_URL", { url: maskUrl(url), problem: parsed.problem });
  const { store, release } = await acquireStore(parsed.path, { ...parsed.options, ...driverOptions });
  let shared = hubs.get(store);
  if (shared === undefined) hubs.set(store, (shared = { hub: new SqliteBrokerHub(store), users: 0 }));
  const mine = shared;
  mine.users++;
  return new SqliteConnection(mine.hub, onLost, async () => {
    if (--mine.users === 0) {
      hubs.delete(store);
      mine.hub.close();
    }
    await release();
  });
}
