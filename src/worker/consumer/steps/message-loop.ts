import type { Step } from "../../../bootsteps/step.ts";
import type { Consumer } from "../consumer.ts";

/** Takes messages. The last step: everything that they need is there when the first one comes. */
export function messageLoopStep(): Step<Consumer> {
  return {
    name: "message-loop",
    label: "message loop",
    last: true,
    async start(consumer) {
      const { worker, engine, broker } = consumer;
      if (!broker) return;
      const taken = await broker.consume({
        queues: worker.queues.map(({ queue }) => queue.name),
        prefetch: engine.prefetch.count,
        onDeliveries: (deliveries) => engine.admitAll(deliveries),
        onCancel(queue, reason) {
          worker.logger.warn(
            { queue, reason },
            `consumer: the broker ended the consuming of the queue ${queue} (${reason}); the queue is declared and consumed anew`,
          );
          consumer.restart();
        },
      });
      consumer.taskConsumer = taken;
      engine.prefetch.attach(taken);
    },
    async stop(consumer) {
      const taken = consumer.taskConsumer;
      consumer.taskConsumer = undefined;
      consumer.engine.prefetch.detach();
      await taken?.cancel();
    },
  };
}
