// A declaration of what exists already must say the same about it, as in AMQP; what it leaves out counts as its default.
import { isDeepStrictEqual } from "node:util";
import { BrokerError } from "../../errors/celeriac-error.ts";
import type { Exchange, Queue } from "../contract.ts";

/** Whether two declarations of an exchange say the same. */
export function sameExchange(a: Exchange, b: Exchange): boolean {
  return isDeepStrictEqual(exchangeProperties(a), exchangeProperties(b));
}

/** Whether two declarations of a queue say the same, bindings aside: those are added. */
export function sameQueue(a: Queue, b: Queue): boolean {
  return isDeepStrictEqual(queueProperties(a), queueProperties(b));
}

/** Refuses a declaration that differs from what exists, naming what differs. */
export function refuseRedeclaration(operation: string, known: Exchange | Queue, wanted: Exchange | Queue): never {
  const [before, after] =
    "type" in known && "type" in wanted
      ? [exchangeProperties(known), exchangeProperties(wanted)]
      : [queueProperties(known), queueProperties(wanted)];
  const differing = Object.keys(before).filter((name) => !isDeepStrictEqual(before[name], after[name]));
  const parts = differing.map((name) => `${name} ${JSON.stringify(before[name])}, not ${JSON.stringify(after[name])}`);
  throw new BrokerError("CELERIAC_BROKER_REFUSED", {
    operation,
    reason: `it exists with ${parts.join(", and ")}; declare it with the same properties, or delete it first`,
  });
}

function exchangeProperties(exchange: Exchange): Record<string, unknown> {
  const { type, durable = true, autoDelete = false, arguments: args = {} } = exchange;
  return { type, durable, autoDelete, arguments: args };
}

function queueProperties(queue: Queue | Exchange): Record<string, unknown> {
  const {
    durable = true,
    exclusive = false,
    autoDelete = false,
    expiresMs = null,
    messageTtlMs = null,
    maxPriority = null,
    arguments: args = {},
  } = queue as Queue;
  return { durable, exclusive, autoDelete, expiresMs, messageTtlMs, maxPriority, arguments: args };
}
