// From an exchange and a routing key to queues or a channel. kombu looks its bindings up for every message, and so do we, once for all of a call: other
// processes bind and unbind. Patterns of topic exchanges mean what they mean in AMQP (`*` one word, `#` any number); kombu's publishers go by the
// regular expressions beside them, in which `a.#` does not take `a`, and `a.*` takes `a.b.c`.
import type { Exchange, Publication } from "../../broker/contract.ts";
import { compileTopicPattern } from "../../broker/virtual/topic-pattern.ts";
import { BrokerError } from "../../errors/celeriac-error.ts";
import type { RedisCommand, RedisConnection } from "../../stores/redis/redis-connection.ts";
import { RedisFailure } from "../../stores/redis/redis-failure.ts";
import type { Keys } from "./keys.ts";
import { textsOf } from "./queue-registry.ts";

/** Where a publication goes: to queues, or to whoever listens to a channel. */
export type Route = { readonly queues: readonly string[] } | { readonly channel: string };

/** Finds the routes of publications, in their order. @throws BrokerError where an exchange does not exist */
export async function routeAll(connection: RedisConnection, keys: Keys, publications: readonly Publication[]): Promise<readonly Route[]> {
  const names = [...new Set(publications.map(({ exchange }) => exchange).filter((name) => name !== ""))];
  const tables = new Map<string, Table>();
  if (names.length > 0) {
    const replies = await connection.send(
      names.flatMap((name): RedisCommand[] => [
        ["HGET", keys.exchanges, name],
        ["SMEMBERS", keys.binding(name)],
      ]),
    );
    for (const [i, name] of names.entries()) {
      const [record = null, members = null] = [replies[2 * i], replies[2 * i + 1]];
      if (record instanceof RedisFailure) throw record;
      if (members instanceof RedisFailure) throw members;
      const declared = typeof record === "string" ? (JSON.parse(record) as Exchange) : undefined; // written by QueueRegistry
      tables.set(name, { type: declared?.type, bindings: textsOf(members).map((member) => keys.splitBinding(member)) });
    }
  }
  return publications.map((publication) => route(publication, tables.get(publication.exchange), keys));
}

interface Table {
  /** Undefined where only Python has bound something. */
  readonly type: Exchange["type"] | undefined;
  readonly bindings: readonly { readonly routingKey: string; readonly pattern: string; readonly queue: string }[];
}

function route({ exchange, routingKey }: Publication, table: Table | undefined, keys: Keys): Route {
  if (exchange === "") return { queues: [routingKey] };
  if (table === undefined || (table.type === undefined && table.bindings.length === 0)) {
    throw new BrokerError("CELERIAC_BROKER_REFUSED", {
      operation: `publishing to the exchange ${JSON.stringify(exchange)}`,
      reason: "there is no such exchange; declare it, or a queue that is bound to it",
    });
  }
  if (table.type === "fanout") return { channel: keys.channel(exchange, routingKey) };
  const queues = new Set<string>();
  for (const binding of table.bindings) {
    const isTopic = table.type === undefined ? binding.pattern !== "" : table.type === "topic";
    if (isTopic ? compileTopicPattern(binding.routingKey)(routingKey) : binding.routingKey === routingKey) queues.add(binding.queue);
  }
  return { queues: [...queues] };
}
