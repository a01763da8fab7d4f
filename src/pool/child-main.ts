// The program of a child of a pool, process or thread. It waits on its channel to be told which module to import.
import { MessagePort, workerData } from "node:worker_threads";
import { openPipeChannel, openPortChannel } from "./child-channel.ts";
import { runChild } from "./child-runtime.ts";

const port: unknown = (workerData as { readonly celeriacPort?: unknown } | null)?.celeriacPort;
runChild(port instanceof MessagePort ? openPortChannel(port) : openPipeChannel());
