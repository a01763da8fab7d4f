// Which logger a worker, or a child of its pool, writes to: the one it is given, the app's own, or one that it makes. Hooks may stand in.
import type { CeleriacApp } from "../app/celeriac.ts";
import { type Logger, silentLogger } from "../util/logger.ts";
import { createWorkerLogger, type WorkerLoggerOptions } from "./worker-logger.ts";

/** What is known of the logger that is wanted. */
export interface LoggerChoice extends WorkerLoggerOptions {
  /** Name of the worker's node. */
  readonly hostname: string;
  /** The one that was given. */
  readonly given?: Logger | undefined;
}

/** Chooses the logger and tells the hooks. A handler of `setupLogging` takes the place of what is made here: then lines go to the app's logger. */
export function chooseLogger(app: CeleriacApp, choice: LoggerChoice): Logger {
  const setup = {
    sender: choice.hostname,
    level: choice.level,
    file: null,
    format: app.conf.workerLogFormat,
    colorize: choice.color ?? false,
  };
  const replaced = app.hooks.has("setupLogging");
  if (replaced) app.hooks.emit("setupLogging", setup);
  const logger = choice.given ?? (replaced || app.logger !== silentLogger ? app.logger : createWorkerLogger(choice));
  if (app.hooks.has("afterSetupLogger")) app.hooks.emit("afterSetupLogger", { ...setup, logger });
  if (app.hooks.has("afterSetupTaskLogger")) app.hooks.emit("afterSetupTaskLogger", { ...setup, logger });
  return logger;
}
