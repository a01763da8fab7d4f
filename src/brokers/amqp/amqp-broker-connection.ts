// A connection to RabbitMQ, as the contract has it: one link for everything, and a second one for publishing where the first consumes, since a broker
// that is short of memory or disk stops reading from connections that publish, and acknowledgements must still get through then.
// States: open, closing, lost. Channels: one for requests (control-channel.ts), one for `get`, one for publishing, one or two for each consumer.
import type {
  Binding,
  ConsumeParams,
  Delivery,
  DeliveryTag,
  DriverConnection,
  DriverConsumer,
  Exchange,
  OpenParams,
  Publication,
  Queue,
  QueueInfo,
  Settlement,
} from "../../broker/contract.ts";
import { noQueueTakes, untakenBy } from "../../broker/no-queue-takes.ts";
import { BrokerError, CeleriacError } from "../../errors/celeriac-error.ts";
import { type AmqpChannel, AmqpLink, type LinkListener } from "../../stores/amqp/amqp-link.ts";
import type { AmqpOptions } from "../../stores/amqp/amqp-options.ts";
import type { Clock } from "../../util/clock.ts";
import { TimerHeap } from "../../util/timer-heap.ts";
import { Acknowledger } from "./acknowledger.ts";
import { AmqpConsumer, type ConsumerHost } from "./amqp-consumer.ts";
import { AmqpPublisher, type Outgoing } from "./amqp-publisher.ts";
import { AmqpTopology } from "./amqp-topology.ts";
import { ControlChannel } from "./control-channel.ts";
import { DelayedDelivery } from "./delayed-delivery.ts";
import { type Held, HeldDeliveries } from "./held-deliveries.ts";
import { LeaseKeeper } from "./lease-keeper.ts";
import { addressOf, republished, toAmqp } from "./message-codec.ts";

const DONE: Promise<void> = Promise.resolve();

/** What a connection is made with. */
export interface AmqpBrokerConnectionParams {
  readonly options: AmqpOptions;
  readonly clock: Clock;
  readonly open: OpenParams;
  /** Quorum queues that were found to be such; kept by the driver, so that the next connection knows them. */
  readonly quorumQueues: Set<string>;
}

/** One user of a broker. */
export class AmqpBrokerConnection implements DriverConnection {
  readonly #params: AmqpBrokerConnectionParams;
  readonly #link: AmqpLink;
  readonly #topology: AmqpTopology;
  readonly #publisher: AmqpPublisher;
  /** For what takes the place of a message that is acknowledged then: confirmed, whatever the option says. */
  readonly #mover: AmqpPublisher;
  readonly #delayed: DelayedDelivery;
  readonly #held: HeldDeliveries;
  readonly #leases: LeaseKeeper;
  readonly #timers: TimerHeap;
  readonly #consumers = new Set<AmqpConsumer>();
  readonly #acknowledgers = new Set<Acknowledger>();
  /** What was begun before the end is done before it. */
  readonly #running = new Set<Promise<unknown>>();
  #publishLink: Promise<AmqpLink> | undefined;
  #getChannel: Promise<{ readonly channel: AmqpChannel; readonly acknowledger: Acknowledger }> | undefined;
  #state: "open" | "closing" | "lost" = "open";
  #lostBy: Error | undefined;
  #closed: Promise<void> | undefined;

  private constructor(params: AmqpBrokerConnectionParams, link: AmqpLink) {
    const { clock, options } = params;
    this.#params = params;
    this.#link = link;
    this.#timers = new TimerHeap(clock, { unref: true });
    const control = new ControlChannel(link);
    this.#topology = new AmqpTopology(control, params.quorumQueues);
    this.#publisher = this.#newPublisher(options.confirms);
    this.#mover = options.confirms ? this.#publisher : this.#newPublisher(true);
    this.#delayed = new DelayedDelivery(control, options.delayQueueType);
    this.#held = new HeldDeliveries({
      monotonic: () => clock.monotonic(),
      park: (held, visibleAt) => this.#park(held, visibleAt),
      deadLetter: (held) => this.#deadLetter(held),
      onFirst: () => this.#leases.wake(),
    });
    this.#leases = new LeaseKeeper(
      {
        clock,
        held: this.#held,
        control,
        publish: (messages) => this.#mover.publish(messages),
        openChannel: () => this.#openChannel(),
        acknowledgerOf: (channel, barrier) => this.#acknowledgerOf(channel, barrier),
      },
      options.consumerTimeoutMs,
    );
  }

  /** Connects. */
  static async open(params: AmqpBrokerConnectionParams): Promise<AmqpBrokerConnection> {
    let connection: AmqpBrokerConnection | undefined;
    const link = await AmqpLink.open(params.options, {
      onLost: (error) => connection?.lose(error),
      onBlocked: (reason) => params.open.onBlocked?.(reason),
    });
    connection = new AmqpBrokerConnection(params, link);
    if (link.failure !== undefined) connection.lose(link.failure);
    return connection;
  }

  declareExchange(exchange: Exchange): Promise<void> {
    return this.#do("declareExchange", () => this.#topology.declareExchange(exchange));
  }

  deleteExchange(name: string): Promise<void> {
    return this.#do("deleteExchange", () => this.#topology.deleteExchange(name));
  }

  declareQueue(queue: Queue): Promise<QueueInfo> {
    return this.#do("declareQueue", () => this.#topology.declareQueue(queue));
  }

  deleteQueue(name: string): Promise<void> {
    this.#delayed.forget(name);
    return this.#do("deleteQueue", () => this.#topology.deleteQueue(name));
  }

  bindQueue(queue: string, binding: Binding): Promise<void> {
    return this.#do("bindQueue", () => this.#topology.bind(queue, binding));
  }

  unbindQueue(queue: string, binding: Binding): Promise<void> {
    return this.#do("unbindQueue", () => this.#topology.unbind(queue, binding));
  }

  queueInfo(name: string): Promise<QueueInfo | undefined> {
    return this.#do("queueInfo", () => this.#topology.info(name));
  }

  purge(queue: string): Promise<number> {
    return this.#do("purge", () => this.#topology.purge(queue));
  }

  publish(publications: readonly Publication[]): Promise<void> {
    if (this.#state !== "open") return Promise.reject(this.#endedBefore("publish"));
    if (publications.length === 0) return DONE;
    const messages: Outgoing[] = [];
    let now = 0;
    for (const publication of publications) {
      const { exchange, routingKey, message, visibleAt, mandatory } = publication;
      if (!this.#topology.knowsExchange(exchange)) return this.#do("publish", () => this.#publishPrepared(publications));
      if (visibleAt !== undefined && visibleAt > (now ||= this.#params.clock.now()))
        return this.#do("publish", () => this.#publishPrepared(publications));
      const outgoing = { exchange, routingKey, message: toAmqp(message) };
      messages.push(mandatory === true ? { ...outgoing, mandatory, origin: publication } : outgoing);
    }
    return this.#publisher.publish(messages);
  }

  get(queue: string, { noAck = false }: { readonly noAck?: boolean } = {}): Promise<Delivery | undefined> {
    return this.#do("get", () =>
      this.#topology.onQueue("taking from", queue, async () => {
        // A refusal on its own channel would give back all that was taken by it.
        if (this.#topology.declared(queue) === undefined) await this.#topology.checkQueue(queue);
        const { channel, acknowledger } = await (this.#getChannel ??= this.#openGetChannel());
        const message = await channel.api.get(queue, { noAck });
        if (message === false) return undefined;
        const { delivery, visibleAt } = this.#held.receive(message, queue, noAck ? undefined : acknowledger);
        // The rest of a delay that the broker does not measure: less than a second.
        const earlyMs = visibleAt === undefined ? 0 : Math.min(visibleAt - this.#params.clock.now(), 1000);
        if (earlyMs > 0) await this.#params.clock.sleep(earlyMs);
        return delivery;
      }),
    );
  }

  consume(params: ConsumeParams): Promise<DriverConsumer> {
    return this.#do("consume", async () => {
      const consumer = new AmqpConsumer(this.#consumerHost(), params);
      this.#consumers.add(consumer);
      try {
        for (const queue of params.queues) await consumer.addQueue(queue);
      } catch (error) {
        await consumer.cancel();
        throw error;
      }
      return consumer;
    });
  }

  settle(tag: DeliveryTag, settlement: Settlement): Promise<boolean> {
    if (this.#state !== "open") return Promise.reject(this.#endedBefore("settle"));
    return this.#held.settle(tag, settlement);
  }

  close(): Promise<void> {
    return (this.#closed ??= this.#close());
  }

  /** Ends it as the loss of its connection does. */
  lose(error: Error): void {
    if (this.#state !== "open") return;
    const notGlobal = /queue '(.*)' in vhost '.*' does not support global qos/.exec(error.message);
    if (notGlobal?.[1] !== undefined) this.#params.quorumQueues.add(notGlobal[1]);
    this.#state = "lost";
    this.#lostBy = error;
    this.#end(this.#endedBefore("a call"));
    this.#params.open.onLost(error);
    void this.#closeLinks();
  }

  /** Ends its sockets as the death of its process would, for tests. */
  breakOff(error: Error): void {
    this.#link.destroy(error);
    void this.#publishLink?.then((link) => link.destroy(error));
  }

  async #close(): Promise<void> {
    if (this.#state === "lost") {
      await this.#closeLinks();
      return;
    }
    this.#state = "closing";
    this.#leases.stop();
    await Promise.allSettled(this.#running);
    await Promise.all([this.#publisher.drained(), this.#mover.drained()]);
    await Promise.allSettled([...this.#consumers].map((consumer) => consumer.cancel()));
    // A lease goes back to its own queue with its channel, and to its origin when its time is over: sooner by our word.
    const leases = [...this.#held.all()].filter(({ outstanding }) => outstanding.isLease);
    const givenBack = leases.map(({ delivery }) => this.#held.settle(delivery.tag, { kind: "requeue" }));
    for (const acknowledger of this.#acknowledgers) acknowledger.flush();
    await Promise.allSettled(givenBack);
    this.#end(new BrokerError("CELERIAC_BROKER_CLOSED", { operation: "publish" }));
    await this.#closeLinks();
  }

  #end(error: Error): void {
    this.#leases.stop();
    this.#timers.clear();
    for (const consumer of this.#consumers) consumer.end();
    this.#publisher.fail(error);
    this.#mover.fail(error);
    this.#held.clear();
  }

  async #closeLinks(): Promise<void> {
    const publishLink = await this.#publishLink?.catch(() => undefined); // it could not be opened: nothing to close
    await Promise.all([this.#link.close(), publishLink?.close()]);
  }

  #newPublisher(confirms: boolean): AmqpPublisher {
    return new AmqpPublisher(
      () => (this.#publishLink ??= this.#linkForPublishing()),
      confirms,
      (error) => this.lose(error),
    );
  }

  async #linkForPublishing(): Promise<AmqpLink> {
    if (this.#consumers.size === 0) return this.#link;
    const listener: LinkListener = {
      onLost: (error) => this.lose(error),
      onBlocked: (reason) => this.#params.open.onBlocked?.(reason),
    };
    const link = await AmqpLink.open(this.#params.options, listener);
    if (this.#state === "lost") await link.close();
    return link;
  }

  /** Opens a channel whose end, where it is not ours, is the end of the connection: what it held is delivered again. */
  #openChannel(): Promise<AmqpChannel> {
    return this.#link.openChannel({
      onEnd: (refusal) => {
        if (refusal !== undefined) this.lose(refusal);
      },
    });
  }

  #acknowledgerOf(channel: AmqpChannel, barrier: () => Promise<unknown>): Acknowledger {
    const acknowledger = new Acknowledger(this.#link, channel, barrier);
    this.#acknowledgers.add(acknowledger);
    channel.api.once("close", () => this.#acknowledgers.delete(acknowledger));
    return acknowledger;
  }

  async #openGetChannel(): Promise<{ readonly channel: AmqpChannel; readonly acknowledger: Acknowledger }> {
    const channel = await this.#link.openChannel({ onEnd: () => (this.#getChannel = undefined) });
    return { channel, acknowledger: this.#acknowledgerOf(channel, () => channel.api.prefetch(0, false)) };
  }

  /** Publishes what needs something to be asked or declared before. Nothing is published where that is refused. */
  async #publishPrepared(publications: readonly Publication[]): Promise<void> {
    const now = this.#params.clock.now();
    for (const exchange of new Set(publications.map((publication) => publication.exchange))) await this.#topology.checkExchange(exchange);
    const messages: Outgoing[] = [];
    const untaken: Publication[] = [];
    for (const publication of publications) {
      try {
        messages.push(await this.#delayed.prepare(publication, now));
      } catch (error) {
        const isUntaken = publication.mandatory === true && error instanceof CeleriacError && error.code === "CELERIAC_QUEUE_NOT_FOUND";
        if (!isUntaken) throw error;
        untaken.push(publication);
      }
    }
    if (messages.length > 0) {
      await this.#publisher.publish(messages).catch((error: unknown) => {
        untaken.push(...untakenBy(error));
        if (untakenBy(error).length === 0) throw error;
      });
    }
    if (untaken.length > 0) throw noQueueTakes(untaken);
  }

  /** Publishes a delivery again, for later, into its own queue. */
  async #park({ delivery }: Held, visibleAt: number): Promise<void> {
    const message = republished(delivery);
    const own = { ...addressOf(delivery), ...(delivery.redelivered ? { redelivered: true } : {}) };
    const publication: Publication = { exchange: "", routingKey: delivery.queue, message, visibleAt };
    await this.#mover.publish([await this.#delayed.prepare(publication, this.#params.clock.now(), own)]);
  }

  /** What becomes of a lease that is refused: what its origin's arguments say, where we know them. */
  async #deadLetter({ delivery }: Held): Promise<void> {
    const given = this.#topology.declared(delivery.queue)?.arguments;
    const exchange = given?.["x-dead-letter-exchange"];
    if (typeof exchange !== "string") return;
    const key = given?.["x-dead-letter-routing-key"];
    const routingKey = typeof key === "string" ? key : delivery.routingKey;
    await this.#mover.publish([{ exchange, routingKey, message: toAmqp(republished(delivery)) }]);
  }

  #consumerHost(): ConsumerHost {
    const { options, clock } = this.#params;
    return {
      held: this.#held,
      openChannel: () => this.#openChannel(),
      acknowledgerOf: (channel, barrier) => this.#acknowledgerOf(channel, barrier),
      checkQueue: async (queue) => {
        await this.#topology.checkQueue(queue);
        if (this.#topology.isQuorum(queue)) await this.#delayed.bindForCelery(queue, this.#topology.declared(queue)?.bindings ?? []);
      },
      needsLocalPrefetch: (queue) => !(options.globalPrefetch ?? !this.#topology.isQuorum(queue)),
      now: () => clock.now(),
      setTimer: (callback, delayMs) => this.#timers.set(callback, delayMs),
      onEnd: (consumer) => this.#consumers.delete(consumer),
    };
  }

  #endedBefore(operation: string): Error {
    if (this.#state === "closing") return new BrokerError("CELERIAC_BROKER_CLOSED", { operation });
    const reason = this.#lostBy?.message ?? `it went before ${operation}`;
    return new BrokerError("CELERIAC_BROKER_LOST", { url: this.#params.options.shownUrl, reason }, { cause: this.#lostBy });
  }

  async #do<T>(operation: string, run: () => Promise<T>): Promise<T> {
    if (this.#state !== "open") throw this.#endedBefore(operation);
    const running = run();
    this.#running.add(running);
    try {
      return await running;
    } catch (error) {
      // What amqplib says of a request whose connection has ended does not say why.
      throw this.#lostBy === undefined || error instanceof CeleriacError ? error : this.#endedBefore(operation);
    } finally {
      this.#running.delete(running);
    }
  }
}
