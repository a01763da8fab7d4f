import type { Step } from "../../bootsteps/step.ts";
import type { ExecutionHost } from "../../execution/execution-host.ts";
import type { PoolLog, PoolOptions } from "../../pool/contract.ts";
import type { Logger } from "../../util/logger.ts";
import type { ChildData } from "../child-data.ts";
import { executeJobs } from "../execute-jobs.ts";
import { loadPool } from "../load-pool.ts";
import { watchOwnProcess } from "../own-process.ts";
import { requireAppModule } from "../worker-options.ts";
import type { Worker } from "../worker.ts";

/** The pool that runs the tasks. */
export function poolStep(): Step<Worker> {
  let stopListening: (() => void) | undefined;
  return {
    name: "pool",
    requires: ["hooks"],
    async create(worker) {
      const { options, logger } = worker;
      const createPool = await loadPool(options.pool, worker.pools);
      const host = worker.app.executionHost({ hostname: worker.hostname, logger });
      worker.host = host;
      worker.pool = createPool(poolOptions(worker, host));
    },
    async start(worker) {
      const { pool } = worker;
      if (!pool) return;
      if (!pool.capabilities.isolated) stopListening = watchOwnProcess(worker);
      await pool.start();
    },
    async stop({ pool }) {
      await pool?.stop();
      stopListening?.();
    },
    async terminate({ pool }) {
      await pool?.kill();
      stopListening?.();
    },
    info: ({ pool }) => (pool ? { ...pool.info() } : undefined),
  };
}

function poolOptions(worker: Worker, host: ExecutionHost): PoolOptions {
  const { options, logger } = worker;
  const appModule = requireAppModule(options);
  return {
    concurrency: options.concurrency,
    childConcurrency: options.childConcurrency,
    work: executeJobs(host, { wire: false }),
    entry: appModule === undefined ? undefined : { module: childEntryUrl, data: { ...childData(worker, appModule) } },
    maxTasksPerChild: options.maxTasksPerChild,
    maxMemoryPerChild: options.maxMemoryPerChild,
    aliveTimeoutMs: options.aliveTimeoutMs,
    clock: worker.clock,
    onLog: (line) => writePoolLog(logger, line),
    onFailed: (error) => worker.fail(error),
    onChild(event) {
      if (event.kind === "starting") worker.app.hooks.emit("workerBeforeCreateProcess", { sender: worker.hostname, index: event.index });
      else if (event.kind === "up") logger.debug({ child: event.pid }, `child ${event.pid} is up`);
      else
        logger.debug({ child: event.pid, exitCode: event.exitCode, signal: event.signal }, `child ${event.pid} is down: ${event.reason}`);
    },
  };
}

function childData(worker: Worker, appModule: string): ChildData {
  const { options } = worker;
  return {
    appModule,
    hostname: worker.hostname,
    loglevel: options.loglevel,
    logFormat: options.logFormat,
    color: options.color,
    settings: options.settings,
    include: options.include,
  };
}

function writePoolLog(logger: Logger, line: PoolLog): void {
  logger[line.level]({ child: line.pid }, `child ${line.pid}: ${line.message}`);
}

/** The module that children import, beside this one and in the same language. */
const childEntryUrl: string = new URL(import.meta.url.endsWith(".ts") ? "../child-entry.ts" : "../child-entry.js", import.meta.url).href;
