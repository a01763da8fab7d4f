// Exchanges, queues and bindings, through the control channel. What was declared or found on this connection is remembered, so that what uses it need
// not ask again; where something goes without our knowing, RabbitMQ's refusal tells.
import type { Binding, Exchange, Queue, QueueInfo } from "../../broker/contract.ts";
import { REPLY, replyCodeOf } from "../../stores/amqp/amqp-failure.ts";
import { failedOnQueue, refusedByServer } from "./amqp-errors.ts";
import type { ControlChannel } from "./control-channel.ts";
import { queueArguments, typedTable } from "./queue-arguments.ts";

/** The topology as one connection knows it. */
export class AmqpTopology {
  readonly #control: ControlChannel;
  readonly #quorumQueues: Set<string>;
  readonly #exchanges = new Set<string>();
  readonly #queues = new Map<string, Queue>();

  /** @param quorumQueues names of queues that are known to be quorum queues; added to as they are declared */
  constructor(control: ControlChannel, quorumQueues: Set<string>) {
    this.#control = control;
    this.#quorumQueues = quorumQueues;
  }

  /** Whether an exchange is known to exist, so that publishing to it need not ask. */
  knowsExchange(name: string): boolean {
    return name === "" || this.#exchanges.has(name);
  }

  /** A queue as it was declared on this connection. */
  declared(queue: string): Queue | undefined {
    return this.#queues.get(queue);
  }

  /** Whether a queue is known to be a quorum queue. */
  isQuorum(queue: string): boolean {
    return this.#quorumQueues.has(queue);
  }

  /** Makes an exchange. */
  async declareExchange({ name, type, durable = true, autoDelete = false, arguments: given = {} }: Exchange): Promise<void> {
    if (name === "") return;
    try {
      await this.#control.run((channel) => channel.assertExchange(name, type, { durable, autoDelete, arguments: typedTable(given) }));
    } catch (error) {
      throw refusal(`declaring the exchange ${JSON.stringify(name)}`, error);
    }
    // One that may go by itself is looked for each time.
    if (!autoDelete) this.#exchanges.add(name);
  }

  /** Deletes an exchange, if there is one. */
  async deleteExchange(name: string): Promise<void> {
    this.#exchanges.delete(name);
    try {
      await this.#control.run((channel) => channel.deleteExchange(name));
    } catch (error) {
      if (replyCodeOf(error) !== REPLY.notFound) throw refusal(`deleting the exchange ${JSON.stringify(name)}`, error);
    }
  }

  /** Fails where an exchange does not exist. */
  async checkExchange(name: string): Promise<void> {
    if (this.knowsExchange(name)) return;
    try {
      await this.#control.run((channel) => channel.checkExchange(name));
    } catch (error) {
      throw refusal(`publishing to the exchange ${JSON.stringify(name)}`, error);
    }
  }

  /** Makes a queue, the exchanges of its bindings and the bindings. */
  async declareQueue(queue: Queue): Promise<QueueInfo> {
    const { name, durable = true, exclusive = false, autoDelete = false, bindings = [] } = queue;
    const info = await this.onQueue("declaring", name, () =>
      this.#control.run((channel) => channel.assertQueue(name, { durable, exclusive, autoDelete, arguments: queueArguments(queue) })),
    );
    this.#queues.set(name, queue);
    if (queue.arguments?.["x-queue-type"] === "quorum") this.#quorumQueues.add(name);
    for (const binding of bindings) await this.bind(name, binding);
    return { name, messages: info.messageCount, consumers: info.consumerCount };
  }

  /** Deletes a queue, if there is one. */
  async deleteQueue(name: string): Promise<void> {
    this.#queues.delete(name);
    this.#quorumQueues.delete(name);
    try {
      await this.#control.run((channel) => channel.deleteQueue(name));
    } catch (error) {
      if (replyCodeOf(error) !== REPLY.notFound) throw refusal(`deleting the queue ${JSON.stringify(name)}`, error);
    }
  }

  /** Fails where a queue does not exist or is another's. */
  async checkQueue(queue: string): Promise<void> {
    await this.onQueue("using", queue, () => this.#control.run((channel) => channel.checkQueue(queue)));
  }

  /** Binds a queue; makes the exchange. */
  async bind(queue: string, { exchange, routingKey, arguments: given = {} }: Binding): Promise<void> {
    if (!this.knowsExchange(exchange.name)) await this.declareExchange(exchange);
    await this.onQueue("binding", queue, () =>
      this.#control.run((channel) => channel.bindQueue(queue, exchange.name, routingKey, typedTable(given))),
    );
  }

  /** Takes a binding away, if there is one. */
  async unbind(queue: string, { exchange, routingKey, arguments: given = {} }: Binding): Promise<void> {
    await this.onQueue("unbinding", queue, () =>
      this.#control.run((channel) => channel.unbindQueue(queue, exchange.name, routingKey, typedTable(given))),
    );
  }

  /** What is known of a queue; undefined where there is none. */
  async info(name: string): Promise<QueueInfo | undefined> {
    try {
      const { messageCount, consumerCount } = await this.#control.run((channel) => channel.checkQueue(name));
      return { name, messages: messageCount, consumers: consumerCount };
    } catch (error) {
      if (replyCodeOf(error) === REPLY.notFound) return undefined;
      throw refusal(`asking for the queue ${JSON.stringify(name)}`, error);
    }
  }

  /** Removes the waiting messages; resolves to their number. */
  async purge(queue: string): Promise<number> {
    const { messageCount } = await this.onQueue("purging", queue, () => this.#control.run((channel) => channel.purgeQueue(queue)));
    return messageCount;
  }

  /** Does something with a queue; where that is refused, the error names it. @param doing what is done, as "purging" */
  async onQueue<T>(doing: string, queue: string, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      if (replyCodeOf(error) === REPLY.notFound) this.#queues.delete(queue);
      throw failedOnQueue(`${doing} the queue ${JSON.stringify(queue)}`, queue, error);
    }
  }
}

/** What the server refused; other errors stay as they are. */
function refusal(operation: string, error: unknown): unknown {
  return replyCodeOf(error) === undefined ? error : refusedByServer(operation, error);
}
