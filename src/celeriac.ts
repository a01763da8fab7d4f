import { type AppParts, CeleriacApp } from "./app/celeriac.ts";
import type { AppSettings } from "./app/app-settings.ts";
import { drivers } from "./drivers.ts";

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
  constructor(name: string, settings: AppSettings = {}, parts: Partial<AppParts> = {}) {
    super(name, settings, { drivers, ...parts });
  }
}
