/// <reference lib="esnext.disposable" preserve="true" />
// `celeriac/worker`: running a worker from a program.
export { Worker, type StopOptions, type WorkerEnd } from "../worker/worker.ts";
export type { PoolTable, WorkerOptions } from "../worker/worker-options.ts";
export type { WorkerState } from "../worker/worker-state.ts";
export type { Consumer } from "../worker/consumer/consumer.ts";
