// A virtual host for a file of AMQP tests, connections that are closed after each test, and Python to look from the other side.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll } from "vitest";
import type { Delivery, DriverConnection, Publication } from "../../src/broker/contract.ts";
import { createBrokerDriver } from "../../src/brokers/amqp/index.ts";
import { createVhost, rabbitUrl, type TestVhost } from "./rabbitmq.ts";

const run = promisify(execFile);

/** What tests of RabbitMQ work with. */
export interface AmqpRig {
  readonly url: string;
  readonly vhost: string;
  /** Errors of the connections that were lost. */
  readonly lost: Error[];
  open(options?: Readonly<Record<string, unknown>>): Promise<DriverConnection>;
  /** Consumes and gives each delivery to whoever asks for the next. */
  consume(
    connection: DriverConnection,
    queue: string,
    prefetch?: number,
  ): Promise<{ next(): Promise<Delivery>; readonly cancelled: Promise<string> }>;
  /** Runs a Python program with kombu; `connection` is open in it and `arg` is what is given. Gives what it prints, as JSON. */
  python(program: string, arg?: unknown): Promise<unknown>;
}

/** Makes the rig for the running file. */
export function amqpRig(): AmqpRig {
  let vhost: TestVhost | undefined;
  let connections: DriverConnection[] = [];
  const lost: Error[] = [];
  const url = (): string => vhost?.url ?? rabbitUrl;
  beforeAll(async () => {
    vhost = await createVhost();
  }, 60_000);
  afterEach(async () => {
    const opened = connections;
    connections = [];
    lost.length = 0;
    await Promise.all(opened.map((connection) => connection.close()));
  });
  afterAll(async () => vhost?.remove(), 60_000);
  return {
    get url() {
      return url();
    },
    get vhost() {
      return vhost?.name ?? "/";
    },
    lost,
    open: async (options = {}) => {
      const connection = await createBrokerDriver().open({
        url: url(),
        options: { delayQueueType: "classic", ...options },
        onLost: (error) => lost.push(error),
      });
      connections.push(connection);
      return connection;
    },
    consume: async (connection, queue, prefetch = 10) => {
      const waiting: ((delivery: Delivery) => void)[] = [];
      const arrived: Delivery[] = [];
      const cancelled = Promise.withResolvers<string>();
      await connection.consume({
        queues: [queue],
        prefetch,
        onDeliveries: (batch) => {
          for (const delivery of batch) {
            const take = waiting.shift();
            if (take === undefined) arrived.push(delivery);
            else take(delivery);
          }
        },
        onCancel: (_queue, reason) => cancelled.resolve(reason),
      });
      return {
        cancelled: cancelled.promise,
        next: () => {
          const first = arrived.shift();
          return first === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(first);
        },
      };
    },
    python: async (program, arg = null) => {
      const source = `import json, sys, kombu\nconnection = kombu.Connection(sys.argv[1])\narg = json.loads(sys.argv[2])\n${program}\nconnection.release()\n`;
      const { stdout } = await run("/usr/bin/python3", ["-c", source, url(), JSON.stringify(arg)], { timeout: 60_000 });
      return stdout.trim() === "" ? undefined : (JSON.parse(stdout) as unknown);
    },
  };
}

/** A message to a queue by its name. */
export function toQueue(
  queue: string,
  body: string | Uint8Array,
  more: Partial<Publication["message"]> = {},
  visibleAt?: number,
): Publication {
  const message = { contentType: "application/json", contentEncoding: "utf-8", headers: {}, properties: {}, ...more, body };
  return { exchange: "", routingKey: queue, message, ...(visibleAt === undefined ? {} : { visibleAt }) };
}

/** The body of a delivery as text. */
export function textOf(delivery: Delivery | undefined): string | undefined {
  return delivery === undefined ? undefined : Buffer.from(delivery.body).toString();
}
