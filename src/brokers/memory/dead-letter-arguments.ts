// What AMQP's queue arguments `x-dead-letter-exchange` and `x-dead-letter-routing-key` do with a message that was rejected or has expired.
// Celeriac's own dead letters (broker/dead-letter.ts) do not need them; programs that come from RabbitMQ may.
import type { Publication } from "../../broker/contract.ts";
import type { StoredMessage } from "./stored-message.ts";

/** The publication that a dead message becomes; undefined where its queue does not ask for it, or where it would go in a circle without end. */
export function deadLetterOf(stored: StoredMessage, reason: "rejected" | "expired", now: number): Publication | undefined {
  const args = stored.queue.definition.arguments;
  const exchange = args?.["x-dead-letter-exchange"];
  if (typeof exchange !== "string") return undefined;
  const history = Array.isArray(stored.message.headers["x-death"])
    ? (stored.message.headers["x-death"] as readonly Record<string, unknown>[])
    : [];
  const isSame = (entry: Record<string, unknown>): boolean => entry["queue"] === stored.queue.name && entry["reason"] === reason;
  // A message that only ever expires, and comes by the same queue again, would go round for ever: RabbitMQ drops it too.
  if (reason === "expired" && history.some(isSame) && history.every((entry) => entry["reason"] === "expired")) return undefined;
  const before = history.find(isSame);
  const count = typeof before?.["count"] === "number" ? before["count"] : 0;
  const routingKey = args?.["x-dead-letter-routing-key"];
  const entry = {
    queue: stored.queue.name,
    reason,
    exchange: stored.exchange,
    "routing-keys": [stored.routingKey],
    count: count + 1,
    time: Math.floor(now / 1000),
  };
  const { expirationMs: _, ...properties } = stored.message.properties;
  return {
    exchange,
    routingKey: typeof routingKey === "string" ? routingKey : stored.routingKey,
    message: {
      ...stored.message,
      properties,
      headers: { ...stored.message.headers, "x-death": [entry, ...history.filter((at) => at !== before)] },
    },
  };
}
