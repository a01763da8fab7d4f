// The SQLite driver beside the floor: a bare loop on node:sqlite that does the least work a reliable queue must do. Interleaved runs in
// fresh files; prints a JSON line for each, and the medians with the driver's share of the floor at the end.
//   node bench/sqlite-floor.ts [messages] [rounds]
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Publication } from "../src/broker/contract.ts";
import { createBrokerDriver } from "../src/brokers/sqlite/index.ts";
import { cpuMicros, payload, quantile, report } from "./measure.ts";

const MESSAGES = Number(process.argv[2] ?? 100_000);
const ROUNDS = Number(process.argv[3] ?? 5);
const BULK = 1000;
const CLAIM = 200;

const rates = new Map<string, number[]>();

/** Measures, prints and remembers. */
async function measured(contestant: string, workload: string, run: () => Promise<void> | void): Promise<void> {
  const [cpu, start] = [cpuMicros(), performance.now()];
  await run();
  const seconds = (performance.now() - start) / 1000;
  const rate = Math.round(MESSAGES / seconds);
  report({
    contestant,
    workload,
    tasks: MESSAGES,
    seconds: Number(seconds.toFixed(3)),
    rate,
    cpuMicros: Number(((cpuMicros() - cpu) / MESSAGES).toFixed(2)),
  });
  const key = `${contestant} ${workload}`;
  rates.set(key, [...(rates.get(key) ?? []), rate]);
}

async function floor(path: string): Promise<void> {
  const db = new DatabaseSync(path);
  db.exec("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY");
  db.exec("CREATE TABLE msg (id INTEGER PRIMARY KEY, queue INTEGER, pri INTEGER, owner INTEGER, body TEXT)");
  db.exec("CREATE INDEX waiting ON msg (queue, pri, id) WHERE owner IS NULL");
  const [begin, commit] = [db.prepare("BEGIN IMMEDIATE"), db.prepare("COMMIT")];
  const insert = db.prepare("INSERT INTO msg (queue, pri, body) VALUES (1, 0, ?)");
  const claim = db.prepare(
    `UPDATE msg SET owner = 1 WHERE id IN (SELECT id FROM msg WHERE queue = 1 AND owner IS NULL ORDER BY pri, id LIMIT ${CLAIM}) RETURNING id, body`,
  );
  const remove = db.prepare("DELETE FROM msg WHERE id = ?");
  const bodies = Array.from({ length: BULK }, (_, i) => JSON.stringify(payload(i)));
  await measured("floor", "enqueue", () => {
    for (let at = 0; at < MESSAGES; at += BULK) {
      begin.run();
      for (const body of bodies) insert.run(body);
      commit.run();
    }
  });
  await measured("floor", "drain", () => {
    let previous: number[] = [];
    for (let done = 0; done < MESSAGES; done += previous.length) {
      begin.run();
      for (const id of previous) remove.run(id);
      previous = claim.all().map((row) => Number(row["id"]));
      commit.run();
    }
    for (const id of previous) remove.run(id);
  });
  db.close();
}

async function driver(path: string): Promise<void> {
  const connection = await createBrokerDriver().open({
    url: `sqlite://${path}`,
    options: {},
    onLost: (error) => {
      throw error;
    },
  });
  await connection.declareQueue({ name: "q" });
  const publications = Array.from({ length: BULK }, (_, i): Publication => ({
    exchange: "",
    routingKey: "q",
    message: {
      body: JSON.stringify(payload(i)),
      contentType: "application/json",
      contentEncoding: "utf-8",
      headers: { task: "bench.noop", id: `task-${i}` },
      properties: {},
    },
  }));
  await measured("driver", "enqueue", async () => {
    for (let at = 0; at < MESSAGES; at += BULK) await connection.publish(publications);
  });
  await measured("driver", "drain", async () => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    let done = 0;
    await connection.consume({
      queues: ["q"],
      prefetch: 2 * CLAIM,
      onDeliveries: (batch) => {
        const settled = batch.map((one) => connection.settle(one.tag, { kind: "ack" }));
        done += batch.length;
        if (done >= MESSAGES) void Promise.all(settled).then(() => resolve(), reject);
      },
    });
    await promise;
  });
  await connection.close();
}

for (let round = 0; round < ROUNDS; round++) {
  for (const contestant of [floor, driver]) {
    const folder = mkdtempSync(join(tmpdir(), "celeriac-bench-"));
    await contestant(join(folder, "queue.db"));
    rmSync(folder, { recursive: true });
  }
}
for (const workload of ["enqueue", "drain"]) {
  const [bare, ours] = ["floor", "driver"].map((contestant) => quantile(rates.get(`${contestant} ${workload}`) ?? [], 0.5));
  console.log(JSON.stringify({ workload, floor: bare, driver: ours, share: Number(((ours ?? 0) / (bare ?? 1)).toFixed(2)) }));
}
