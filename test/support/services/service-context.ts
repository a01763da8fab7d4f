// What the global set-up hands to the tests. Each entry is there only where a selected test file asked for it (needed-services.ts).
import { inject } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    /** URL of a Redis server, without a database. */
    readonly celeriacRedisUrl?: string;
    /** Path of a redis-server binary. */
    readonly celeriacRedisServer?: string;
    /** URL of a RabbitMQ server. */
    readonly celeriacAmqpUrl?: string;
    /** The environment in which rabbitmqctl reaches that server; absent where that is the usual one. */
    readonly celeriacRabbitEnv?: Readonly<Record<string, string>>;
    /** Path of a rabbitmq-server script. */
    readonly celeriacRabbitServer?: string;
    /** Path of a Python that imports celery and redis. */
    readonly celeriacPython?: string;
  }
}

/** The names of what the set-up can provide. */
export type ServiceKey = "celeriacRedisUrl" | "celeriacRedisServer" | "celeriacAmqpUrl" | "celeriacRabbitServer" | "celeriacPython";

/** What the set-up provided under a name; an error where the test file does not import the module that asks for it. */
export function provided(key: ServiceKey): string {
  const value = inject(key);
  if (value !== undefined) return value;
  throw new Error(`expected the global set-up of vitest to provide ${key}; see test/support/services/global-setup.ts`);
}
