// Starts worker threads with a message port of their own, so that nothing in a job can disturb the channel by using parentPort.
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import { postChunks } from "../../pool/child-channel.ts";
import type { ChildEvents, ChildHandle, ChildSpawner } from "../../pool/child-handle.ts";
import { childMainUrl } from "../../pool/child-main-url.ts";
import { errorText } from "../../pool/error-text.ts";

/** Makes a spawner of threads. Their pid is the process's; a signal of any name ends a thread, and no signal is told of its end. */
export function createThreadSpawner(): ChildSpawner {
  return {
    spawn: spawnThread,
    close: () => Promise.resolve(),
  };
}

function spawnThread(events: ChildEvents): ChildHandle {
  const { port1: port, port2 } = new MessageChannel();
  const thread = new Worker(childMainUrl, { workerData: { celeriacPort: port2 }, transferList: [port2], name: "celeriac" });
  let error: string | undefined;
  port.on("message", (chunk: Uint8Array) => events.onChunk(chunk));
  thread.on("error", (cause) => (error = errorText(cause)));
  thread.on("exit", (exitCode) => {
    readRest(port, events);
    port.close();
    events.onGone({ exitCode, signal: null, error });
  });
  return {
    pid: process.pid,
    write: (chunks) => postChunks(port, chunks),
    kill: () => void thread.terminate(),
  };
}

/** What a thread had sent before its end may still wait in the port. */
function readRest(port: MessagePort, events: ChildEvents): void {
  for (let rest = receiveMessageOnPort(port); rest; rest = receiveMessageOnPort(port)) {
    // Only children write to it, and they write bytes.
    events.onChunk(rest.message as Uint8Array);
  }
}
