// The lines that a worker writes about tasks, in Celery's words, so that people's eyes and Celery's `logtool` know them.
// Each line carries the task's id and name as fields. Callers ask `isLevelEnabled` first: nothing is built for a line that is not written.
import type { LogLevel, Logger } from "../util/logger.ts";

/** Names a task in a log line. */
export interface NamedTask {
  readonly taskId: string;
  /** The name to be shown: the shadow name where there is one. */
  readonly name: string;
}

/** Writes the lines of tasks. One for each worker. */
export class TaskLog {
  readonly #logger: Logger;
  readonly #info: boolean;

  constructor(logger: Logger) {
    this.#logger = logger;
    this.#info = logger.isLevelEnabled("info");
  }

  /** Whether the lines of tasks that go well are written. */
  get enabled(): boolean {
    return this.#info;
  }

  received(task: NamedTask): void {
    this.#write("info", task, `Task ${task.name}[${task.taskId}] received`);
  }

  succeeded(task: NamedTask, runtimeSeconds: number, repr: string): void {
    this.#write("info", task, `Task ${task.name}[${task.taskId}] succeeded in ${seconds(runtimeSeconds)}s: ${repr}`);
  }

  raised(task: NamedTask, expected: boolean, repr: string, traceback: string | undefined): void {
    const text = `Task ${task.name}[${task.taskId}] raised ${expected ? "expected" : "unexpected"}: ${repr}`;
    if (expected) this.#write("info", task, text);
    else this.#write("error", task, traceback === undefined ? text : `${text}\n${traceback}`);
  }

  retry(task: NamedTask, retryInSeconds: number | undefined, reason: string | undefined): void {
    const when = retryInSeconds === undefined || retryInSeconds <= 0 ? "Retry now" : `Retry in ${seconds(retryInSeconds)}s`;
    this.#write("info", task, `Task ${task.name}[${task.taskId}] retry: ${when}${reason ? `: ${reason}` : ""}`);
  }

  ignored(task: NamedTask): void {
    this.#write("info", task, `Task ${task.name}[${task.taskId}] ignored`);
  }

  rejected(task: NamedTask, requeue: boolean, reason: string | undefined): void {
    this.#write("warn", task, `Task ${task.name}[${task.taskId}] rejected${requeue ? " and requeued" : ""}${reason ? `: ${reason}` : ""}`);
  }

  discarded(task: NamedTask, why: string): void {
    this.#write("info", task, `Discarding revoked task: ${task.name}[${task.taskId}] (${why})`);
  }

  /** A line about a task that no other method has the words for. */
  note(level: LogLevel, task: NamedTask, message: string, fields?: object): void {
    this.#write(level, task, message, fields);
  }

  #write(level: LogLevel, task: NamedTask, message: string, fields?: object): void {
    this.#logger[level]({ taskId: task.taskId, taskName: task.name, ...fields }, message);
  }
}

/** A length of time as it stands in a line: microseconds are enough, and trailing zeros say nothing. */
function seconds(value: number): string {
  return String(Number(value.toFixed(6)));
}
