// A process of the SQLite tests: `child.ts ROLE URL LOG [ID]`. It uses the drivers directly and tells its parent over IPC what it did;
// what must outlive a kill is written to the file LOG, one short line a write.
import { openSync, writeSync } from "node:fs";
import { createBackendDriver } from "../../../src/backends/sqlite/index.ts";
import type { Delivery, DriverConnection, Publication } from "../../../src/broker/contract.ts";
import { createBrokerDriver } from "../../../src/brokers/sqlite/index.ts";

/** What a child tells its parent. */
export type ChildReport =
  | { readonly kind: "ready" }
  | {
      readonly kind: "got";
      readonly items: readonly { readonly body: string; readonly redelivered: boolean; readonly workerDeaths: number }[];
    }
  | { readonly kind: "told"; readonly taskId: string; readonly document: string }
  | { readonly kind: "published" };

/** What a parent asks for. */
export type ChildRequest =
  | { readonly kind: "publish"; readonly bodies: readonly string[] }
  | { readonly kind: "store"; readonly taskId: string; readonly document: string }
  | { readonly kind: "settle" }
  | { readonly kind: "block"; readonly ms: number }
  | { readonly kind: "close" };

const [role = "", url = "", log = "", id = ""] = process.argv.slice(2);
const tell = (report: ChildReport): void => void process.send?.(report);
const file = openSync(log, "a");
const note = (line: string): void => void writeSync(file, `${line}\n`);

const publication = (body: string): Publication => ({
  exchange: "",
  routingKey: "q",
  message: { body, contentType: "text/plain", contentEncoding: "utf-8", headers: {}, properties: {} },
});

const connection = await createBrokerDriver().open({
  url,
  options: {},
  onLost: (error) => {
    throw error;
  },
});
const held: Delivery[] = [];
await connection.declareQueue({ name: "q" });
process.on("disconnect", () => process.exit());
process.on("message", (request: ChildRequest) => void answer(connection, request));
await start();
tell({ kind: "ready" });

async function start(): Promise<void> {
  if (role === "holder") await consume(3, (batch) => void held.push(...batch));
  if (role === "drainer") await consume(100, (batch) => batch.forEach((one) => void connection.settle(one.tag, { kind: "ack" })));
  if (role === "worker") await consume(20, work);
  if (role === "producer") void produce();
  if (role === "watcher") {
    const backend = await createBackendDriver().open({ url, options: {} });
    await backend.watch?.(["a"], (taskId, document) => tell({ kind: "told", taskId, document: String(document) }));
  }
}

async function consume(prefetch: number, take: (batch: readonly Delivery[]) => void): Promise<void> {
  await connection.consume({
    queues: ["q"],
    prefetch,
    onDeliveries: (batch) => {
      tell({
        kind: "got",
        items: batch.map((one) => ({ body: String(one.body), redelivered: one.redelivered, workerDeaths: one.deaths.worker })),
      });
      take(batch);
    },
  });
}

/** Does the work, notes its effect, and only then acknowledges; a kill may come in between. */
function work(batch: readonly Delivery[]): void {
  for (const one of batch) {
    setTimeout(() => {
      note(`did ${String(one.body)}`);
      void connection.settle(one.tag, { kind: "ack" });
    }, Math.random() * 4);
  }
}

/** Publishes without end, and notes what was confirmed. */
async function produce(): Promise<void> {
  for (let i = 0; ; i++) {
    const bodies = Array.from({ length: 5 }, (_, k) => `${id}-${i}-${k}`);
    await connection.publish(bodies.map(publication));
    note(`sent ${bodies.join(" ")}`);
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
}

async function answer(on: DriverConnection, request: ChildRequest): Promise<void> {
  if (request.kind === "publish") {
    await on.publish(request.bodies.map(publication));
    tell({ kind: "published" });
  } else if (request.kind === "store") {
    const backend = await createBackendDriver().open({ url, options: {} });
    await backend.store([{ taskId: request.taskId, status: "SUCCESS", document: request.document, expiresMs: null }]);
    await backend.close();
  } else if (request.kind === "settle") {
    const settled = await Promise.all(held.splice(0).map((one) => on.settle(one.tag, { kind: "ack" })));
    note(`settled ${settled.join(" ")}`);
    tell({ kind: "published" });
  } else if (request.kind === "block") {
    const until = performance.now() + request.ms;
    while (performance.now() < until); // a task that keeps the event loop to itself
    tell({ kind: "published" });
  } else {
    await on.close();
    process.disconnect();
  }
}
