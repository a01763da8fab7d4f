import { type AppParts, CeleriacApp } from "./app/celeriac.ts";
import type { AppSettings } from "./app/app-settings.ts";
import type { DriverTable } from "./app/driver-table.ts";
import { drivers } from "./drivers.ts";

/** What an app may be made with beside its settings. */
export interface CeleriacParts extends Partial<Omit<AppParts, "drivers">> {
  /** Drivers of your own, by URL scheme or name of the pool. They stand beside the built-in ones, and before those of the same name. */
  readonly drivers?: Partial<DriverTable> | undefined;
}

/**
 * An app: tasks, settings and connections. Making one opens nothing; it connects when it is first used, and several may live in one process.
 *
 * ```ts
 * export const app = new Celeriac("shop", { broker: "sqlite://shop.db" });
 * export const add = app.task("shop.add", (x: number, y: number) => x + y);
 *
 * const result = await add.delay(2, 3);
 * await result.get({ timeout: "5s" }); // 5, once a worker has run it
 * ```
 */
export class Celeriac extends CeleriacApp {
  /**
   * @param name stands before the names of tasks that have none of their own
   * @param settings see docs/configuration.md. @default the broker `sqlite://celeriac.db`, and the broker's own results
   * @throws ConfigError with everything that is wrong with the settings
   */
  constructor(name: string, settings: AppSettings = {}, parts: CeleriacParts = {}) {
    super(name, settings, { ...parts, drivers: withDrivers(parts.drivers) });
  }
}

function withDrivers(own: Partial<DriverTable> = {}): DriverTable {
  return {
    brokers: { ...drivers.brokers, ...own.brokers },
    backends: { ...drivers.backends, ...own.backends },
    pools: { ...drivers.pools, ...own.pools },
  };
}
