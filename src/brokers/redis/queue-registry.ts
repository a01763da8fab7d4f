// Queues, exchanges and bindings. kombu keeps only bindings in Redis; what else AMQP knows of a queue (its properties, who consumes it) is noted in keys of
// our own beside them, which Python's programs do not look at. A queue that only Python has declared is known by its bindings.
import { randomBytes } from "node:crypto";
import type { Binding, Exchange, Queue, QueueInfo } from "../../broker/contract.ts";
import { refuseRedeclaration, sameExchange, sameQueue } from "../../broker/virtual/redeclaration.ts";
import { BrokerError } from "../../errors/celeriac-error.ts";
import type { RedisCommand, RedisConnection, RedisReply } from "../../stores/redis/redis-connection.ts";
import { RedisFailure } from "../../stores/redis/redis-failure.ts";
import { type Keys, kombuPattern } from "./keys.ts";
import { type QueueEntry, queueEntry } from "./queue-entry.ts";
import { COUNT_CONSUMERS } from "./scripts/owners.ts";
import { PURGE_PARKED } from "./scripts/purge.ts";

const SCANNED_AT_ONCE = 1000;
const PURGED_AT_ONCE = 500;

interface QueueRecord {
  readonly queue: Queue;
  readonly owner?: string;
}

/** The topology, as it is in Redis. Nothing is kept here: other processes change it too. */
export class QueueRegistry {
  readonly #keys: Keys;
  readonly #connection: () => RedisConnection;

  constructor(keys: Keys, connection: () => RedisConnection) {
    this.#keys = keys;
    this.#connection = connection;
  }

  /** The queue of this name, if there is one. */
  async find(name: string): Promise<QueueEntry | undefined> {
    const record = await this.#connection().call("HGET", this.#keys.queues, name);
    if (typeof record === "string") return readRecord(name, record);
    return (await this.#isBoundByPython(name)) ? queueEntry({ name }, "", undefined) : undefined;
  }

  /** The queue of this name. @throws BrokerError where there is none */
  async require(name: string): Promise<QueueEntry> {
    const entry = await this.find(name);
    if (entry === undefined) throw new BrokerError("CELERIAC_QUEUE_NOT_FOUND", { queue: name, hint: "declare it first" });
    return entry;
  }

  /** Declares an exchange. @throws BrokerError where it exists with other properties */
  async declareExchange(exchange: Exchange): Promise<void> {
    if (await this.#checkExchange(exchange))
      await this.#connection().call("HSETNX", this.#keys.exchanges, exchange.name, JSON.stringify(exchange));
  }

  /** Deletes an exchange with its bindings. */
  async deleteExchange(name: string): Promise<void> {
    await this.#connection().transaction([
      ["DEL", this.#keys.binding(name)],
      ["HDEL", this.#keys.exchanges, name],
    ]);
  }

  /**
   * Declares a queue, the exchanges of its bindings and the bindings; a queue that is refused changes nothing.
   * @param owner the connection that it is to be exclusive to
   */
  async declareQueue(queue: Queue, owner: string | undefined): Promise<QueueEntry> {
    const { bindings = [], ...properties } = queue;
    const isNew = await Promise.all(bindings.map((binding) => this.#checkExchange(binding.exchange)));
    const record: QueueRecord = { queue: properties, ...(owner !== undefined && { owner }) };
    const text = `${randomBytes(12).toString("base64url")} ${JSON.stringify(record)}`;
    const [, kept, ...lengths] = await this.#all([
      ["HSETNX", this.#keys.queues, queue.name, text],
      ["HGET", this.#keys.queues, queue.name],
      // A key of another type is found now, and not by the worker that consumes it.
      ...this.#keys.lists(queue.name).map((key): RedisCommand => ["LLEN", key]),
    ]).catch(async (error: unknown) => {
      await this.#forgetNew(queue.name, text);
      throw error;
    });
    if (lengths.length === 0 || typeof kept !== "string")
      throw new RedisFailure("unavailable", "", `the queue ${queue.name} went while it was declared`);
    const entry = readRecord(queue.name, kept);
    if (!sameQueue(entry.queue, properties))
      refuseRedeclaration(`declaring the queue ${JSON.stringify(queue.name)}`, entry.queue, properties);
    for (const [i, binding] of bindings.entries()) if (isNew[i] === true) await this.declareExchange(binding.exchange);
    await this.#all(bindings.map((binding) => this.#bindCommand(queue.name, binding)).filter((command) => command !== undefined));
    return entry;
  }

  /** Binds a queue. */
  async bind(name: string, binding: Binding): Promise<void> {
    await this.require(name);
    const command = this.#bindCommand(name, binding);
    await this.declareExchange(binding.exchange);
    if (command !== undefined) await this.#all([command]);
  }

  /** Takes a binding away; an exchange with autoDelete goes with its last. */
  async unbind(name: string, binding: Binding): Promise<void> {
    await this.require(name);
    const { exchange, routingKey } = binding;
    await this.#connection().call(
      "SREM",
      this.#keys.binding(exchange.name),
      this.#keys.bindingMember(routingKey, patternOf(exchange, routingKey), name),
    );
    await this.#removeUnboundExchanges([exchange.name]);
  }

  /** Deletes a queue with its messages, bindings and record. */
  async delete(entry: QueueEntry): Promise<void> {
    const { name } = entry;
    await this.#purgeParked(name);
    const bound = await this.#bindingsOf(name);
    await this.#connection().transaction([
      ["HDEL", this.#keys.queues, name],
      ["DEL", ...this.#keys.lists(name), this.#keys.due(name), this.#keys.consumers(name)],
      ...bound.map(({ exchange, member }): RedisCommand => ["SREM", this.#keys.binding(exchange), member]),
      ["PUBLISH", this.#keys.notices, JSON.stringify({ queue: name, gone: entry.id })],
    ]);
    await this.#removeUnboundExchanges(bound.map(({ exchange }) => exchange));
  }

  /** What is known of a queue. */
  async info(name: string): Promise<QueueInfo> {
    const [consumers, ...counts] = await Promise.all([
      this.countConsumers(name),
      ...this.#keys.lists(name).map((key) => this.#connection().call("LLEN", key)),
      this.#connection().call("ZCARD", this.#keys.due(name)),
    ]);
    return { name, messages: counts.reduce<number>((sum, count) => sum + Number(count), 0), consumers };
  }

  /** All queues that we or Python have declared. */
  async list(): Promise<readonly QueueInfo[]> {
    const names = new Set(textsOf(await this.#connection().call("HKEYS", this.#keys.queues)));
    const skip = this.#keys.bindingPrefix.length;
    for await (const key of this.#scanKeys(`${escapeGlob(this.#keys.bindingPrefix)}*`)) {
      const members = textsOf(await this.#connection().call("SMEMBERS", key));
      for (const member of members) names.add(this.#keys.splitBinding(member).queue);
      if (key.length === skip) names.delete("");
    }
    return Promise.all([...names].filter((name) => name !== "").map((name) => this.info(name)));
  }

  /** Removes the waiting messages, parked ones included; resolves to their number. */
  async purge(name: string): Promise<number> {
    const lists = this.#keys.lists(name);
    const replies = await this.#connection().transaction(
      lists.flatMap((key): RedisCommand[] => [
        ["LLEN", key],
        ["DEL", key],
      ]),
    );
    const waiting = replies.filter((_, i) => i % 2 === 0).reduce<number>((sum, length) => sum + Number(length), 0);
    return waiting + (await this.#purgeParked(name));
  }

  /**
   * How many living consumers of ours a queue has; Python's cannot be seen.
   * @param leaving a consumer that leaves
   * @param forgetsDead whether those of dead processes are removed
   */
  async countConsumers(name: string, leaving = "", forgetsDead = false): Promise<number> {
    return Number(
      await this.#connection().run(COUNT_CONSUMERS, [this.#keys.consumers(name), this.#keys.owners], [leaving, forgetsDead ? 1 : 0]),
    );
  }

  /** All records of queues. */
  async entries(): Promise<readonly QueueEntry[]> {
    const flat = textsOf(await this.#connection().call("HGETALL", this.#keys.queues));
    const entries: QueueEntry[] = [];
    for (let i = 0; i + 1 < flat.length; i += 2) entries.push(readRecord(flat[i] ?? "", flat[i + 1] ?? ""));
    return entries;
  }

  /** Checks an exchange against what is declared; returns whether it is new. */
  async #checkExchange(exchange: Exchange): Promise<boolean> {
    const operation = `declaring the exchange ${JSON.stringify(exchange.name)}`;
    if (exchange.type === "headers") {
      throw new BrokerError("CELERIAC_BROKER_REFUSED", {
        operation,
        reason: "Redis has no exchanges of the type headers; use direct, topic or fanout, or RabbitMQ, which has them",
      });
    }
    if (exchange.name === "") {
      if (exchange.type === "direct") return false;
      throw new BrokerError("CELERIAC_BROKER_REFUSED", {
        operation,
        reason: "the default exchange always exists and is of the type direct",
      });
    }
    const kept = await this.#connection().call("HGET", this.#keys.exchanges, exchange.name);
    if (typeof kept !== "string") return true;
    const known = JSON.parse(kept) as Exchange; // written by declareExchange
    if (!sameExchange(known, exchange)) refuseRedeclaration(operation, known, exchange);
    return false;
  }

  #bindCommand(queue: string, { exchange, routingKey }: Binding): RedisCommand | undefined {
    if (exchange.name !== "") {
      return ["SADD", this.#keys.binding(exchange.name), this.#keys.bindingMember(routingKey, patternOf(exchange, routingKey), queue)];
    }
    // Every queue is bound to the default exchange by its own name, and in no other way.
    if (routingKey === queue) return undefined;
    throw new BrokerError("CELERIAC_BROKER_REFUSED", {
      operation: `binding the queue ${JSON.stringify(queue)} to the default exchange by ${JSON.stringify(routingKey)}`,
      reason: "the default exchange knows each queue by its own name only; name an exchange",
    });
  }

  /** Where a name is bound: in the exchanges that we know of, and in the one of its own name, which is how Celery binds its queues. */
  async #bindingsOf(name: string): Promise<readonly { readonly exchange: string; readonly member: string }[]> {
    const exchanges = [...new Set([name, "celery", ...textsOf(await this.#connection().call("HKEYS", this.#keys.exchanges))])];
    const sets = await this.#all(exchanges.map((exchange): RedisCommand => ["SMEMBERS", this.#keys.binding(exchange)]));
    return exchanges.flatMap((exchange, i) =>
      textsOf(sets[i] ?? null)
        .filter((member) => this.#keys.splitBinding(member).queue === name)
        .map((member) => ({ exchange, member })),
    );
  }

  async #isBoundByPython(name: string): Promise<boolean> {
    return (await this.#bindingsOf(name)).length > 0;
  }

  async #removeUnboundExchanges(names: readonly string[]): Promise<void> {
    for (const name of new Set(names)) {
      const [record, count] = await this.#all([
        ["HGET", this.#keys.exchanges, name],
        ["SCARD", this.#keys.binding(name)],
      ]);
      if (typeof record !== "string" || count !== 0) continue;
      if ((JSON.parse(record) as Exchange).autoDelete === true) await this.#connection().call("HDEL", this.#keys.exchanges, name); // written by declareExchange
    }
  }

  async #purgeParked(name: string): Promise<number> {
    let purged = 0;
    for (;;) {
      const reply = await this.#connection().run(
        PURGE_PARKED,
        [this.#keys.unacked, this.#keys.index, this.#keys.due(name)],
        [PURGED_AT_ONCE],
      );
      const [seen = 0, removed = 0] = Array.isArray(reply) ? (reply as readonly number[]) : [];
      purged += removed;
      if (seen < PURGED_AT_ONCE) return purged;
    }
  }

  async #forgetNew(name: string, text: string): Promise<void> {
    const kept = await this.#connection().call("HGET", this.#keys.queues, name);
    if (kept === text) await this.#connection().call("HDEL", this.#keys.queues, name);
  }

  async *#scanKeys(pattern: string): AsyncGenerator<string> {
    let cursor = "0";
    do {
      const reply = await this.#connection().call("SCAN", cursor, "MATCH", pattern, "COUNT", SCANNED_AT_ONCE);
      const [next, keys] = Array.isArray(reply) ? (reply as readonly RedisReply[]) : [];
      yield* textsOf(keys ?? null);
      cursor = String(next as string);
    } while (cursor !== "0");
  }

  /** The replies to commands. @throws RedisFailure the first that failed */
  async #all(commands: readonly RedisCommand[]): Promise<readonly RedisReply[]> {
    const replies = await this.#connection().send(commands);
    return replies.map((reply) => {
      if (reply instanceof RedisFailure) throw reply;
      return reply;
    });
  }
}

/** The texts of a reply that is a list of them. */
export function textsOf(reply: RedisReply): string[] {
  return Array.isArray(reply) ? (reply as readonly RedisReply[]).filter((item): item is string => typeof item === "string") : [];
}

/** A text as part of a glob pattern of Redis. */
export function escapeGlob(text: string): string {
  return text.replace(/[*?[\]\\]/g, "\\$&");
}

function patternOf(exchange: Exchange, routingKey: string): string {
  return exchange.type === "topic" ? kombuPattern(routingKey) : "";
}

function readRecord(name: string, text: string): QueueEntry {
  const space = text.indexOf(" ");
  const { queue, owner } = JSON.parse(text.slice(space + 1)) as QueueRecord; // written by declareQueue
  return queueEntry({ ...queue, name }, text.slice(0, space), owner);
}
