// An app whose results are in Redis while its tasks go over another broker.
import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Worker } from "../../../src/worker/worker.ts";
import { CollectingLogger } from "../../support/collecting-logger.ts";
import { amqpUrl } from "../../support/services/rabbit.ts";
import { redisClient, redisUrl, removeRedisKeys } from "../../support/services/redis.ts";
import { makeApp } from "../../support/worker-tasks.ts";

const DATABASE = 9;
const get = { timeout: 10 } as const;
let prefix: string;
let queue: string;

beforeEach(() => {
  prefix = `celeriac-app-${randomUUID()}`;
  queue = `celeriac-app-${randomUUID()}`;
});
afterEach(() => removeRedisKeys(prefix, DATABASE));

describe.each([
  ["in memory", () => `memory://${randomUUID()}`],
  ["RabbitMQ", amqpUrl],
])("results in Redis, with the broker %s", (_name, brokerUrl) => {
  it("come back as values, errors and states, and expire as the settings say", async () => {
    const tasks = makeApp({
      broker: brokerUrl(),
      taskDefaultQueue: queue,
      resultBackend: redisUrl(DATABASE),
      resultBackendTransportOptions: { global_keyprefix: prefix },
      resultExpires: 600,
      redisClientName: prefix,
      redisSocketConnectTimeout: 3,
    });
    const worker = new Worker(tasks.app, { pool: "async", hostname: `w-${randomUUID()}@test`, logger: new CollectingLogger() });
    const client = redisClient(DATABASE);
    try {
      await worker.start();
      const result = await tasks.add.delay(2, 3);
      expect(await result.get(get)).toBe(5);
      await expect((await tasks.boom.delay("broken")).get(get)).rejects.toThrow("broken");
      expect(await (await tasks.retryTwice.delay()).get(get)).toBe(2);
      const many = await Promise.all(Array.from({ length: 100 }, (_, i) => tasks.add.delay(i, i)));
      expect(await Promise.all(many.map((one) => one.get(get)))).toEqual(many.map((_, i) => 2 * i));
      const ttl = await client.ttl(`${prefix}_celery-task-meta-${result.id}`);
      expect(ttl).toBeGreaterThan(590);
      expect(ttl).toBeLessThanOrEqual(600);
      expect(await client.call("CLIENT", "LIST")).toContain(`name=${prefix} `);
      await result.forget();
      expect(await result.state()).toBe("PENDING");
    } finally {
      client.disconnect();
      await worker.stop();
      await (await tasks.app.connections.broker("write")).deleteQueue(queue);
      await tasks.app.close();
    }
  });
});
