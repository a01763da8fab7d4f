import { provided } from "./service-context.ts";

/** The URL of the RabbitMQ server that all tests share. Each test keeps to queues with names of its own, and deletes them. */
export function amqpUrl(): string {
  return provided("celeriacAmqpUrl");
}
