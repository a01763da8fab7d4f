import type { Step } from "../../../bootsteps/step.ts";
import { WorkerError } from "../../../errors/celeriac-error.ts";
import { connectWithRetry } from "../connection-retry.ts";
import type { Consumer } from "../consumer.ts";

/** The connection to the broker: made, watched, and made known to what settles deliveries. It is the app's, which closes it. */
export function connectionStep(): Step<Consumer> {
  let stopListening: (() => void) | undefined;
  let connectedBefore = false;
  return {
    name: "connection",
    async start(consumer) {
      const { worker, engine, signal } = consumer;
      const { app, logger, clock } = worker;
      const { brokerConnectionRetry, brokerConnectionRetryOnStartup, brokerConnectionMaxRetries } = app.conf;
      const broker = await app.connections.broker("read");
      consumer.broker = broker;
      const policy = {
        retry: connectedBefore ? brokerConnectionRetry : (brokerConnectionRetryOnStartup ?? brokerConnectionRetry),
        // Celery's 0 means no limit, as null does.
        maxRetries: brokerConnectionMaxRetries || null,
      };
      try {
        await connectWithRetry(() => broker.connect(), { policy, url: broker.url, clock, logger, signal });
      } catch (error) {
        if (signal.aborted) throw error;
        throw new WorkerError(
          "CELERIAC_WORKER_UNCONNECTED",
          { url: broker.url, reason: error instanceof Error ? error.message : String(error) },
          { cause: error },
        );
      }
      connectedBefore = true;
      stopListening = broker.onLost((error) => {
        logger.warn({ err: error, url: broker.url }, "consumer: Connection to broker lost. Trying to re-establish the connection...");
        engine.detach();
        if (brokerConnectionRetry) consumer.restart();
        else worker.fail(error);
      });
      engine.attach(broker);
    },
    stop(consumer) {
      stopListening?.();
      stopListening = undefined;
      consumer.engine.detach();
    },
    info: (consumer) => ({ url: consumer.broker?.url, connected: consumer.broker?.connected ?? false }),
  };
}
