// What each child of a worker's pool imports: it imports the app in its turn and executes the tasks that its worker sends. Whatever throws
// here is reported by the pool as the reason why the child could not start.
import { findApp, importListed } from "../app/discovery.ts";
import { childIndex, entryData, serveJobs } from "../pool/child-runtime.ts";
import { chooseLogger } from "./choose-logger.ts";
import type { ChildData } from "./child-data.ts";
import { executeJobs } from "./execute-jobs.ts";

// Written by the step `pool` of this package.
const data = entryData() as unknown as ChildData;
const { hostname } = data;
const app = await findApp(data.appModule);
app.configure(data.settings);
await importListed(data.include, "the worker's option include (-I)");
await app.finalize();
const logger = chooseLogger(app, {
  hostname,
  level: data.loglevel,
  format: data.logFormat,
  color: data.color,
  processName: `ForkPoolWorker-${process.pid}`,
});
const child = { sender: hostname, index: childIndex() };
await app.hooks.emitAsync("workerProcessInit", child);
serveJobs(executeJobs(app.executionHost({ hostname, logger }), { wire: true }), {
  async onStop() {
    await app.hooks.emitAsync("workerProcessShutdown", { ...child, pid: process.pid, exitCode: 0 });
    await app.close();
  },
});
