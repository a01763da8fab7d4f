// The pool of worker threads: lighter than processes, and a thread can be ended whatever it does; but a crash of the process takes all.
import { ChildPool } from "../../pool/child-pool.ts";
import type { ExecutionPool, PoolOptions } from "../../pool/contract.ts";
import { createThreadSpawner } from "./thread-spawner.ts";

/** Makes a pool whose jobs run in worker threads. `maxMemoryPerChild` is about a thread's heap, for resident memory is shared. */
export function createPool(options: PoolOptions): ExecutionPool {
  return new ChildPool({ name: "threads", spawner: createThreadSpawner() }, options);
}
