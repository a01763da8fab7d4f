// Starts child processes with a duplex pipe on file descriptor 3. They stay in the parent's process group, so that a signal to the group
// reaches all; their output is the parent's.
import { type ChildProcess, spawn } from "node:child_process";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import { CHANNEL_FD } from "../../pool/child-channel.ts";
import type { ChildEvents, ChildExit, ChildHandle, ChildSpawner } from "../../pool/child-handle.ts";
import { childMainUrl } from "../../pool/child-main-url.ts";
import { type Clock, systemClock, type Timer } from "../../util/clock.ts";
import { childExecArgv } from "./child-exec-argv.ts";
import { OrphanGuard } from "./orphan-guard.ts";

/** Signals that a child leaves to its pool to answer, so that they cannot end it. */
const LEFT_TO_THE_POOL: ReadonlySet<NodeJS.Signals> = new Set(["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"]);
/** How long a signal that is no SIGKILL may take to end a child. */
const KILL_GRACE_MS = 2000;
/** How long a dead child's pipe may stay open, because a process that it started holds it, before its end is believed. */
const PIPE_GRACE_MS = 1000;

/** Makes a spawner of processes. */
export function createProcessSpawner(clock: Clock = systemClock): ChildSpawner {
  const guard = new OrphanGuard();
  return {
    spawn: (events) => spawnChild(events, guard, clock),
    close: () => guard.close(),
  };
}

function spawnChild(events: ChildEvents, guard: OrphanGuard, clock: Clock): ChildHandle {
  const child = spawn(process.execPath, [...childExecArgv(process.execArgv), fileURLToPath(childMainUrl)], {
    stdio: ["ignore", "inherit", "inherit", "pipe"],
  });
  // What stdio says is a pipe is a duplex stream; with no file descriptors left there is no stdio, whatever its type says.
  const pipe = (child.stdio as readonly unknown[] | undefined)?.[CHANNEL_FD] as Duplex | undefined;
  if (child.pid !== undefined) guard.add(child.pid);
  watch(child, pipe, events, guard, clock);
  return {
    pid: child.pid ?? 0,
    write(chunks) {
      if (!pipe?.writable) return;
      if (chunks.length > 1) pipe.cork();
      for (const chunk of chunks) pipe.write(chunk);
      if (chunks.length > 1) pipe.uncork();
    },
    kill(signal) {
      const isCertain = signal === "SIGKILL" || LEFT_TO_THE_POOL.has(signal);
      child.kill(isCertain ? "SIGKILL" : signal);
      if (isCertain) return;
      const grace = clock.setTimer(() => child.kill("SIGKILL"), KILL_GRACE_MS, { unref: true });
      child.once("exit", () => grace.cancel());
    },
  };
}

function watch(child: ChildProcess, pipe: Duplex | undefined, events: ChildEvents, guard: OrphanGuard, clock: Clock): void {
  let error: string | undefined;
  let isGone = false;
  let grace: Timer | undefined;
  const gone = (exit: ChildExit): void => {
    if (isGone) return;
    isGone = true;
    grace?.cancel();
    pipe?.destroy();
    events.onGone(exit);
  };
  pipe?.on("data", (chunk: Uint8Array) => events.onChunk(chunk));
  // Writing to a child that has just died; its exit tells the rest.
  pipe?.on("error", (cause: Error) => (error ??= `its pipe failed: ${cause.message}`));
  child.on("error", (cause) => {
    error = cause.message;
    if (child.pid === undefined) gone({ exitCode: null, signal: null, error });
  });
  child.on("exit", (exitCode, signal) => {
    if (child.pid !== undefined) guard.remove(child.pid);
    grace = clock.setTimer(() => gone({ exitCode, signal, error }), PIPE_GRACE_MS, { unref: true });
  });
  // After the exit, and when everything in the pipe was read.
  child.on("close", (exitCode, signal) => gone({ exitCode, signal, error }));
}
