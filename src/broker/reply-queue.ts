import type { Queue } from "./contract.ts";

/**
 * The queue in which the sender of tasks waits for their results, with the `rpc://` backend: as Celery declares it, reached by its name alone. It must be there
 * before the first task is sent, or the results find nowhere to go.
 * @param replyTo what the tasks' messages have in their property `reply_to`
 * @param expiresMs the setting `resultExpires`, in milliseconds; null: for ever
 */
export function replyQueue(replyTo: string, expiresMs: number | null): Queue {
  return { name: replyTo, durable: false, autoDelete: true, ...(expiresMs !== null && expiresMs > 0 && { expiresMs }) };
}
