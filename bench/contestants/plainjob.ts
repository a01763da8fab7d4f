// plainjob on better-sqlite3: WAL, synchronous NORMAL, as its own benchmark sets it up.
import Database from "better-sqlite3";
import { better, defineQueue, defineWorker } from "plainjob";
import { cpuMicros, payload, report } from "../measure.ts";

const [workload = "", file = "", count = "0"] = process.argv.slice(2);
const tasks = Number(count);
const quiet = { error: console.error, warn: () => {}, info: () => {}, debug: () => {} };
const queue = defineQueue({ connection: better(new Database(file)), logger: quiet });

if (workload === "enqueue-bulk") {
  const startedAt = performance.now();
  const cpu = cpuMicros();
  for (let at = 0; at < tasks; at += 1000)
    queue.addMany(
      "noop",
      Array.from({ length: Math.min(1000, tasks - at) }, (_, i) => payload(at + i)),
    );
  done(startedAt, cpu);
} else if (workload === "drain") {
  for (let at = 0; at < tasks; at += 1000)
    queue.addMany(
      "noop",
      Array.from({ length: Math.min(1000, tasks - at) }, (_, i) => payload(at + i)),
    );
  let executed = 0;
  let startedAt = 0;
  let cpu = 0;
  const worker = defineWorker(
    "noop",
    async (job: { data: string }) => {
      JSON.parse(job.data);
      if (executed++ === 0) {
        startedAt = performance.now();
        cpu = cpuMicros();
      }
      if (executed === tasks) {
        done(startedAt, cpu);
        void worker.stop();
      }
    },
    { queue, logger: quiet, pollIntervall: 10 },
  );
  await worker.start();
}
queue.close();

function done(startedAt: number, cpu: number): void {
  const seconds = (performance.now() - startedAt) / 1000;
  report({ contestant: "plainjob", workload, tasks, seconds, rate: tasks / seconds, cpuMicros: (cpuMicros() - cpu) / tasks });
}
