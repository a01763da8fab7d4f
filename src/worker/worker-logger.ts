// The worker's own logger, where the user brings none: pino, as coloured text on a terminal and as JSON lines elsewhere.
import { pino } from "pino";
import pretty from "pino-pretty";
import type { Logger, LogLevel } from "../util/logger.ts";

/** How lines look: `auto` is text on a terminal and JSON elsewhere. */
export type LogFormat = "auto" | "text" | "json";

/** What a logger is made with. */
export interface WorkerLoggerOptions {
  /** The least important level that is written. */
  readonly level: LogLevel;
  /** @default "auto" */
  readonly format?: LogFormat | undefined;
  /** Whether text is coloured. @default on a terminal, unless NO_COLOR is set */
  readonly color?: boolean | undefined;
  /** File descriptor that lines go to. @default 2, standard error */
  readonly fd?: number | undefined;
  /** What the process is called in the lines. @default "MainProcess" */
  readonly processName?: string | undefined;
}

/** Makes a logger. Lines are written at once, so that none is lost when the process ends. */
export function createWorkerLogger(options: WorkerLoggerOptions): Logger {
  const { level, format = "auto", fd = 2, processName = "MainProcess" } = options;
  const terminal = isTerminal(fd);
  const settings = { level, base: { process: processName, pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime };
  if (format === "json" || (format === "auto" && !terminal)) return pino(settings, pino.destination({ dest: fd, sync: true }));
  const colorize = options.color ?? (terminal && !process.env["NO_COLOR"]);
  return pino(settings, textStream(fd, colorize));
}

/** Celery's form: `[2026-11-22 08:00:00.123: INFO/MainProcess] Task shop.add[...] received`. Fields that only programs read are left out. */
function textStream(fd: number, colorize: boolean): ReturnType<typeof pretty> {
  return pretty({
    destination: fd,
    sync: true,
    colorize,
    colorizeObjects: false,
    ignore: "time,level,pid,process,hostname,taskId,taskName,queue,child,url,attempt",
    messageFormat: (log, messageKey, _levelLabel, { colors }) => {
      const label = LABELS[String(log["level"])] ?? String(log["level"]);
      const time = localTime(new Date(String(log["time"])));
      const paint = PAINTS[label];
      const line = `[${time}: ${label}/${String(log["process"])}] ${String(log[messageKey] ?? "")}`;
      return paint === undefined ? line : colors[paint](line);
    },
    customColors: "message:reset",
    errorLikeObjectKeys: ["err", "error"],
  });
}

/** `2026-11-22 08:00:00.123` where the worker is. */
function localTime(time: Date): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const date = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${date} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${String(time.getMilliseconds()).padStart(3, "0")}`;
}

const LABELS: Readonly<Record<string, string>> = { 10: "TRACE", 20: "DEBUG", 30: "INFO", 40: "WARNING", 50: "ERROR", 60: "CRITICAL" };
/** Celery's colours. */
const PAINTS: Readonly<Record<string, "blue" | "yellow" | "red" | "magenta">> = {
  DEBUG: "blue",
  WARNING: "yellow",
  ERROR: "red",
  CRITICAL: "magenta",
};

function isTerminal(fd: number): boolean {
  return (fd === 2 ? process.stderr.isTTY : fd === 1 ? process.stdout.isTTY : false) === true;
}
