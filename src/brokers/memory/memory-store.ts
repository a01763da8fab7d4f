// What lies behind one memory:// URL: its queues, and who is served when. Publishing and settling only mark the queues that may have work;
// one round of serving follows in a microtask, or, where one has been in this turn of the event loop, in the next, so that a busy consumer
// never keeps timers and sockets waiting. A round goes over the marked queues, the least recently served first, and takes one message
// from each in turn for the consumer whose turn it is; then every consumer gets its batch.
import type { Binding, Exchange, OutgoingMessage, Publication, Queue, QueueInfo } from "../../broker/contract.ts";
import { noQueueTakes } from "../../broker/no-queue-takes.ts";
import { route } from "../../broker/virtual/route.ts";
import * as topology from "../../broker/virtual/topology.ts";
import { BrokerError } from "../../errors/celeriac-error.ts";
import type { Clock } from "../../util/clock.ts";
import { deadLetterOf } from "./dead-letter-arguments.ts";
import type { MemoryConnection } from "./memory-connection.ts";
import type { MemoryConsumer } from "./memory-consumer.ts";
import { MemoryQueue, type QueueHost } from "./memory-queue.ts";
import { makeDelivery, ownMessage, type StoredMessage, storeMessage } from "./stored-message.ts";

/** The queues of one memory broker and their consumers. */
export class MemoryStore implements QueueHost {
  readonly clock: Clock;
  /** Everyone who is connected. */
  readonly connections: Set<MemoryConnection> = new Set();
  readonly #topology = topology.createTopology();
  readonly #queues = new Map<string, MemoryQueue>();
  #marked: MemoryQueue[] = [];
  #served = 0;
  /** Where serving stands: nothing to do, a round comes in a microtask, or this turn had its round and the next turn has one if need be. */
  #serving: "idle" | "soon" | "paused" = "idle";

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Whether it has neither queues nor exchanges, and may be forgotten when nobody is connected. */
  get isEmpty(): boolean {
    return this.#topology.queues.size === 0 && this.#topology.exchanges.size === 0;
  }

  declareExchange(exchange: Exchange): void {
    topology.declareExchange(this.#topology, exchange);
  }

  deleteExchange(name: string): void {
    topology.deleteExchange(this.#topology, name);
  }

  declareQueue(definition: Queue, connection: MemoryConnection): QueueInfo {
    const known = this.#queues.get(definition.name);
    if (known !== undefined) refuseOthers(known, connection, "declaring");
    topology.declareQueue(this.#topology, definition);
    const queue = known ?? new MemoryQueue(this, definition, definition.exclusive === true ? connection : undefined);
    if (known === undefined) this.#queues.set(definition.name, queue);
    else queue.touch();
    return infoOf(queue);
  }

  deleteQueue(name: string): void {
    const queue = this.#queues.get(name);
    if (queue === undefined) return;
    this.#queues.delete(name);
    topology.deleteQueue(this.#topology, name);
    queue.end();
    for (const consumer of queue.consumers.splice(0)) consumer.onQueueDeleted(name);
  }

  bindQueue(name: string, binding: Binding): void {
    topology.bindQueue(this.#topology, name, binding);
  }

  unbindQueue(name: string, binding: Binding): void {
    topology.unbindQueue(this.#topology, name, binding);
  }

  queueInfo(name: string): QueueInfo | undefined {
    const queue = this.#queues.get(name);
    return queue && infoOf(queue);
  }

  listQueues(): readonly QueueInfo[] {
    return Array.from(this.#queues.values(), infoOf);
  }

  /** The queue of that name, for a connection that may use it. */
  queue(name: string, connection: MemoryConnection): MemoryQueue {
    const queue = this.#queues.get(name);
    if (queue === undefined) throw new BrokerError("CELERIAC_QUEUE_NOT_FOUND", { queue: name, hint: "declare it first" });
    refuseOthers(queue, connection, "using");
    return queue;
  }

  /**
   * Puts each publication into the queues that it is routed to: all of them, or none where one names no exchange.
   * @throws BrokerError after all else is published, where no queue takes a mandatory one
   */
  publish(publications: readonly Publication[]): void {
    const [first] = publications;
    if (publications.length === 1 && first !== undefined) {
      const names = route(this.#topology, first.exchange, first.routingKey);
      if (names.length === 0 && this.#mustBeTaken(first)) throw noQueueTakes(publications);
      this.#enqueue(first, names);
      return;
    }
    const routes = publications.map(({ exchange, routingKey }) => route(this.#topology, exchange, routingKey));
    const untaken: Publication[] = [];
    for (const [i, publication] of publications.entries()) {
      const names = routes[i] ?? [];
      if (names.length === 0 && this.#mustBeTaken(publication)) untaken.push(publication);
      else this.#enqueue(publication, names);
    }
    if (untaken.length > 0) throw noQueueTakes(untaken);
  }

  #mustBeTaken({ mandatory, exchange }: Publication): boolean {
    return mandatory === true && this.#topology.exchanges.get(exchange)?.type !== "fanout";
  }

  #enqueue(publication: Publication, names: readonly string[]): void {
    if (names.length === 0) return;
    const message: OutgoingMessage = ownMessage(publication.message);
    const now = this.clock.now();
    for (const name of names) {
      const queue = this.#queues.get(name);
      queue?.add(storeMessage(queue, publication, message, now), now);
    }
  }

  attach(consumer: MemoryConsumer, name: string): void {
    const queue = this.queue(name, consumer.connection);
    if (consumer.queues.has(name)) return;
    consumer.queues.add(name);
    queue.attach(consumer);
  }

  detach(consumer: MemoryConsumer, name: string): void {
    if (!consumer.queues.delete(name)) return;
    const queue = this.#queues.get(name);
    if (queue?.detach(consumer) === true && queue.definition.autoDelete === true) this.deleteQueue(name);
  }

  /** Ends what a connection leaves: its exclusive queues. */
  forget(connection: MemoryConnection): void {
    this.connections.delete(connection);
    for (const queue of this.#queues.values()) if (queue.owner === connection) this.deleteQueue(queue.name);
  }

  /** Puts a message that was held back into its queue, unless that is gone. */
  giveBack(stored: StoredMessage): void {
    if (stored.queue.isDeleted) stored.state = "gone";
    else stored.queue.add(stored, this.clock.now());
  }

  /** Ends a message that was refused: gone, or moved where the arguments of its queue say. */
  reject(stored: StoredMessage): void {
    stored.state = "gone";
    this.#moveDead(stored, "rejected");
  }

  onExpired(stored: StoredMessage): void {
    this.#moveDead(stored, "expired");
  }

  onUnused(queue: MemoryQueue): void {
    this.deleteQueue(queue.name);
  }

  onReady(queue: MemoryQueue): void {
    if (queue.isMarked || queue.consumers.length === 0) return;
    queue.isMarked = true;
    this.#marked.push(queue);
    if (this.#serving !== "idle") return;
    this.#serving = "soon";
    queueMicrotask(() => this.#round());
  }

  /** Looks at all queues of a consumer that can take again. */
  serveLater(consumer: MemoryConsumer): void {
    consumer.isStarved = false;
    for (const name of consumer.queues) {
      const queue = this.#queues.get(name);
      if (queue !== undefined) this.onReady(queue);
    }
  }

  #round(): void {
    this.#serving = "paused";
    setImmediate(() => {
      this.#serving = "idle";
      if (this.#marked.length > 0) this.#round();
    });
    let queues = this.#marked;
    this.#marked = [];
    for (const queue of queues) queue.isMarked = false;
    if (queues.length > 1) queues.sort((a, b) => a.servedAt - b.servedAt);
    const served = new Set<MemoryConsumer>();
    while (queues.length > 0)
      queues = queues.filter((queue) => this.#serveOne(queue, served) && (queues.length > 1 || this.#serveAll(queue, served)));
    for (const consumer of served) {
      try {
        consumer.handOver();
      } catch (error) {
        // The contract forbids it to throw. The others still get theirs, and nobody overlooks the error.
        process.nextTick(() => {
          throw error;
        });
      }
    }
  }

  /** Serves the only queue that is left of a round, to its end. */
  #serveAll(queue: MemoryQueue, served: Set<MemoryConsumer>): false {
    while (this.#serveOne(queue, served));
    return false;
  }

  #serveOne(queue: MemoryQueue, served: Set<MemoryConsumer>): boolean {
    if (queue.isIdle) return false;
    const consumer = queue.nextConsumer();
    if (consumer === undefined) return false;
    const stored = queue.take();
    if (stored === undefined) return false;
    queue.servedAt = ++this.#served;
    const delivery = makeDelivery(stored);
    if (consumer.noAck) {
      stored.state = "gone";
    } else {
      stored.holder = consumer.connection;
      stored.consumer = consumer;
      consumer.held++;
      consumer.connection.held.set(delivery.tag, stored);
    }
    if (consumer.batch.push(delivery) === 1) served.add(consumer);
    return true;
  }

  #moveDead(stored: StoredMessage, reason: "rejected" | "expired"): void {
    const publication = deadLetterOf(stored, reason, this.clock.now());
    if (publication === undefined) return;
    // As with AMQP, a dead letter for an exchange that does not exist is dropped.
    if (publication.exchange !== "" && !this.#topology.exchanges.has(publication.exchange)) return;
    this.publish([publication]);
  }
}

function refuseOthers(queue: MemoryQueue, connection: MemoryConnection, what: string): void {
  if (queue.owner === undefined || queue.owner === connection) return;
  throw new BrokerError("CELERIAC_BROKER_REFUSED", {
    operation: `${what} the queue ${JSON.stringify(queue.name)}`,
    reason: "it is exclusive to the connection that declared it; use that connection, or another queue",
  });
}

function infoOf(queue: MemoryQueue): QueueInfo {
  return { name: queue.name, messages: queue.messages, consumers: queue.consumers.length };
}
