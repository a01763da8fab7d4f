// One empty corner of the shared Redis for one test: a database, a prefix for all keys, drivers' connections and a plain client, all closed after it.
import { randomUUID } from "node:crypto";
import type { Redis } from "ioredis";
import type { Delivery, DriverConnection, Publication } from "../../../src/broker/contract.ts";
import { createBrokerDriver } from "../../../src/brokers/redis/index.ts";
import { redisClient, redisUrl, removeRedisKeys } from "../../support/services/redis.ts";

/** The database of these tests. */
export const DATABASE = 9;

/** A corner of Redis. */
export class Namespace {
  readonly prefix: string = `it-${randomUUID()}:`;
  readonly url: string = redisUrl(DATABASE);
  readonly client: Redis = redisClient(DATABASE);
  readonly lost: Error[] = [];
  readonly #connections: DriverConnection[] = [];

  /** What the driver is opened with. */
  options(more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
    return { global_keyprefix: this.prefix, ...more };
  }

  async connect(more: Readonly<Record<string, unknown>> = {}): Promise<DriverConnection> {
    const connection = await createBrokerDriver().open({
      url: this.url,
      options: this.options(more),
      onLost: (error) => this.lost.push(error),
    });
    this.#connections.push(connection);
    return connection;
  }

  /** A key with the prefix. */
  key(name: string): string {
    return this.prefix + name;
  }

  async close(): Promise<void> {
    await Promise.all(this.#connections.map((connection) => connection.close()));
    this.client.disconnect();
    await removeRedisKeys(this.prefix, DATABASE);
  }
}

/** A publication to a queue by its name. */
export function toQueue(queue: string, body: string | Uint8Array, message: Partial<Publication["message"]> = {}): Publication {
  return {
    exchange: "",
    routingKey: queue,
    message: { contentType: "application/json", contentEncoding: "utf-8", headers: {}, properties: {}, ...message, body },
  };
}

/** The body of a delivery as text. */
export function textOf(delivery: Delivery | undefined): string | undefined {
  return delivery === undefined ? undefined : Buffer.from(delivery.body).toString();
}

/** The first deliveries that a consumer of a queue gets. */
export async function consumed(connection: DriverConnection, queue: string, count: number, prefetch = 0): Promise<readonly Delivery[]> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const deliveries: Delivery[] = [];
  const consumer = await connection.consume({
    queues: [queue],
    prefetch,
    onDeliveries: (batch) => {
      deliveries.push(...batch);
      if (deliveries.length >= count) resolve();
    },
  });
  await promise;
  await consumer.cancel();
  return deliveries;
}
