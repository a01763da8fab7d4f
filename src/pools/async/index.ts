// The pool that runs many jobs at once in the worker's own event loop: for tasks that wait for input and output. The cheapest there is.
import type { ExecutionPool, PoolOptions } from "../../pool/contract.ts";
import { InProcessPool } from "../../pool/in-process-pool.ts";

/** Makes a pool that runs up to `concurrency` jobs at once in this process. */
export function createPool(options: PoolOptions): ExecutionPool {
  return new InProcessPool({ name: "async", isConcurrent: true }, options);
}
