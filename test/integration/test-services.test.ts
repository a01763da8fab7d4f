// What other tests stand on: private servers that can be killed and come back, and the choice of files by what they import.
import path from "node:path";
import { Redis } from "ioredis";
import { describe, expect, it } from "vitest";
import { servicesNeededBy } from "../support/services/needed-services.ts";
import { startPrivateRabbit } from "../support/services/private-rabbit.ts";
import { startPrivateRedis } from "../support/services/private-redis.ts";
import { pythonCelery, runPython } from "../support/services/python-celery.ts";
import { amqpUrl, createVhost } from "../support/services/rabbit.ts";
import { redisUrl } from "../support/services/redis.ts";
import { serviceTestFiles } from "../support/services/service-tests.ts";
import { answersAmqp } from "../support/services/start-rabbit.ts";
import { pingRedis } from "../support/services/start-redis.ts";

describe("test services", () => {
  it("are found by what a test file imports, itself or through others", () => {
    expect([...servicesNeededBy(path.resolve(import.meta.filename))].sort()).toEqual([
      "celeriacAmqpUrl",
      "celeriacPython",
      "celeriacRabbitServer",
      "celeriacRedisServer",
      "celeriacRedisUrl",
    ]);
    expect(servicesNeededBy(path.resolve(import.meta.dirname, "../architecture/layers.test.ts")).size).toBe(0);
    expect(serviceTestFiles()).toContain(path.join("test", "integration", "test-services.test.ts"));
  });

  it("answer", async () => {
    const { hostname, port } = new URL(redisUrl(5));
    expect(await pingRedis(hostname, Number(port))).toBe("+PONG");
    expect(await answersAmqp(amqpUrl())).toBe(true);
    const vhost = await createVhost();
    expect(await answersAmqp(vhost.url)).toBe(true);
    await vhost.remove();
    expect(await answersAmqp(vhost.url)).toBe(false);
    expect((await runPython("import celery; print(celery.__version__)")).trim()).toMatch(/^5\./);
    expect(pythonCelery()).toMatch(/python/);
  });

  it("let a private Redis crash and come back with its data, or empty, and pause", async () => {
    const redis = await startPrivateRedis({ durable: true, password: "secret word" });
    const client = new Redis(redis.url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
    client.on("error", () => {}); // The cut connections are the point of this test.
    try {
      await client.set("kept", "yes");
      await redis.kill();
      await redis.start();
      expect(await client.get("kept")).toBe("yes");
      redis.pause();
      const answer = client.get("kept");
      redis.resume();
      expect(await answer).toBe("yes");
      await redis.kill();
      await redis.start({ empty: true });
      expect(await client.get("kept")).toBeNull();
    } finally {
      client.disconnect();
      await redis.close();
    }
    expect(await pingRedis("127.0.0.1", redis.port)).toBeUndefined();
  });

  it("let a private RabbitMQ crash, come back and be controlled", async () => {
    const rabbit = await startPrivateRabbit({ config: ["consumer_timeout = 60000"] });
    try {
      await rabbit.ctl("add_vhost", "other");
      await rabbit.kill();
      expect(await answersAmqp(rabbit.url)).toBe(false);
      await rabbit.start();
      expect(await rabbit.ctl("list_vhosts")).toContain("other");
      expect(await rabbit.ctl("environment")).toContain("{consumer_timeout,60000}");
      await rabbit.pause();
      await rabbit.resume();
      expect(await answersAmqp(rabbit.url)).toBe(true);
    } finally {
      await rabbit.close();
    }
    expect(await answersAmqp(rabbit.url)).toBe(false);
  }, 120_000);
});
