// A worker of the kill storm: notes each message in Redis, then acknowledges it, and consumes anew after every loss of its connection.
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { Broker } from "../../../src/broker/broker.ts";
import type { Delivery } from "../../../src/broker/contract.ts";
import { createBrokerDriver } from "../../../src/brokers/redis/index.ts";

const [url = "", options = "{}", done = ""] = process.argv.slice(2);
const client = new Redis(url);
client.on("error", () => {}); // connections are cut here
const broker = new Broker(createBrokerDriver(), { url, transportOptions: JSON.parse(options) as Record<string, unknown> });

async function work(delivery: Delivery): Promise<void> {
  await sleep(5);
  await client.rpush(done, Buffer.from(delivery.body).toString());
  for (;;) {
    try {
      await broker.settle(delivery, { kind: "ack" });
      return;
    } catch {
      await sleep(20); // the connection was cut; the delivery is still ours
    }
  }
}

async function consume(): Promise<void> {
  for (;;) {
    try {
      await broker.consume({ queues: ["q"], prefetch: 20, onDeliveries: (batch) => batch.forEach((delivery) => void work(delivery)) });
      return;
    } catch {
      await sleep(20); // the connection was cut again
    }
  }
}

broker.onLost(() => void consume());
await consume();
process.send?.("ready");
