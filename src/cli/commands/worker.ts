import { type Command, Option } from "commander";
import { celeriacVersion } from "../../app/report.ts";
import { UsageError } from "../../errors/celeriac-error.ts";
import type { Duration } from "../../util/duration.ts";
import type { LogLevel } from "../../util/logger.ts";
import { maskUrl } from "../../util/mask-url.ts";
import { renderBanner } from "../../worker/banner.ts";
import { unknownPoolProblem } from "../../worker/load-pool.ts";
import { poolsOf } from "../../worker/worker-options.ts";
import { Worker } from "../../worker/worker.ts";
import type { LogFormat } from "../../worker/worker-logger.ts";
import type { CliContext } from "../cli-context.ts";
import { duration, list, logLevel, positiveNumber, settingsFromWords, wholeNumber } from "../option-values.ts";
import { watchShutdownSignals } from "../process/shutdown-signals.ts";

interface WorkerFlags {
  readonly hostname?: string;
  readonly loglevel: LogLevel;
  readonly logFormat: LogFormat;
  readonly concurrency?: number;
  readonly childConcurrency?: number;
  readonly pool?: string;
  readonly prefetchMultiplier?: number;
  readonly timeLimit?: Duration;
  readonly softTimeLimit?: Duration;
  readonly maxTasksPerChild?: number;
  readonly maxMemoryPerChild?: number;
  readonly queues?: readonly string[];
  readonly excludeQueues?: readonly string[];
  readonly include?: readonly string[];
  readonly purge?: boolean;
  readonly discard?: boolean;
}

/** Adds `celeriac worker`. */
export function addWorkerCommand(program: Command, context: CliContext): void {
  program
    .command("worker")
    .description("start a worker")
    .argument("[settings...]", "settings as key=value, such as worker_prefetch_multiplier=1")
    .option("-n, --hostname <name>", "name of the node: %h is the host, %n its first part, %d its domain (default: celery@%h)")
    .addOption(
      new Option("-l, --loglevel <level>", "DEBUG, INFO, WARNING, ERROR or CRITICAL").argParser(logLevel).default("warn", "WARNING"),
    )
    .addOption(new Option("--log-format <format>", "how log lines look").choices(["auto", "text", "json"]).default("auto"))
    .addOption(
      new Option("-O, --optimization <profile>", "Celery's; a child is always given a task when it is free").choices(["default", "fair"]),
    )
    .option("-c, --concurrency <number>", "how many tasks run at a time (default: one for each core; 100 for -P async)", positiveNumber)
    .option("--child-concurrency <number>", "how many tasks each child runs at a time (default: 1)", positiveNumber)
    .option("-P, --pool <pool>", "prefork, threads, async or solo (default: the setting workerPool)")
    .option("--prefetch-multiplier <number>", "messages fetched ahead for each slot; 0: no limit", wholeNumber)
    .option("--time-limit <time>", "hard time limit of tasks that have none of their own", duration)
    .option("--soft-time-limit <time>", "soft time limit of tasks that have none of their own", duration)
    .option("--max-tasks-per-child <number>", "replace a child after so many tasks", positiveNumber)
    .option("--max-memory-per-child <kibibytes>", "replace a child that has grown above so much", positiveNumber)
    .option("--purge", "remove all waiting messages first")
    .option("--discard", "the same as --purge")
    .option("-Q, --queues <names>", "queues to take from, separated by commas", list)
    .option("-X, --exclude-queues <names>", "queues not to take from", list)
    .option("-I, --include <modules>", "modules to import for their tasks", list)
    .action((words: readonly string[], flags: WorkerFlags) => runWorker(context, words, flags));
}

async function runWorker(context: CliContext, words: readonly string[], flags: WorkerFlags): Promise<void> {
  const { app, module, settings } = await context.loadApp();
  const { hostname, loglevel, logFormat, concurrency, childConcurrency, pool, prefetchMultiplier, timeLimit, softTimeLimit } = flags;
  const { maxTasksPerChild, maxMemoryPerChild, queues, excludeQueues, include } = flags;
  const problem = pool === undefined ? undefined : unknownPoolProblem(pool, poolsOf(app));
  if (problem !== undefined) throw new UsageError("CELERIAC_USAGE", { message: problem });
  const worker = new Worker(app, {
    hostname,
    loglevel,
    logFormat,
    concurrency,
    childConcurrency,
    pool,
    prefetchMultiplier,
    timeLimit,
    softTimeLimit,
    maxTasksPerChild,
    maxMemoryPerChild,
    queues,
    excludeQueues,
    include,
    appModule: module,
    purge: flags.purge ?? flags.discard,
    color: context.global.color ? undefined : false,
    settings: { ...settings, ...settingsFromWords(words) },
  });
  const signals = watchShutdownSignals(worker, context.process);
  try {
    const starting = worker.start();
    context.say(banner(worker, loglevel));
    await starting;
    const end = await worker.stopped;
    context.setExitCode(end.exitCode);
  } finally {
    // Signals are answered until the very end: closing may take its time too.
    try {
      await app.close();
    } finally {
      signals.dispose();
    }
  }
}

function banner(worker: Worker, loglevel: LogLevel): string {
  const { app, options } = worker;
  return renderBanner({
    hostname: worker.hostname,
    version: celeriacVersion,
    app: app.name,
    transport: app.connections.brokerUrls("read").map(maskUrl).join(";"),
    results: maskUrl(app.connections.backendUrl() ?? "disabled://"),
    concurrency: options.concurrency,
    pool: options.pool,
    queues: worker.queues.map(({ name, exchange, exchangeType, routingKey }) => ({ name, exchange, type: exchangeType, key: routingKey })),
    tasks: ["trace", "debug", "info"].includes(loglevel) ? [...app.tasks.names()] : undefined,
    startedAt: new Date(),
  });
}
