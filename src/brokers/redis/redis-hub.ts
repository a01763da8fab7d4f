// What all broker connections of this process to one Redis share: the deliveries that are held, the consumers, and what one turn of the event loop sends.
// Deliveries belong to the process and not to a connection, so the hub outlives the sockets: when they are lost, everybody is told, and the next `open`
// connects anew. States: unconnected, connected, closed.
import { randomBytes } from "node:crypto";
import type { ConsumeParams, Publication, Settlement } from "../../broker/contract.ts";
import { acquireRedis, type RedisLease, type RedisStore } from "../../stores/redis/acquire-redis.ts";
import { type RedisConnection, type RedisReply, scriptCommand } from "../../stores/redis/redis-connection.ts";
import { RedisFailure } from "../../stores/redis/redis-failure.ts";
import type { RedisTarget } from "../../stores/redis/redis-target.ts";
import type { RedisBrokerOptions } from "./broker-options.ts";
import { keepUnreadable, refuse } from "./dead-letter.ts";
import { readEnvelope } from "./envelope.ts";
import { Fanout, type Notice } from "./fanout.ts";
import { fetchArguments, type Look, NOTHING_FOUND, type PreparedLook, readFetched } from "./fetch-messages.ts";
import { Keys } from "./keys.ts";
import { Lease } from "./lease.ts";
import { ListWaiter } from "./list-waiter.ts";
import { park } from "./park.ts";
import type { QueueEntry } from "./queue-entry.ts";
import { QueueRegistry } from "./queue-registry.ts";
import { type ConsumerHost, type Found, RedisConsumer } from "./redis-consumer.ts";
import { type Holder, RedisDelivery } from "./redis-delivery.ts";
import { RedisPublisher } from "./redis-publisher.ts";
import { restoreUnknown } from "./restore.ts";
import { markRedelivered, marksOf } from "./rewrite-envelope.ts";
import { FETCH } from "./scripts/fetch.ts";
import { RENEW_LEASE } from "./scripts/owners.ts";
import { ACKNOWLEDGE, GIVE_BACK } from "./scripts/settle.ts";
import { SettleBatch } from "./settle-batch.ts";
import { Sweeper } from "./sweeper.ts";

const GONE: Promise<boolean> = Promise.resolve(false);

/** The broker's side of a Redis in this process. */
export class RedisHub implements ConsumerHost {
  readonly keys: Keys;
  readonly options: RedisBrokerOptions;
  readonly registry: QueueRegistry;
  readonly fanout: Fanout;
  readonly lease: Lease;
  /** This process, as other processes know it. */
  readonly owner: string = randomBytes(12).toString("base64url");
  /** Connections that use it. */
  users = 0;
  /** Told when Redis is lost. */
  readonly onLost: Set<(error: RedisFailure) => void> = new Set();
  readonly #target: RedisTarget;
  readonly #held = new Map<string, RedisDelivery>();
  readonly #consumers = new Set<RedisConsumer>();
  readonly #publisher: RedisPublisher;
  readonly #settlements: SettleBatch;
  readonly #sweeper: Sweeper;
  #fetches: (() => void)[] = [];
  #redis: RedisLease | undefined;
  #opening: Promise<void> | undefined;
  #flushing = false;
  #order = 0;
  #consumerCount = 0;
  #wasConnected = false;
  #looks = 0;
  #arrivals = 0;
  #mayHaveUnknown = false;

  constructor(target: RedisTarget, options: RedisBrokerOptions) {
    this.#target = target;
    this.options = options;
    this.keys = new Keys(options);
    this.registry = new QueueRegistry(this.keys, () => this.connection);
    this.fanout = new Fanout(this.keys, () => this.store.dedicated(), {
      onCopy: (queue) => this.#wakeConsumersOf(queue, (consumer) => consumer.pump()),
      onNotice: (notice) => this.#hear(notice),
    });
    this.lease = new Lease(
      { target, owner: this.owner, leaseMs: options.leaseMs, visibilityTimeoutMs: options.visibilityTimeoutMs },
      this.keys,
    );
    this.#publisher = new RedisPublisher(this);
    this.#settlements = new SettleBatch(this.keys, (delivery) => this.hold(delivery));
    this.#sweeper = new Sweeper(this);
  }

  get queueOrder(): RedisBrokerOptions["queueOrder"] {
    return this.options.queueOrder;
  }

  /** The open Redis. @throws RedisFailure where there is none */
  get store(): RedisStore {
    if (this.#redis === undefined) throw new RedisFailure("lost", "", "the connection to Redis was lost or closed");
    return this.#redis.store;
  }

  /** The socket for commands. @throws RedisFailure where there is none */
  get connection(): RedisConnection {
    return this.store.connection;
  }

  /** Whether it must outlive its sockets: something is to be settled, or was fetched and did not arrive. */
  get isNeeded(): boolean {
    return this.#held.size > 0 || this.#mayHaveUnknown;
  }

  get isConnected(): boolean {
    return this.#redis !== undefined;
  }

  /** Connects, unless it is. */
  open(): Promise<void> {
    if (this.#redis !== undefined) return Promise.resolve();
    this.#opening ??= this.#open().finally(() => (this.#opening = undefined));
    return this.#opening;
  }

  /** Ends. What was held has been given back, or is lost with the connection. */
  async close(): Promise<void> {
    this.#sweeper.stop();
    await this.lease.stop();
    const redis = this.#redis;
    this.#redis = undefined;
    try {
      // Where that fails, the lease runs out by itself; its end is no death then, since nothing is held.
      if (redis !== undefined && this.lease.isHeld && this.#held.size === 0)
        await redis.store.connection.call("ZREM", this.keys.owners, this.owner);
    } finally {
      redis?.release();
    }
  }

  /** A name for a connection or consumer of this process. */
  nextName(): string {
    return `${this.owner}/${++this.#consumerCount}`;
  }

  /** Publishes; resolves when Redis has all of them. */
  publish(publications: readonly Publication[]): Promise<void> {
    return this.#publisher.publish(publications);
  }

  /** Takes one message. */
  async get(queue: QueueEntry, noAck: boolean, holder: Holder): Promise<RedisDelivery | undefined> {
    if (this.fanout.has(queue.name)) {
      await this.fanout.sync();
      const [copy] = this.takeCopies(queue, 1, noAck, holder);
      if (copy !== undefined) return copy;
    }
    for (;;) {
      const { deliveries, more } = await this.fetch([queue], 1, noAck, holder);
      if (deliveries[0] !== undefined || !more) return deliveries[0]; // what cannot be read is put aside, and the next one tried
    }
  }

  /** Starts a consumer of these queues. */
  async consume(params: ConsumeParams, queues: readonly QueueEntry[]): Promise<RedisConsumer> {
    await this.lease.ensure(() => this.connection);
    await this.fanout.listenToNotices();
    const consumer = new RedisConsumer(this, params, this.nextName());
    this.#consumers.add(consumer);
    this.#sweeper.start();
    for (const queue of queues) await this.attach(consumer, queue);
    return consumer;
  }

  /** Has a consumer take from a queue. */
  async attach(consumer: RedisConsumer, queue: QueueEntry): Promise<void> {
    await this.connection.call("SADD", this.keys.consumers(queue.name), consumer.name);
    this.fanout.countConsumer(queue.name, 1);
    await consumer.attach(queue);
  }

  async addQueue(consumer: RedisConsumer, name: string): Promise<void> {
    if (consumer.cancelled || consumer.queues.some((queue) => queue.name === name)) return;
    await this.attach(consumer, await this.registry.require(name));
  }

  async removeQueue(consumer: RedisConsumer, queue: QueueEntry): Promise<void> {
    this.fanout.countConsumer(queue.name, -1);
    const left = await this.registry.countConsumers(queue.name, consumer.name);
    if (left === 0 && queue.queue.autoDelete === true) await this.deleteQueue(queue);
  }

  async removeConsumer(consumer: RedisConsumer): Promise<void> {
    if (!this.#consumers.delete(consumer)) return;
    if (this.#consumers.size === 0) this.#sweeper.stop();
    if (this.#redis === undefined) return;
    for (const queue of consumer.queues) await this.removeQueue(consumer, queue);
  }

  /** Deletes a queue and ends its consuming. */
  async deleteQueue(queue: QueueEntry): Promise<void> {
    await this.registry.delete(queue);
    await this.#drop(queue.name, queue.id);
  }

  /** Ends the consuming of a queue that was deleted. */
  async #drop(name: string, id: string): Promise<void> {
    await this.fanout.forget(name);
    for (const consumer of this.#consumers) {
      const consumed = consumer.queues.find((at) => at.name === name && at.id === id);
      if (consumed !== undefined) await consumer.tellGone(consumed, "the queue was deleted");
    }
  }

  /** Ends the consuming of queues that others have deleted. Told by the sweeper. */
  async dropGoneQueues(existing: ReadonlyMap<string, string>): Promise<void> {
    for (const consumer of this.#consumers) {
      for (const queue of consumer.queues.filter(({ name, id }) => id !== "" && existing.get(name) !== id))
        await this.#drop(queue.name, queue.id);
    }
  }

  listsOf(queue: QueueEntry): readonly string[] {
    return this.keys.lists(queue.name);
  }

  fetch(queues: readonly QueueEntry[], limit: number, noAck: boolean, holder: Holder, atOnce = false): Promise<Found> {
    const look: Look = { keys: this.keys, queues, limit, noAck, owner: this.owner, start: this.#order, holder };
    this.#order += limit;
    if (atOnce) return this.#fetchNow(look);
    return new Promise((resolve, reject) => {
      this.#fetches.push(() => void this.#fetchNow(look).then(resolve, reject));
      this.requestFlush();
    });
  }

  async #fetchNow(look: Look): Promise<Found> {
    const { noAck } = look;
    // The script is sent behind the first renewal of the lease, on the same connection.
    const ready = noAck ? undefined : this.lease.ensure(() => this.connection);
    const fetched = this.connection.run(FETCH, ...fetchArguments(look));
    this.#looks++;
    const [reply] = await Promise.all([fetched, ready]).finally(() => this.#looks--);
    return this.#take(look, reply);
  }

  prepareLook(queues: readonly QueueEntry[], limit: number, holder: Holder): PreparedLook {
    const look: Look = { keys: this.keys, queues, limit, noAck: false, owner: this.owner, start: this.#order, holder };
    this.#order += limit;
    this.#looks++;
    return {
      command: scriptCommand(FETCH, ...fetchArguments(look)),
      read: async (reply) => {
        this.#looks--;
        return reply === undefined || reply instanceof RedisFailure ? NOTHING_FOUND : this.#take(look, reply);
      },
      putBack: async (reply) => {
        this.#looks--;
        if (reply === undefined || reply instanceof RedisFailure) return;
        const { deliveries, unreadable } = readFetched(look, reply);
        const settled = deliveries.map((delivery) => this.#settlements.giveBack(delivery, delivery.text));
        this.requestFlush();
        await Promise.all(settled);
        for (const at of unreadable) await keepUnreadable(this, at, false);
      },
    };
  }

  async #take(look: Look, reply: RedisReply): Promise<Found> {
    const found = readFetched(look, reply);
    if (found.leaseIsOver) await this.#renewLease();
    if (!look.noAck) for (const delivery of found.deliveries) this.hold(delivery);
    if (found.unreadable.length === 0) return found;
    for (const unreadable of found.unreadable) await keepUnreadable(this, unreadable, look.noAck);
    return { ...found, more: true };
  }

  /** After a pause that was too long: what was held has been given to others by now. */
  async #renewLease(): Promise<void> {
    this.lease.forgetRenewal();
    await this.lease.ensure(() => this.connection);
  }

  takeCopies(queue: QueueEntry, limit: number, noAck: boolean, holder: Holder): readonly RedisDelivery[] {
    if (!this.fanout.has(queue.name)) return [];
    const copies = this.fanout.take(queue.name, limit, holder, () => ++this.#order);
    if (!noAck) for (const copy of copies) this.hold(copy);
    return copies;
  }

  async openWaiter(lists: readonly string[], pops: boolean, consumer: RedisConsumer): Promise<ListWaiter> {
    const connection = await this.store.dedicated();
    const clientId = Number(await connection.call("CLIENT", "ID"));
    const waiter = new ListWaiter(connection, clientId, lists, pops, {
      onWake: (reply, look, looked) => void consumer.onWake(reply, look, looked),
      onRefused: (error, look, looked) => void consumer.onRefused(error, look, looked),
    });
    return waiter;
  }

  async closeWaiter(waiter: ListWaiter): Promise<void> {
    if (this.#redis === undefined) return;
    const late = await waiter.stop(this.connection);
    await late?.look?.putBack(late.looked);
    if (late?.look === undefined && Array.isArray(late?.popped)) {
      const [key, text] = late.popped as readonly RedisReply[];
      // Popped by a BRPOP, when nobody wanted it any more.
      if (typeof key === "string" && typeof text === "string") await this.connection.call("RPUSH", key, text);
    }
    this.store.discard(waiter.connection);
  }

  async readPopped(reply: RedisReply, queues: readonly QueueEntry[], holder: Holder): Promise<readonly RedisDelivery[]> {
    const [key, text] = Array.isArray(reply) ? (reply as readonly RedisReply[]) : [];
    const source = queues.find((queue) => typeof key === "string" && this.keys.lists(queue.name).includes(key));
    if (source === undefined || typeof text !== "string") return [];
    const order = ++this.#order;
    try {
      return [new RedisDelivery(`celeriac:${this.owner}:0:${order}`, text, readEnvelope(text), { source, step: 0, holder, order })];
    } catch (error) {
      await keepUnreadable(this, { field: "", text, queue: source, reason: (error as Error).message }, true);
      return [];
    }
  }

  /** Ends a delivery; see the contract. */
  settle(tag: number | string, settlement: Settlement): Promise<boolean> {
    const delivery = this.#held.get(String(tag));
    if (delivery === undefined) return GONE;
    this.#held.delete(delivery.tag);
    delivery.holder.held--;
    if (delivery.holder instanceof RedisConsumer) delivery.holder.pump();
    if (Fanout.isCopy(tag)) return this.#settleCopy(delivery, settlement);
    this.requestFlush();
    switch (settlement.kind) {
      case "ack":
        return this.#settlements.acknowledge(delivery);
      case "reject":
        return delivery.source.queue.arguments?.["x-dead-letter-exchange"] === undefined
          ? this.#settlements.acknowledge(delivery)
          : this.#held1(delivery, refuse(this, delivery));
      case "requeue":
        return this.#requeue(delivery, settlement);
    }
  }

  /** Notes a delivery as held. */
  hold(delivery: RedisDelivery): void {
    delivery.order = ++this.#arrivals;
    this.#held.set(delivery.tag, delivery);
    delivery.holder.held++;
    if (delivery.holder instanceof RedisConsumer) this.lease.startThread();
  }

  /** Gives back, uncounted, what these hold. */
  async giveBack(isHolder: (holder: Holder) => boolean): Promise<void> {
    const theirs = [...this.#held.values()].filter((delivery) => isHolder(delivery.holder));
    await Promise.all(theirs.map((delivery) => this.settle(delivery.tag, { kind: "requeue" })));
  }

  async #open(): Promise<void> {
    const redis = await acquireRedis(this.#target);
    try {
      const { connection } = redis.store;
      await connection.load([RENEW_LEASE, FETCH, ACKNOWLEDGE, GIVE_BACK]).catch((error: unknown) => {
        // A user without SCRIPT may still have EVAL, by which scripts are loaded one by one.
        if (error instanceof RedisFailure && error.kind === "lost") throw error;
      });
      if (this.#wasConnected) {
        // What was fetched when the connection was cut, and whose reply never came.
        const context = { connection, keys: this.keys, options: this.options };
        await restoreUnknown(context, this.owner, (field) => this.#held.has(field));
        this.#mayHaveUnknown = false;
      }
    } catch (error) {
      redis.release();
      throw error;
    }
    this.#redis = redis;
    this.#wasConnected = true;
    redis.store.onLost((error) => this.#lose(redis, error));
  }

  #lose(redis: RedisLease, error: RedisFailure): void {
    if (this.#redis !== redis) return;
    this.#redis = undefined;
    if (this.#looks > 0) this.#mayHaveUnknown = true;
    this.#sweeper.stop();
    this.lease.forgetRenewal();
    for (const consumer of this.#consumers) consumer.abandon();
    this.#consumers.clear();
    this.fanout.reset();
    redis.release();
    for (const listener of this.onLost) listener(error);
  }

  #requeue(delivery: RedisDelivery, { death, visibleAt }: Settlement & { readonly kind: "requeue" }): Promise<boolean> {
    const isParking = visibleAt !== undefined && death === undefined;
    const text = isParking ? delivery.text : markRedelivered(delivery.text, marksOf(delivery.deaths, death));
    if (visibleAt === undefined) return this.#settlements.giveBack(delivery, text);
    return this.#held1(delivery, park(this, { queue: delivery.source, step: delivery.step, text, visibleAt, field: delivery.tag }));
  }

  /** A settlement by a script of its own; where it fails, the delivery is held as before. */
  async #held1(delivery: RedisDelivery, settled: Promise<boolean>): Promise<boolean> {
    try {
      return await settled;
    } catch (error) {
      this.hold(delivery);
      throw error;
    }
  }

  #settleCopy(delivery: RedisDelivery, settlement: Settlement): Promise<boolean> {
    if (settlement.kind === "requeue") {
      const { death, visibleAt } = settlement;
      if (visibleAt === undefined) this.fanout.giveBack(delivery, marksOf(delivery.deaths, death));
      else {
        // A copy lives in this process only, and so does its waiting.
        setTimeout(
          () => this.fanout.giveBack(delivery, death === undefined ? undefined : marksOf(delivery.deaths, death)),
          Math.max(0, visibleAt - Date.now()),
        ).unref();
      }
    }
    return Promise.resolve(true);
  }

  /** Has what waits sent at the end of this turn. */
  requestFlush(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    setImmediate(() => {
      this.#flushing = false;
      this.#flush();
    });
  }

  /** Sends what this turn has brought, in one write. */
  #flush(): void {
    const fetches = this.#fetches;
    this.#fetches = [];
    const connection = this.#redis?.store.connection;
    if (connection === undefined) {
      const error = new RedisFailure("lost", "", "the connection to Redis was lost");
      this.#publisher.batch.fail(error);
      this.#settlements.fail(error);
      for (const fetch of fetches) fetch();
      return;
    }
    connection.together(() => {
      if (!this.#publisher.batch.isEmpty) this.#publisher.batch.send(connection);
      if (!this.#settlements.isEmpty) this.#settlements.send(connection);
      for (const fetch of fetches) fetch();
    });
  }

  #hear({ queue, due, gone }: Notice): void {
    if (due !== undefined) this.#wakeConsumersOf(queue, (consumer) => consumer.dueIn(due - Date.now())); // the script asks Redis' clock; this only says when to ask
    if (gone !== undefined) void this.#drop(queue, gone).catch(() => undefined); // the sweeper looks again
  }

  #wakeConsumersOf(queue: string, wake: (consumer: RedisConsumer) => void): void {
    for (const consumer of this.#consumers) if (consumer.queues.some(({ name }) => name === queue)) wake(consumer);
  }
}
