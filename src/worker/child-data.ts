import type { LogLevel } from "../util/logger.ts";
import type { LogFormat } from "./worker-logger.ts";

/** What a worker tells the children of its pool, as JSON. */
export interface ChildData {
  /** URL of the module that exports the app. */
  readonly appModule: string;
  /** Name of the worker's node. */
  readonly hostname: string;
  readonly loglevel: LogLevel;
  readonly logFormat: LogFormat;
  readonly color: boolean | undefined;
  /** Settings that were changed for this worker. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Modules to be imported after the app's. */
  readonly include: readonly string[];
}
