import type { Step } from "../../bootsteps/step.ts";
import { Consumer } from "../consumer/consumer.ts";
import { TaskEngine } from "../task-engine.ts";
import type { Worker } from "../worker.ts";

/** The consumer: the last to start and the first to stop. */
export function consumerStep(): Step<Worker> {
  return {
    name: "consumer",
    requires: ["pool"],
    last: true,
    async create(worker) {
      const { app, host, pool, options, logger, clock } = worker;
      if (!host || !pool) return;
      const backend = await app.connections.backend();
      const engine = new TaskEngine({ app, host, pool, options, logger, clock, store: (entries) => backend.storeMany(entries) });
      worker.consumer = new Consumer(worker, engine, worker.consumerSteps);
    },
    start: (worker) => worker.consumer?.start(),
    close: (worker) => worker.consumer?.stopTaking(),
    stop: (worker) => worker.consumer?.stop("stop"),
    terminate: (worker) => worker.consumer?.stop("terminate"),
  };
}
