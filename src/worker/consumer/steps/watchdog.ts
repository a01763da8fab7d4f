import type { Step } from "../../../bootsteps/step.ts";
import type { Consumer } from "../consumer.ts";
import { ProgressWatchdog } from "../progress-watchdog.ts";

/** Looks whether messages still come, and rebuilds the consumer where they should and do not. */
export function watchdogStep(): Step<Consumer> {
  let watchdog: ProgressWatchdog | undefined;
  return {
    name: "watchdog",
    requires: ["tasks"],
    conditional: true,
    enabled: (consumer) => consumer.worker.options.stallTimeoutMs > 0,
    create(consumer) {
      const { worker, engine } = consumer;
      watchdog = new ProgressWatchdog({
        clock: worker.clock,
        logger: worker.logger,
        stallMs: worker.options.stallTimeoutMs,
        received: () => engine.active.receivedTotal,
        hasRoom: () => hasRoom(consumer),
        waiting: () => waiting(consumer),
        rebuild: () => consumer.restart(),
      });
    },
    start: () => watchdog?.start(),
    stop: () => watchdog?.stop(),
  };
}

/** Where deliveries do not survive their connection, a rebuild would have running tasks run twice: then nothing may be in hand. */
function hasRoom({ engine, broker }: Consumer): boolean {
  const { size } = engine.active;
  if (!broker?.capabilities.deliveriesSurviveReconnect) return size === 0;
  return engine.prefetch.count === 0 || size < engine.prefetch.count;
}

async function waiting({ worker, broker }: Consumer): Promise<number> {
  let count = 0;
  for (const { queue } of worker.queues) count += (await broker?.queueInfo(queue.name))?.messages ?? 0;
  return count;
}
