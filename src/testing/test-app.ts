// Apps for tests: everything in the memory of this process, each app alone in a namespace of its own, and blind to the environment, so
// that a CELERY_BROKER_URL of the machine does not lead a test to a real broker.
import { randomUUID } from "node:crypto";
import type { AppSettings } from "../app/app-settings.ts";
import { type Celeriac, CeleriacApp } from "../app/celeriac.ts";
import type { DriverTable } from "../app/driver-table.ts";
import type { Clock } from "../util/clock.ts";
import type { Logger } from "../util/logger.ts";

/** What a test app is made with beside settings. */
export interface TestAppOptions {
  /** The app's time, and that of its queues: with a {@link FakeClock}, delayed tasks wait until the test moves it. @default the system's */
  readonly clock?: Clock | undefined;
  /** @default nowhere */
  readonly logger?: Logger | undefined;
}

/** Makes apps for tests. */
export type CreateTestApp = (name?: string, settings?: AppSettings, options?: TestAppOptions) => Celeriac;

/** A function that makes apps for tests with these drivers. The package's own drivers are bound to it where it is exported. */
export function testAppsWith(drivers: DriverTable): CreateTestApp {
  return (name = "test", settings = {}, { clock, logger } = {}) => {
    const table = clock === undefined ? drivers : drivenBy(clock, drivers);
    return new CeleriacApp(name, { broker: ownMemory(), ...settings }, { drivers: table, env: {}, clock, logger });
  };
}

/**
 * Moves an app of the program under test to the memory of this process, whatever its settings and the environment say.
 * Call it before the app is first used; it holds until the app is closed.
 */
export function keepInMemory(app: Celeriac): void {
  const url = ownMemory();
  app.configure({ brokerUrl: url, brokerReadUrl: null, brokerWriteUrl: null, resultBackend: url });
}

/** A place in memory that nobody else uses. */
function ownMemory(): string {
  return `memory://test-${randomUUID()}`;
}

/** The same drivers, where the brokers that can go by another clock go by this one. */
function drivenBy(clock: Clock, drivers: DriverTable): DriverTable {
  const brokers = Object.entries(drivers.brokers).map(([scheme, load]) => [
    scheme,
    async () => {
      const module = await load();
      return { createBrokerDriver: () => module.createBrokerDriver({ clock }) };
    },
  ]);
  return { ...drivers, brokers: Object.fromEntries(brokers) as DriverTable["brokers"] };
}
