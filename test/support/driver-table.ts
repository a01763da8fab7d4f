import type { DriverTable } from "../../src/app/driver-table.ts";

/** The drivers that need no server. */
export const embeddedDrivers: DriverTable = {
  brokers: {
    memory: () => import("../../src/brokers/memory/index.ts"),
    sqlite: () => import("../../src/brokers/sqlite/index.ts"),
  },
  backends: {
    memory: () => import("../../src/backends/memory/index.ts"),
    sqlite: () => import("../../src/backends/sqlite/index.ts"),
  },
};
