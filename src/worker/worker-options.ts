// What a worker can be told: by the caller (WorkerOptions), and after the settings have filled in the rest (ResolvedWorkerOptions).
// An option that was given wins over the setting of the same meaning.
import { availableParallelism } from "node:os";
import { pathToFileURL } from "node:url";
import type { CeleriacApp } from "../app/celeriac.ts";
import { ConfigError } from "../errors/celeriac-error.ts";
import type { PoolFactory } from "../pool/contract.ts";
import type { Clock } from "../util/clock.ts";
import { type Duration, durationMs } from "../util/duration.ts";
import type { Logger, LogLevel } from "../util/logger.ts";
import { nodeName } from "../util/node-name.ts";
import type { LogFormat } from "./worker-logger.ts";

/** The pools that a worker can have, by name; each is loaded when it is chosen. */
export type PoolTable = Readonly<Record<string, () => Promise<{ readonly createPool: PoolFactory }>>>;

/** Options of a worker. */
export interface WorkerOptions {
  /** Name of the node; `%h`, `%n` and `%d` are expanded. @default "celery@%h" */
  readonly hostname?: string | undefined;
  /** How many tasks run at a time. @default the setting `workerConcurrency`; else one for each processor core, and 100 in the pool `async` */
  readonly concurrency?: number | undefined;
  /** `prefork`, `threads`, `async` or `solo`. @default the setting `workerPool` */
  readonly pool?: string | undefined;
  /** How many messages are fetched ahead for each slot; 0 means no limit. @default the setting `workerPrefetchMultiplier` */
  readonly prefetchMultiplier?: number | undefined;
  /** Consume from these queues only. @default every queue of the app */
  readonly queues?: readonly string[] | undefined;
  /** Do not consume from these. */
  readonly excludeQueues?: readonly string[] | undefined;
  /** Module that exports the app: what child processes and threads import. Needed by the pools `prefork` and `threads`. */
  readonly appModule?: string | URL | undefined;
  /** Modules imported before the worker starts, for the tasks in them. */
  readonly include?: readonly string[] | undefined;
  /** How many tasks each child runs at a time. @default 1 */
  readonly childConcurrency?: number | undefined;
  /** A child is replaced after so many tasks. @default the setting `workerMaxTasksPerChild` */
  readonly maxTasksPerChild?: number | undefined;
  /** A child that has grown above so many kibibytes is replaced. @default the setting `workerMaxMemoryPerChild` */
  readonly maxMemoryPerChild?: number | undefined;
  /** Hard time limit of tasks that have none of their own. @default the setting `taskTimeLimit` */
  readonly timeLimit?: Duration | undefined;
  /** Soft time limit of tasks that have none of their own. @default the setting `taskSoftTimeLimit` */
  readonly softTimeLimit?: Duration | undefined;
  /** Remove all messages from its queues before it starts. @default false */
  readonly purge?: boolean | undefined;
  /** The least important level that is logged. @default "warn" */
  readonly loglevel?: LogLevel | undefined;
  /** How the worker's own logger writes. @default "auto" */
  readonly logFormat?: LogFormat | undefined;
  /** Whether the worker's own logger writes colours. @default on a terminal */
  readonly color?: boolean | undefined;
  /** Settings changed for this worker, in its children too. They must be JSON. */
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
  /** Where log lines go. @default the logger that the app was made with; else standard error: coloured text on a terminal, JSON elsewhere */
  readonly logger?: Logger | undefined;
  /** Rebuild the consumer where nothing was fetched for so long although messages wait and slots are free; 0 never. @default "30s" */
  readonly stallTimeout?: Duration | undefined;
  /** Time. @default the system's */
  readonly clock?: Clock | undefined;
  /** The pools that may be chosen. @default those of the app */
  readonly pools?: PoolTable | undefined;
}

/** Options of a worker with nothing left open. */
export interface ResolvedWorkerOptions {
  readonly hostname: string;
  readonly concurrency: number;
  readonly pool: string;
  readonly prefetchMultiplier: number;
  /** Whether more may be fetched ahead while tasks take next to no time: nobody said how much. */
  readonly mayBoostPrefetch: boolean;
  readonly queues: readonly string[] | undefined;
  readonly excludeQueues: readonly string[];
  /** URL of the app's module. */
  readonly appModule: string | undefined;
  readonly include: readonly string[];
  readonly childConcurrency: number;
  readonly maxTasksPerChild: number | undefined;
  readonly maxMemoryPerChild: number | undefined;
  readonly timeLimitSeconds: number | null;
  readonly softTimeLimitSeconds: number | null;
  readonly purge: boolean;
  readonly loglevel: LogLevel;
  readonly logFormat: LogFormat;
  readonly color: boolean | undefined;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly stallTimeoutMs: number;
  readonly softShutdownMs: number;
  readonly softShutdownOnIdle: boolean;
  readonly aliveTimeoutMs: number;
}

/** The pools that the workers of an app may have, where nobody said otherwise. */
export function poolsOf(app: CeleriacApp): PoolTable {
  // The composition root, or the user, has put modules of pools there: the app itself does not know what a pool is.
  return (app.drivers.pools as PoolTable | undefined) ?? {};
}

/** Pools whose tasks run in processes or threads of their own, which must import the app themselves. */
const POOLS_OF_CHILDREN: ReadonlySet<string> = new Set(["prefork", "threads"]);
/** How many tasks an event loop runs at a time where nobody said: they mostly wait. */
const ASYNC_CONCURRENCY = 100;
/** Long enough for any driver's own recovery, short enough to be noticed as a hiccup and not as an outage. */
const STALL_TIMEOUT_MS = 30_000;

/**
 * Fills in a worker's options from the settings of its app.
 * @throws ConfigError for values that cannot work
 */
export function resolveWorkerOptions(app: CeleriacApp, given: WorkerOptions): ResolvedWorkerOptions {
  const { conf } = app;
  const isDefaultPrefetch = app.config.sourceOf("workerPrefetchMultiplier").kind === "default" && !conf.celeryDefaults;
  const pool = given.pool ?? conf.workerPool;
  const concurrency =
    pool === "solo" ? 1 : (given.concurrency ?? conf.workerConcurrency ?? (pool === "async" ? ASYNC_CONCURRENCY : availableParallelism()));
  positive("concurrency", concurrency);
  const childConcurrency = given.childConcurrency ?? 1;
  positive("childConcurrency", childConcurrency);
  const prefetchMultiplier = given.prefetchMultiplier ?? conf.workerPrefetchMultiplier;
  if (!Number.isInteger(prefetchMultiplier) || prefetchMultiplier < 0)
    throw improper("prefetchMultiplier", "a whole number that is not negative", prefetchMultiplier);
  return {
    hostname: nodeName(given.hostname),
    concurrency,
    pool,
    prefetchMultiplier,
    mayBoostPrefetch: given.prefetchMultiplier === undefined && isDefaultPrefetch,
    queues: given.queues,
    excludeQueues: given.excludeQueues ?? [],
    appModule: moduleUrl(given.appModule),
    include: given.include ?? [],
    childConcurrency,
    maxTasksPerChild: given.maxTasksPerChild ?? conf.workerMaxTasksPerChild ?? undefined,
    maxMemoryPerChild: given.maxMemoryPerChild ?? conf.workerMaxMemoryPerChild ?? undefined,
    timeLimitSeconds: seconds("timeLimit", given.timeLimit) ?? conf.taskTimeLimit,
    softTimeLimitSeconds: seconds("softTimeLimit", given.softTimeLimit) ?? conf.taskSoftTimeLimit,
    purge: given.purge ?? false,
    loglevel: given.loglevel ?? "warn",
    logFormat: given.logFormat ?? "auto",
    color: given.color,
    settings: given.settings ?? {},
    stallTimeoutMs:
      given.stallTimeout === undefined ? STALL_TIMEOUT_MS : durationMs(given.stallTimeout, "the worker's option stallTimeout"),
    softShutdownMs: conf.workerSoftShutdownTimeout * 1000,
    softShutdownOnIdle: conf.workerEnableSoftShutdownOnIdle,
    aliveTimeoutMs: conf.workerProcAliveTimeout * 1000,
  };
}

/**
 * The module that children import, for the pools that have children.
 * @throws ConfigError where it is needed and nobody named it
 */
export function requireAppModule(options: ResolvedWorkerOptions): string | undefined {
  if (!POOLS_OF_CHILDREN.has(options.pool) || options.appModule !== undefined) return options.appModule;
  throw new ConfigError("CELERIAC_CONFIG_IMPROPER", {
    message:
      `the pool ${JSON.stringify(options.pool)} runs tasks in children that import your app, and nobody said from where: ` +
      `expected the worker's option appModule to be the URL or path of the module that exports the app (such as import.meta.url), got: nothing. ` +
      `Or choose the pool "async" or "solo", which run tasks in this process`,
  });
}

function moduleUrl(module: string | URL | undefined): string | undefined {
  if (module === undefined) return undefined;
  const text = String(module);
  return /^[a-z][a-z0-9+.-]+:/i.test(text) ? text : pathToFileURL(text).href;
}

function seconds(option: string, value: Duration | undefined): number | undefined {
  return value === undefined ? undefined : durationMs(value, `the worker's option ${option}`) / 1000;
}

function positive(option: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) throw improper(option, "a whole number above zero", value);
}

function improper(option: string, expected: string, got: unknown): ConfigError {
  return new ConfigError("CELERIAC_CONFIG_IMPROPER", {
    message: `expected the worker's option ${option} to be ${expected}, got: ${JSON.stringify(got)}`,
  });
}
