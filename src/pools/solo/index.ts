// The pool that runs one job at a time in the worker's own process: for debugging, and where order matters more than speed.
import type { ExecutionPool, PoolOptions } from "../../pool/contract.ts";
import { InProcessPool } from "../../pool/in-process-pool.ts";

/** Makes a pool that runs one job at a time in this process, whatever `concurrency` says. */
export function createPool(options: PoolOptions): ExecutionPool {
  return new InProcessPool({ name: "solo", isConcurrent: false }, options);
}
