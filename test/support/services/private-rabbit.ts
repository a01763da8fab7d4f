import { provided } from "./service-context.ts";
import { PrivateRabbit, type PrivateRabbitOptions } from "./start-rabbit.ts";

/** Starts a RabbitMQ server for one test, to be killed, paused and filled; the test calls `close`. Takes a few seconds. */
export function startPrivateRabbit(options: PrivateRabbitOptions = {}): Promise<PrivateRabbit> {
  return PrivateRabbit.start(provided("celeriacRabbitServer"), options);
}
