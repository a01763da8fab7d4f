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
    amqp: () => import("./brokers/amqp/index.ts"),
    amqps: () => import("./brokers/amqp/index.ts"),
    pyamqp: () => import("./brokers/amqp/index.ts"),
    memory: () => import("./brokers/memory/index.ts"),
    redis: () => import("./brokers/redis/index.ts"),
    rediss: () => import("./brokers/redis/index.ts"),
    "redis+socket": () => import("./brokers/redis/index.ts"),
    "redis+cluster": () => import("./brokers/redis/index.ts"), // which says why not
    sentinel: () => import("./brokers/redis/index.ts"),
    sqlite: () => import("./brokers/sqlite/index.ts"),
  },
  backends: {
    memory: () => import("./backends/memory/index.ts"),
    redis: () => import("./backends/redis/index.ts"),
    "redis+socket": () => import("./backends/redis/index.ts"),
    rediss: () => import("./backends/redis/index.ts"),
    rpc: () => import("./backends/rpc/index.ts"),
    sentinel: () => import("./backends/redis/index.ts"),
    sqlite: () => import("./backends/sqlite/index.ts"),
  },
  pools: {
    async: () => import("./pools/async/index.ts"),
    prefork: () => import("./pools/prefork/index.ts"),
    solo: () => import("./pools/solo/index.ts"),
    threads: () => import("./pools/threads/index.ts"),
  },
};
