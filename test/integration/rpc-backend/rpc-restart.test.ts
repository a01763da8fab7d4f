// The rpc:// backend over a RabbitMQ that crashes. The reply queue goes with it, as Celery declares it; who waits is waiting again when it is back.
import { afterEach, beforeEach, expect, it } from "vitest";
import { Worker } from "../../../src/worker/worker.ts";
import { CollectingLogger } from "../../support/collecting-logger.ts";
import { startPrivateRabbit } from "../../support/services/private-rabbit.ts";
import type { PrivateRabbit } from "../../support/services/start-rabbit.ts";
import { makeApp } from "../../support/worker-tasks.ts";

let rabbit: PrivateRabbit;
let client: ReturnType<typeof makeApp>;
let worker: Worker;

beforeEach(async () => {
  rabbit = await startPrivateRabbit();
  client = makeApp({ broker: rabbit.url, resultBackend: "rpc://" });
  worker = new Worker(makeApp({ broker: rabbit.url, resultBackend: "rpc://" }).app, {
    pool: "async",
    hostname: "rpc@test",
    logger: new CollectingLogger(),
  });
  await worker.start();
});

afterEach(async () => {
  await worker.stop();
  await worker.app.close();
  await client.app.close();
  await rabbit.close();
});

it("brings results again after RabbitMQ crashed and came back while somebody waited", async () => {
  expect(await (await client.add.delay(1, 2)).get({ timeout: 10 })).toBe(3);
  const sentByNobody = client.app.AsyncResult("never").get({ timeout: 60 });
  const ended = expect(sentByNobody).rejects.toThrow("closed");
  await rabbit.kill();
  await rabbit.start();
  const result = await client.add.delay(2, 3);
  expect(await result.get({ timeout: 30 })).toBe(5);
  await client.app.close();
  await ended;
}, 120_000);
