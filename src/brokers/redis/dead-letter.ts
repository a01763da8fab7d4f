// Messages that are refused or cannot be read. A refused one goes where the queue's own arguments `x-dead-letter-exchange` and
// `x-dead-letter-routing-key` say. A list element that is no envelope is kept, byte for byte as far as it is text, with the queue's other dead letters.
import { hostname } from "node:os";
import type { OutgoingMessage } from "../../broker/contract.ts";
import { DEATH_HEADER, deadQueueOf } from "../../broker/dead-letter-record.ts";
import type { RedisConnection } from "../../stores/redis/redis-connection.ts";
import { writeEnvelope } from "./envelope.ts";
import type { Unreadable } from "./fetch-messages.ts";
import type { Keys } from "./keys.ts";
import type { QueueRegistry } from "./queue-registry.ts";
import type { RedisDelivery } from "./redis-delivery.ts";
import { setMember } from "./rewrite-envelope.ts";
import { routeAll } from "./router.ts";
import { MOVE } from "./scripts/settle.ts";

const EMPTY: OutgoingMessage = { body: "", contentType: "", contentEncoding: "", headers: {}, properties: {} };

interface Context {
  readonly connection: RedisConnection;
  readonly keys: Keys;
  readonly registry: QueueRegistry;
}

/** Ends a refused delivery whose queue names an exchange for dead letters; resolves to whether it was ours. */
export async function refuse({ connection, keys }: Context, delivery: RedisDelivery): Promise<boolean> {
  const { "x-dead-letter-exchange": exchange, "x-dead-letter-routing-key": key } = delivery.source.queue.arguments ?? {};
  const routingKey = typeof key === "string" ? key : delivery.routingKey;
  const address = { exchange: String(exchange), routingKey };
  const [route] = await routeAll(connection, keys, [{ ...address, message: EMPTY }]);
  const queues = route !== undefined && "queues" in route ? route.queues : [];
  const info = JSON.stringify({ exchange: address.exchange, routing_key: routingKey });
  const text = setMember(delivery.text, ["properties"], "delivery_info", info);
  const lists = queues.map((queue) => keys.list(queue, delivery.step));
  return (await connection.run(MOVE, [keys.unacked, keys.index, ...lists], [delivery.tag, ...lists.map(() => text)])) === 1;
}

/** Puts aside a list element that is no envelope, so that it stops nobody. */
export async function keepUnreadable(
  { connection, keys, registry }: Context,
  { field, text, queue, reason }: Unreadable,
  taken: boolean,
): Promise<void> {
  const name = deadQueueOf(queue.name);
  await registry.declareQueue({ name, durable: true }, undefined);
  const death = {
    id: field || `unreadable-${Date.now()}`,
    task: null,
    queue: queue.name,
    exchange: "",
    routingKey: queue.name,
    reason: "malformed",
    detail: `an element of the list is no message of Celery's: ${reason}`,
    time: new Date().toISOString(),
    deaths: { child: 0, worker: 0 },
    node: `${process.pid}@${hostname()}`,
  };
  const message: OutgoingMessage = {
    body: text,
    contentType: "application/data",
    contentEncoding: "binary",
    headers: { [DEATH_HEADER]: [death] },
    properties: {},
  };
  const envelope = writeEnvelope({ exchange: "", routingKey: name, message });
  const list = keys.list(name, 0);
  if (taken) await connection.call("LPUSH", list, envelope);
  else await connection.run(MOVE, [keys.unacked, keys.index, list], [field, envelope]);
  process.emitWarning(
    `an element of the queue ${queue.name} is no message of Celery's (${reason}) and is kept in ${name}`,
    "CeleriacWarning",
  );
}
