// The arguments of queues and bindings, typed as Python types them, so that a declaration of the same by Celery is the same to RabbitMQ.
import type { Queue } from "../../broker/contract.ts";

const LARGEST_INT32 = 2_147_483_647;

/** The arguments of a queue, in kombu's order. */
export function queueArguments(queue: Queue): Record<string, unknown> {
  return typedTable({
    ...queue.arguments,
    ...(queue.expiresMs === undefined ? {} : { "x-expires": queue.expiresMs }),
    ...(queue.messageTtlMs === undefined ? {} : { "x-message-ttl": queue.messageTtlMs }),
    ...(queue.maxPriority === undefined ? {} : { "x-max-priority": queue.maxPriority }),
  });
}

/** A table for amqplib, in which every number says how it is to be written: 32 bits where they are enough, as py-amqp does. */
export function typedTable(table: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const typed: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(table)) if (value !== undefined) typed[name] = typedValue(value);
  return typed;
}

function typedValue(value: unknown): unknown {
  if (typeof value === "bigint") return { "!": "int64", value };
  if (typeof value === "number") {
    if (!Number.isInteger(value)) return { "!": "double", value };
    return { "!": Math.abs(value) <= LARGEST_INT32 ? "int32" : "int64", value };
  }
  if (Array.isArray(value)) return value.map(typedValue);
  if (typeof value !== "object" || value === null || Buffer.isBuffer(value)) return value;
  // A plain record.
  return typedTable(value as Readonly<Record<string, unknown>>);
}
