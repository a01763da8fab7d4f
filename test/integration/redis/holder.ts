// A process of its own that holds messages, to be killed and paused. It tells what it got, and settles when it is told to.
import type { DeliveryTag, DriverConnection } from "../../../src/broker/contract.ts";
import { createBrokerDriver } from "../../../src/brokers/redis/index.ts";

/** What the parent tells it. */
export type HolderRequest =
  | { readonly kind: "settle" }
  /** Keeps the event loop busy for so many milliseconds. */
  | { readonly kind: "block"; readonly ms: number };
/** What it tells. */
export type HolderReport =
  | { readonly kind: "got"; readonly body: string }
  | { readonly kind: "settled"; readonly ours: readonly boolean[] }
  | { readonly kind: "blocked" };

const [url = "", queue = "", options = "{}"] = process.argv.slice(2);
const tags: DeliveryTag[] = [];
const tell = (report: HolderReport): void => void process.send?.(report);

const connection: DriverConnection = await createBrokerDriver().open({
  url,
  options: JSON.parse(options) as Record<string, unknown>,
  onLost: (error) => process.emitWarning(error.message),
});
await connection.consume({
  queues: [queue],
  prefetch: 0,
  onDeliveries: (batch) => {
    for (const delivery of batch) {
      tags.push(delivery.tag);
      tell({ kind: "got", body: Buffer.from(delivery.body).toString() });
    }
  },
});

process.on("message", (request: HolderRequest) => {
  if (request.kind === "settle")
    void Promise.all(tags.splice(0).map((tag) => connection.settle(tag, { kind: "ack" }))).then((ours) => tell({ kind: "settled", ours }));
  else {
    const end = performance.now() + request.ms;
    while (performance.now() < end); // what a task does that computes
    tell({ kind: "blocked" });
  }
});
