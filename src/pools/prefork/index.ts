// The pool of child processes, Celery's default: each job has a process of its own kind, which can be killed whatever it does.
import { ChildPool } from "../../pool/child-pool.ts";
import type { ExecutionPool, PoolOptions } from "../../pool/contract.ts";
import { createProcessSpawner } from "./process-spawner.ts";

/** Makes a pool whose jobs run in child processes. */
export function createPool(options: PoolOptions): ExecutionPool {
  return new ChildPool({ name: "prefork", spawner: createProcessSpawner(options.clock) }, options);
}
