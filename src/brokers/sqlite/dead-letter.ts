import type { SqliteDelivery } from "./message-row.ts";
import type { SqliteBrokerHub } from "./sqlite-broker-hub.ts";

const COPY = `INSERT INTO messages (queue, priority, exchange, routing_key, meta, body, child_deaths, worker_deaths)
  SELECT ?, priority, ?, ?, meta, body, child_deaths, worker_deaths FROM messages WHERE lease = ? AND id = ?`;

/**
 * Copies a refused message to where the arguments `x-dead-letter-exchange` and `x-dead-letter-routing-key` of its queue say, if there
 * are any. The row itself is removed by the caller. In a transaction.
 */
export function copyDeadLetter(hub: SqliteBrokerHub, delivery: SqliteDelivery): void {
  const { "x-dead-letter-exchange": exchange, "x-dead-letter-routing-key": key } = delivery.source.queue.arguments ?? {};
  if (typeof exchange !== "string") return;
  const routingKey = typeof key === "string" ? key : delivery.routingKey;
  hub.topology.refresh();
  for (const target of hub.topology.targets(exchange, routingKey)) {
    hub.store
      .prepare(COPY)
      .run(target.id, exchange === "" ? null : exchange, routingKey === target.name ? null : routingKey, delivery.lease, delivery.id);
    hub.onInserted(target, undefined);
  }
  hub.store.wakeOthers();
}
