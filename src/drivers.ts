// Which drivers there are. The only dynamic imports of drivers: each is loaded when its scheme, or its name, is first used.
import type { DriverTable } from "./app/driver-table.ts";
import type { PoolFactory } from "./pool/contract.ts";

/** A module that makes a pool. */
export interface PoolModule {
  readonly createPool: PoolFactory;
}

/** The brokers and backends by URL scheme, the pools by name. */
export const drivers: DriverTable & { readonly pools: Readonly<Record<string, () => Promise<PoolModule>>> } = {
  brokers: {
    memory: () => import("./brokers/memory/index.ts"),
    sqlite: () => import("./brokers/sqlite/index.ts"),
  },
  backends: {
    memory: () => import("./backends/memory/index.ts"),
    sqlite: () => import("./backends/sqlite/index.ts"),
  },
  pools: {
    async: () => import("./pools/async/index.ts"),
    prefork: () => import("./pools/prefork/index.ts"),
    solo: () => import("./pools/solo/index.ts"),
    threads: () => import("./pools/threads/index.ts"),
  },
};
