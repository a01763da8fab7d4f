// What tasks may do to a process that they share with their worker, in pools without children: leave behind a promise that is rejected or a
// timer that throws, and end the process. None of it happens in silence.
import type { Request } from "./request.ts";
import type { Worker } from "./worker.ts";

/**
 * Watches this process for a worker whose tasks run in it.
 * @returns a function that ends it
 */
export function watchOwnProcess(worker: Worker): () => void {
  const listeners = {
    unhandledRejection: (reason: unknown) => onRejection(worker, reason),
    uncaughtException: (error: unknown) => onException(worker, error),
    exit: (code: number) => onExit(worker, code),
  };
  const watched = Object.entries(listeners) as [string, (argument: never) => void][];
  for (const [event, listener] of watched) process.on(event, listener as () => void);
  return () => {
    for (const [event, listener] of watched) process.off(event, listener as () => void);
  };
}

/** Without a listener Node would end the process, and with it every other task in it. */
function onRejection({ logger }: Worker, reason: unknown): void {
  logger.error(
    { err: reason },
    `a promise was rejected and nobody awaited it: ${textOf(reason)}. The worker goes on; await the promise, or catch its error, in the task that made it`,
  );
}

/** Nobody knows what an exception out of nowhere has left half done: what runs is finished, and a new process takes over. */
function onException(worker: Worker, error: unknown): void {
  worker.logger.error(
    { err: error },
    `an exception was thrown where nobody could catch it, such as in a timer that a task left behind: ${textOf(error)}. The worker finishes what runs and ends`,
  );
  worker.fail(error);
}

/** A worker that was not asked to end ends as a failure: whoever watches over it shall start it again. */
function onExit({ state, consumer, logger, hostname }: Worker, code: number): void {
  if (state !== "running" && state !== "stopping") return;
  if (code === 0) process.exitCode = 1;
  const running = [...(consumer?.engine.active ?? [])].filter((request) => request.state === "started").map(nameOf);
  const what = running.length === 0 ? "it ran no task" : `${running.join(", ")} ran in it and will run again`;
  logger.fatal({ hostname }, `${hostname} was ended by its own process (process.exit) in the middle of its work: ${what}`);
}

function nameOf(request: Request): string {
  return `${request.name}[${request.taskId}]`;
}

function textOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
