// Python and TypeScript on one broker: workers and clients of both, shared by the tests of a file, with a Redis server and a virtual host of
// RabbitMQ of the file's own, so that nothing is left behind.
import { randomUUID } from "node:crypto";
import type { Redis } from "ioredis";
import { Redis as RedisClient } from "ioredis";
import { afterAll, beforeAll, describe } from "vitest";
import type { AppSettings } from "../../../src/app/app-settings.ts";
import type { Celeriac } from "../../../src/celeriac.ts";
import { startWorker, type TestWorkerOptions } from "../../../src/testing/start-worker.ts";
import { CollectingLogger } from "../../support/collecting-logger.ts";
import { startPrivateRedis } from "../../support/services/private-redis.ts";
import { createVhost } from "../../support/services/rabbit.ts";
import { PythonClient, type PythonEnvironment, PythonWorker } from "./python-process.ts";
import { makeTypescriptApp } from "./typescript-tasks.ts";

/** How long a test waits for a result. */
export const WAIT = { timeout: 20 } as const;

/** The brokers that both languages can share. */
export type SharedBroker = "Redis" | "RabbitMQ";

/** What the tests of a file work with. */
export interface Peers {
  readonly broker: SharedBroker;
  /** The TypeScript app: a client, and what its worker executes. */
  readonly app: Celeriac;
  /** The Python client. */
  readonly python: PythonClient;
  /** A client of the Redis server that has the results, and the notes that Python tasks leave. */
  readonly redis: Redis;
  readonly typescriptQueue: string;
  readonly pythonQueue: string;
  /** What the TypeScript worker logged. */
  readonly log: CollectingLogger;
  /** Starts one more Python worker; the caller stops it. */
  startPython(queues: string, ...options: readonly string[]): Promise<PythonWorker>;
  /** Starts one more TypeScript worker; the caller stops it. */
  startTypescript(options: TestWorkerOptions): ReturnType<typeof startWorker>;
  /** Takes what a task noted, waiting for it. */
  note(key: string): Promise<string | undefined>;
}

/** Which workers run while the tests do. */
export interface PeerOptions {
  /** @default true */
  readonly pythonWorker?: boolean;
  /** False: none. @default a worker of the pool `async` */
  readonly typescriptWorker?: TestWorkerOptions | false;
  readonly settings?: AppSettings;
}

type Closing = () => unknown;

/** Runs tests on each broker. */
export function withPeers(tests: (peers: Peers) => void, options: PeerOptions = {}): void {
  describe.each<SharedBroker>(["Redis", "RabbitMQ"])("on %s", (broker) => {
    const closings: Closing[] = [];
    // Filled before the first test runs.
    const peers = { broker } as { -readonly [K in keyof Peers]: Peers[K] };
    beforeAll(async () => Object.assign(peers, await startPeers(broker, options, closings)), 90_000);
    afterAll(async () => {
      for (const close of closings.splice(0).reverse()) await close();
    }, 60_000);
    tests(peers);
  });
}

async function startPeers(broker: SharedBroker, options: PeerOptions, closings: Closing[]): Promise<Peers> {
  const server = await startPrivateRedis();
  closings.push(() => server.close());
  const redis = new RedisClient(`${server.url}/1`, { maxRetriesPerRequest: 2 });
  closings.push(() => redis.disconnect());
  const brokerUrl = broker === "Redis" ? `${server.url}/0` : await vhostUrl(closings);
  const suffix = randomUUID().slice(0, 8);
  const [typescriptQueue, pythonQueue] = [`interop-ts-${suffix}`, `interop-py-${suffix}`];
  const maxPriority = broker === "Redis" ? 0 : 10;
  const env: PythonEnvironment = {
    PEER_BROKER: brokerUrl,
    PEER_RESULTS: `${server.url}/1`,
    PEER_PYTHON_QUEUE: pythonQueue,
    PEER_TYPESCRIPT_QUEUE: typescriptQueue,
    PEER_MAX_PRIORITY: String(maxPriority),
  };
  const settings: AppSettings = {
    broker: brokerUrl,
    backend: `${server.url}/1`,
    taskDefaultQueue: typescriptQueue,
    taskRoutes: { "py.*": { queue: pythonQueue } },
    ...(maxPriority === 0 ? {} : { taskQueueMaxPriority: maxPriority }),
    ...options.settings,
  };
  const app = makeTypescriptApp(settings);
  closings.push(() => app.close());
  const log = new CollectingLogger();
  const started = <T extends { stop(): unknown }>(starting: Promise<T>): Promise<T> =>
    starting.then((one) => (closings.push(() => one.stop()), one));
  const startTypescript: Peers["startTypescript"] = (more) =>
    startWorker(app, { hostname: `ts-${randomUUID()}@test`, logger: log, settings: { ...settings, workerProcAliveTimeout: 30 }, ...more });
  const startPython: Peers["startPython"] = (queues, ...more) => PythonWorker.start(env, queues, "-n", `py-${randomUUID()}@test`, ...more);
  const { pythonWorker = true, typescriptWorker = {} } = options;
  const [python] = await Promise.all([
    started(PythonClient.start(env)),
    pythonWorker ? started(startPython(pythonQueue)) : undefined,
    typescriptWorker === false ? undefined : started(startTypescript({ queues: [typescriptQueue], ...typescriptWorker })),
  ]);
  const note: Peers["note"] = async (key) => (await redis.blpop(key, WAIT.timeout))?.[1];
  return { broker, app, python, redis, typescriptQueue, pythonQueue, log, startPython, startTypescript, note };
}

async function vhostUrl(closings: Closing[]): Promise<string> {
  const vhost = await createVhost();
  closings.push(() => vhost.remove());
  return vhost.url;
}
