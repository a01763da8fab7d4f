// The thread of heartbeat.ts. It may sleep in SQLite: nobody else waits for this thread.
import { DatabaseSync } from "node:sqlite";
import { workerData } from "node:worker_threads";
import type { HeartbeatData } from "./heartbeat.ts";

const data = workerData as HeartbeatData;
const db = new DatabaseSync(data.path, { timeout: 10_000 });
db.exec("PRAGMA synchronous = OFF"); // a heartbeat that a power cut loses is no loss
const renew = db.prepare("UPDATE owners SET heartbeat = ? WHERE pid = ? AND started = ? AND namespace = ?");

setInterval(() => {
  try {
    renew.run(Date.now(), data.pid, data.started, data.namespace); // a value that changes; nobody compares it with a clock
  } catch (error) {
    // Missed for once, as on a full disk: there are three more chances before anybody minds.
    process.emitWarning(`a heartbeat could not be written to ${data.path}: ${(error as Error).message}`, "CeleriacWarning");
  }
}, data.intervalMs);
