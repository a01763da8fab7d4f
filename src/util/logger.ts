/** Where log lines go. Structurally what pino's logger is, so that one can be injected. */
export interface Logger {
  trace(fields: object, message?: string): void;
  debug(fields: object, message?: string): void;
  info(fields: object, message?: string): void;
  warn(fields: object, message?: string): void;
  error(fields: object, message?: string): void;
  fatal(fields: object, message?: string): void;
  /** A logger that adds these fields to each line. */
  child(fields: object): Logger;
  /** Whether lines of this level are written; asked before a costly line is built. */
  isLevelEnabled(level: LogLevel): boolean;
}

/** The levels, the least important first. */
export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "fatal";

/** A logger that writes nothing. */
export const silentLogger: Logger = {
  trace: () => {},
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  fatal: () => {},
  child: () => silentLogger,
  isLevelEnabled: () => false,
};
