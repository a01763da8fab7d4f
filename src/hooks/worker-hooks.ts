// Hooks in the life of a worker and of its children.
import type { Logger } from "../util/logger.ts";
import type { HookApp, HookWorker } from "./hook-subjects.ts";

/** Something about a worker. */
export interface WorkerHook {
  /** Node name of the worker, such as `celery@host`. */
  readonly sender: string;
  readonly worker: HookWorker;
}

/** A worker is about to be built: the first moment, for settings that depend on the node. */
export interface CeleriacInit {
  /** Node name of the worker. */
  readonly sender: string;
  readonly app: HookApp;
  /** The settings. */
  readonly conf: Readonly<Record<string, unknown>>;
  /** What the worker was started with. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** A worker is built and its queues are chosen; it has not started. */
export interface CeleriacAfterSetup extends WorkerHook {
  readonly conf: Readonly<Record<string, unknown>>;
}

/** A worker begins to shut down. */
export interface WorkerShuttingDown extends WorkerHook {
  /** The signal that asked for it, such as `"SIGTERM"`; null where a command did. */
  readonly signal: string | null;
  readonly how: "warm" | "soft" | "cold";
  /** What the process will exit with. */
  readonly exitCode: number;
}

/** A child process is about to be made, or was made. */
export interface WorkerProcess {
  /** Node name of the worker. */
  readonly sender: string;
  /** Number of the child, from 0. */
  readonly index: number;
}

/** A child process is about to exit. */
export interface WorkerProcessShutdown extends WorkerProcess {
  readonly pid: number;
  readonly exitCode: number;
}

/** A worker's heartbeat event was sent. */
export interface HeartbeatSent {
  /** Node name of the worker. */
  readonly sender: string;
}

/** Logging is about to be set up. A handler of `setupLogging` takes its place. */
export interface SetupLogging {
  /** Node name of the worker, or name of the command. */
  readonly sender: string;
  readonly level: string;
  /** File that lines go to; null for the terminal. */
  readonly file: string | null;
  /** The setting for the form of lines. */
  readonly format: string;
  readonly colorize: boolean;
}

/** Logging was set up. */
export interface AfterSetupLogger extends SetupLogging {
  readonly logger: Logger;
}

/** The hooks of workers by name. */
export interface WorkerHookMap {
  celeriacInit: CeleriacInit;
  celeriacAfterSetup: CeleriacAfterSetup;
  workerInit: WorkerHook;
  workerReady: WorkerHook;
  workerShuttingDown: WorkerShuttingDown;
  workerShutdown: WorkerHook;
  workerBeforeCreateProcess: WorkerProcess;
  workerProcessInit: WorkerProcess;
  workerProcessShutdown: WorkerProcessShutdown;
  heartbeatSent: HeartbeatSent;
  setupLogging: SetupLogging;
  afterSetupLogger: AfterSetupLogger;
  afterSetupTaskLogger: AfterSetupLogger;
}
