import type { Logger, LogLevel } from "../../src/util/logger.ts";

/** One line of a log. */
export interface LogLine {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: object;
}

/** A logger that keeps its lines, and wakes who waits for one. */
export class CollectingLogger implements Logger {
  readonly lines: LogLine[] = [];
  #waiting: { readonly wanted: RegExp; readonly resolve: (line: LogLine) => void }[] = [];

  /** The line that matches: one that is there, or the next. */
  line(wanted: RegExp): Promise<LogLine> {
    const there = this.lines.find(({ message }) => wanted.test(message));
    return there ? Promise.resolve(there) : new Promise((resolve) => void this.#waiting.push({ wanted, resolve }));
  }

  /** The messages of one level. */
  messages(level: LogLevel): readonly string[] {
    return this.lines.filter((line) => line.level === level).map(({ message }) => message);
  }

  trace(fields: object, message?: string): void {
    this.#write("trace", fields, message);
  }

  debug(fields: object, message?: string): void {
    this.#write("debug", fields, message);
  }

  info(fields: object, message?: string): void {
    this.#write("info", fields, message);
  }

  warn(fields: object, message?: string): void {
    this.#write("warn", fields, message);
  }

  error(fields: object, message?: string): void {
    this.#write("error", fields, message);
  }

  fatal(fields: object, message?: string): void {
    this.#write("fatal", fields, message);
  }

  child(): Logger {
    return this;
  }

  isLevelEnabled(): boolean {
    return true;
  }

  #write(level: LogLevel, fields: object, message = ""): void {
    const line = { level, message, fields };
    this.lines.push(line);
    const found = this.#waiting.filter(({ wanted }) => wanted.test(message));
    this.#waiting = this.#waiting.filter((one) => !found.includes(one));
    for (const { resolve } of found) resolve(line);
  }
}
