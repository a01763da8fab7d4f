// The floor: a bare loop on node:sqlite that does the least work a reliable queue must do. No task names, no ids, no results but in `latency`.
import { spawn } from "node:child_process";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { cpuMicros, payload, quantile, report } from "../measure.ts";

const [workload = "", file = "", count = "0"] = process.argv.slice(2);
const tasks = Number(count);
const CLAIM = 200;

const db = new DatabaseSync(file, { timeout: 5000 });
db.exec("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY");
db.exec("CREATE TABLE IF NOT EXISTS msg (id INTEGER PRIMARY KEY, queue INTEGER, pri INTEGER, owner INTEGER, body TEXT)");
db.exec("CREATE INDEX IF NOT EXISTS waiting ON msg (queue, pri, id) WHERE owner IS NULL");
db.exec("CREATE TABLE IF NOT EXISTS result (id INTEGER PRIMARY KEY, value TEXT)");
const [begin, commit] = [db.prepare("BEGIN IMMEDIATE"), db.prepare("COMMIT")];
const insert = db.prepare("INSERT INTO msg (queue, pri, body) VALUES (1, 0, ?)");
const insertNumbered = db.prepare("INSERT INTO msg (id, queue, pri, body) VALUES (?, 1, 0, ?)");
const claim = db.prepare(
  `UPDATE msg SET owner = 1 WHERE id IN (SELECT id FROM msg WHERE queue = 1 AND owner IS NULL ORDER BY pri, id LIMIT ${CLAIM}) RETURNING id, body`,
);
const remove = db.prepare("DELETE FROM msg WHERE id = ?");

const workloads: Record<string, () => void | Promise<void>> = {
  "enqueue-one"() {
    const stop = watch();
    for (let i = 0; i < tasks; i++) insert.run(JSON.stringify(payload(i)));
    stop();
  },
  "enqueue-bulk"() {
    const stop = watch();
    preload(tasks);
    stop();
  },
  drain() {
    preload(tasks);
    const stop = watch();
    let previous: number[] = [];
    for (let done = 0; done < tasks; done += previous.length) previous = tick(previous);
    tick(previous);
    stop();
  },
  /** Client and worker are processes that look every millisecond. */
  async latency() {
    const worker = spawn(process.execPath, [process.argv[1] ?? "", "worker", file], { stdio: ["pipe", "pipe", "inherit"] });
    await new Promise((resolve) => worker.stdout.once("data", resolve));
    const read = db.prepare("SELECT value FROM result WHERE id = ?");
    const stop = watch();
    const milliseconds: number[] = [];
    for (let i = 0; i < tasks; i++) {
      const startedAt = performance.now();
      insertNumbered.run(i + 1, JSON.stringify(payload(i)));
      while (read.get(i + 1) === undefined) await sleep(1);
      milliseconds.push(performance.now() - startedAt);
    }
    stop({ p50: quantile(milliseconds, 0.5), p99: quantile(milliseconds, 0.99) });
    worker.stdin.end();
    await new Promise((resolve) => worker.once("exit", resolve));
  },
  /** The worker of the latency workload. */
  async worker() {
    const store = db.prepare("INSERT INTO result VALUES (?, ?)");
    let running = true;
    process.stdin.once("end", () => (running = false)).resume();
    console.log("ready");
    while (running) {
      const rows = claim.all();
      if (rows.length === 0) {
        await sleep(1);
        continue;
      }
      begin.run();
      for (const row of rows) {
        JSON.parse(String(row["body"]));
        store.run(Number(row["id"]), "1");
        remove.run(Number(row["id"]));
      }
      commit.run();
    }
  },
};

await workloads[workload]?.();
db.close();

function preload(number: number): void {
  for (let at = 0; at < number; at += 1000) {
    begin.run();
    for (let i = at; i < Math.min(at + 1000, number); i++) insert.run(JSON.stringify(payload(i)));
    commit.run();
  }
}

/** Acknowledges what was claimed before and claims the next, in one transaction. */
function tick(previous: readonly number[]): number[] {
  begin.run();
  for (const id of previous) remove.run(id);
  const rows = claim.all();
  commit.run();
  for (const row of rows) JSON.parse(String(row["body"]));
  return rows.map((row) => Number(row["id"]));
}

function watch(): (figures?: Record<string, number>) => void {
  const cpu = cpuMicros();
  const startedAt = performance.now();
  return (figures = {}) => {
    const seconds = (performance.now() - startedAt) / 1000;
    report({
      contestant: "floor sqlite",
      workload,
      tasks,
      seconds,
      rate: tasks / seconds,
      cpuMicros: (cpuMicros() - cpu) / tasks,
      ...figures,
    });
  };
}
