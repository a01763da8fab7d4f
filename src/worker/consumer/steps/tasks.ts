import type { Step } from "../../../bootsteps/step.ts";
import type { Consumer } from "../consumer.ts";

/** The queues: declared on each connection, and emptied before the first use where the worker was told to. */
export function tasksStep(): Step<Consumer> {
  let purged = false;
  return {
    name: "tasks",
    requires: ["connection"],
    async start(consumer) {
      const { worker, broker } = consumer;
      if (!broker) return;
      for (const { queue } of worker.queues) await broker.declare(queue);
      if (!worker.options.purge || purged) return;
      let count = 0;
      for (const { queue } of worker.queues) count += await broker.purge(queue.name);
      purged = true;
      worker.logger.warn(
        { count },
        `purge: Erased ${count} messages from the queues ${worker.queues.map((queue) => queue.name).join(", ")}`,
      );
    },
    info: ({ worker, engine }) => ({
      queues: worker.queues.map((queue) => queue.name),
      prefetch: engine.prefetch.count,
      total: engine.active.startedTotal,
    }),
  };
}
