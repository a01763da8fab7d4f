// Finds or starts what the selected test files need, before they run, and stops what it started after them. A service is reused where its URL
// is given or where it answers on its usual port; else started from an installed program; else installed. See needed-services.ts.
import type { TestProject } from "vitest/node";
import { findOrInstall, findProgram } from "./find-or-install.ts";
import { findPythonCelery } from "./find-python.ts";
import { servicesNeededBy } from "./needed-services.ts";
import type { ServiceKey } from "./service-context.ts";
import { answersAmqp, PrivateRabbit, rabbitServerScript } from "./start-rabbit.ts";
import { pingRedis, PrivateRedis } from "./start-redis.ts";

interface Started {
  readonly value: string;
  readonly rabbitEnv?: Readonly<Record<string, string>>;
  readonly stop?: () => Promise<void>;
}

const PROVIDERS: Readonly<Record<ServiceKey, () => Promise<Started>>> = {
  celeriacRedisUrl: provideRedis,
  celeriacRedisServer: async () => ({ value: redisServer() }),
  celeriacAmqpUrl: provideRabbit,
  celeriacRabbitServer: async () => ({ value: rabbitServer() }),
  celeriacPython: async () => ({
    value: findOrInstall({ what: "Python with celery and redis", find: findPythonCelery, packages: ["python3-celery", "python3-redis"] }),
  }),
};

/** Called by vitest before all tests; what it returns is called after them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const needed = new Set(project.vitest.state.getPaths().flatMap((file) => [...servicesNeededBy(file)]));
  const stops: (() => Promise<void>)[] = [];
  const teardown = async (): Promise<void> => void (await Promise.all(stops.map((stop) => stop())));
  try {
    // One after the other: two installations at once would wait for each other's lock.
    for (const key of needed) {
      const { value, rabbitEnv, stop } = await PROVIDERS[key]();
      project.provide(key, value);
      if (rabbitEnv) project.provide("celeriacRabbitEnv", rabbitEnv);
      if (stop) stops.push(stop);
    }
  } catch (error) {
    await teardown();
    throw error;
  }
  return teardown;
}

function redisServer(): string {
  return findOrInstall({ what: "a Redis server", find: () => findProgram("redis-server"), packages: ["redis-server"] });
}

function rabbitServer(): string {
  return findOrInstall({ what: "a RabbitMQ server", find: rabbitServerScript, packages: ["rabbitmq-server"] });
}

async function provideRedis(): Promise<Started> {
  const given = process.env["CELERIAC_TEST_REDIS_URL"];
  if (given !== undefined && given !== "") {
    const { hostname, port } = new URL(given);
    if ((await pingRedis(hostname, Number(port || 6379))) !== undefined) return { value: given };
    throw new Error(
      `expected a Redis server at ${hostname}:${port || 6379}, which CELERIAC_TEST_REDIS_URL names, and nothing answers there`,
    );
  }
  if ((await pingRedis("127.0.0.1", 6379)) === "+PONG") return { value: "redis://127.0.0.1:6379" };
  const redis = await PrivateRedis.start(redisServer());
  return { value: redis.url, stop: () => redis.close() };
}

async function provideRabbit(): Promise<Started> {
  const given = process.env["CELERIAC_TEST_AMQP_URL"];
  if (given !== undefined && given !== "") {
    if (await answersAmqp(given)) return { value: given };
    throw new Error(`expected the broker that CELERIAC_TEST_AMQP_URL names to let us in, and it does not: ${new URL(given).host}`);
  }
  const usual = "amqp://guest:guest@127.0.0.1:5672";
  if (await answersAmqp(usual)) return { value: usual };
  const rabbit = await PrivateRabbit.start(rabbitServer());
  return { value: rabbit.url, rabbitEnv: rabbit.env, stop: () => rabbit.close() };
}
