// The broker as everyone but drivers has it: one connection of a driver, made when it is needed and made anew after it was lost, with what
// no driver should do for itself: retries, argument checks, closed-state checks, errors of one kind, tracing, and ways around what a
// driver's store cannot do. States: `idle` (not connected yet, or lost), `connecting`, `connected`, `closed` for good.
import { BrokerError, CeleriacError } from "../errors/celeriac-error.ts";
import { type Clock, systemClock } from "../util/clock.ts";
import { type Logger, silentLogger } from "../util/logger.ts";
import { maskUrl } from "../util/mask-url.ts";
import { BrokerConsumer, checkPrefetch } from "./broker-consumer.ts";
import { connectChannel, deliverChannel, lostChannel, publishTracing, settleChannel } from "./broker-diagnostics.ts";
import { normaliseBrokerError } from "./broker-error.ts";
import type {
  BrokerCapabilities,
  BrokerDriver,
  ConsumeParams,
  Delivery,
  DriverConnection,
  Exchange,
  Publication,
  Queue,
  QueueInfo,
  Settlement,
} from "./contract.ts";
import { withCountedDeaths } from "./death-count.ts";
import { DeclaredQueues } from "./declared-queues.ts";
import { giveBack } from "./give-back.ts";
import { checkPublication } from "./publication-target.ts";
import { type ResolvedRetryPolicy, resolveRetryPolicy, type RetryPolicy } from "./publish-retry.ts";
import { Publisher } from "./publisher.ts";
import { queryOf } from "./url-query.ts";

/** What a broker is made with. */
export interface BrokerOptions {
  /** Where it is, as configured. */
  readonly url: string;
  /** The setting `brokerTransportOptions`; what the URL's query says wins. @default {} */
  readonly transportOptions?: Readonly<Record<string, unknown>>;
  /** @default none */
  readonly logger?: Logger;
  /** @default the system's */
  readonly clock?: Clock;
  /** How a failed publication is tried again; false: it is not. @default Celery's: three times, at once and after 0.2 and 0.4 seconds */
  readonly publishRetryPolicy?: RetryPolicy | false;
  /** Longest body of a message, in bytes. @default no limit */
  readonly maxMessageBytes?: number;
}

/** How one publication differs from the others. */
export interface PublishOptions {
  /** In place of the broker's retry policy; false: it is tried once. */
  readonly retry?: RetryPolicy | false;
  /** When it is aborted, nothing is sent or tried again any more; what was sent already stays so. */
  readonly signal?: AbortSignal;
}

/** A connection to a broker that survives the loss of connections. */
export class Broker {
  /** The time that it goes by. */
  readonly clock: Clock;
  readonly #driver: BrokerDriver;
  readonly #options: BrokerOptions;
  readonly #logger: Logger;
  readonly #maxBytes: number;
  readonly #publisher: Publisher;
  readonly #declared = new DeclaredQueues();
  readonly #consumers = new Set<BrokerConsumer>();
  readonly #lostListeners = new Set<(error: CeleriacError) => void>();
  #connection: DriverConnection | undefined;
  #connecting: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor(driver: BrokerDriver, options: BrokerOptions) {
    this.#driver = driver;
    this.#options = options;
    this.clock = options.clock ?? systemClock;
    this.#logger = options.logger ?? silentLogger;
    this.#maxBytes = options.maxMessageBytes ?? Infinity;
    this.#publisher = new Publisher(this.#publisherHost(resolveRetryPolicy(options.publishRetryPolicy)));
  }

  /** What the driver can do. */
  get capabilities(): BrokerCapabilities {
    return this.#driver.capabilities;
  }

  /** Where it is, as it may be shown: secrets are masked. */
  get url(): string {
    return maskUrl(this.#options.url);
  }

  /** Whether it is connected now. Every operation connects where need be, so nobody must ask. */
  get connected(): boolean {
    return this.#connection !== undefined;
  }

  /** Connects, also anew after the connection was lost; content where it is connected. Calls at the same time share one try. */
  connect(): Promise<void> {
    if (this.#closing !== undefined) return Promise.reject(new BrokerError("CELERIAC_BROKER_CLOSED", { operation: "connect" }));
    if (this.#connection !== undefined) return Promise.resolve();
    this.#connecting ??= this.#open().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  /**
   * Calls `listener` each time the connection is lost, not when it is closed. Consumers have ended then: connect and consume again.
   * @returns a function that takes the listener away
   */
  onLost(listener: (error: CeleriacError) => void): () => void {
    this.#lostListeners.add(listener);
    return () => {
      this.#lostListeners.delete(listener);
    };
  }

  /**
   * Makes a queue with its exchanges and bindings, where they do not exist. Done once on each connection, however often it is asked for.
   * @param options `anew` where it was found that the queue, or what leads into it, is gone: it is declared whatever was done before
   */
  async declare(queue: Queue, options?: { readonly anew?: boolean }): Promise<void> {
    const connection = await this.#live("declare");
    if (options?.anew === true) this.#declared.forget(queue.name);
    return this.#declared.once(queue, async () => {
      await this.#normalised("declaring a queue", connection.declareQueue(queue));
    });
  }

  /** Makes an exchange, where it does not exist. A queue's own exchanges come with it: this is for those that no queue is bound to yet. */
  declareExchange(exchange: Exchange): Promise<void> {
    return this.#with("declareExchange", (connection) => connection.declareExchange(exchange));
  }

  /** Publishes a message; resolves when it is as durable as the broker makes it. */
  publish(publication: Publication, options?: PublishOptions): Promise<void> {
    return this.publishMany([publication], options);
  }

  /** Publishes messages in their order; resolves when all are as durable as the broker makes them. */
  publishMany(publications: readonly Publication[], options?: PublishOptions): Promise<void> {
    try {
      for (const publication of publications) checkPublication(publication, this.#driver.capabilities, this.#maxBytes);
    } catch (error) {
      return Promise.reject(error as Error);
    }
    if (options === undefined && !publishTracing.hasSubscribers) return this.#publisher.publish(publications);
    const send = (): Promise<void> =>
      options === undefined
        ? this.#publisher.publish(publications)
        : this.#publisher.publishBy(resolveRetryPolicy(options.retry ?? this.#options.publishRetryPolicy), publications, options.signal);
    return publishTracing.hasSubscribers ? publishTracing.tracePromise(send, { url: this.url, publications }) : send();
  }

  /** Takes messages from queues until the consumer is cancelled or the connection lost. */
  async consume(params: ConsumeParams): Promise<BrokerConsumer> {
    checkPrefetch(params.prefetch);
    const connection = await this.#live("consume");
    const queues = new Set(params.queues);
    const driverConsumer = await this.#normalised(
      `consuming ${params.queues.join(", ")}`,
      connection.consume({
        queues: [...queues],
        prefetch: params.prefetch,
        noAck: params.noAck ?? false,
        onDeliveries: (deliveries) => this.#deliver(params, deliveries),
        onCancel: (queue, reason) => {
          queues.delete(queue);
          this.#declared.forget(queue);
          params.onCancel?.(queue, reason);
        },
      }),
    );
    const consumer = new BrokerConsumer(driverConsumer, queues, params.prefetch, {
      normalise: (operation, error) => this.#normalise(operation, error),
      onCancel: (at) => this.#consumers.delete(at),
    });
    if (this.#connection === connection) this.#consumers.add(consumer);
    else consumer.end();
    return consumer;
  }

  /** Takes one message, if there is one. */
  async get(queue: string, options?: { readonly noAck?: boolean }): Promise<Delivery | undefined> {
    const delivery = await this.#with("get", (connection) => connection.get(queue, options));
    return delivery === undefined || this.capabilities.countsDeaths ? delivery : withCountedDeaths(delivery);
  }

  /**
   * Ends a delivery. Resolves to false, and changes nothing, where it is not ours any more: settled before, its lease lost, or its
   * connection lost on a broker whose deliveries do not survive that. The broker delivers it again then.
   */
  settle(delivery: Delivery, settlement: Settlement): Promise<boolean> {
    if (settleChannel.hasSubscribers) settleChannel.publish({ url: this.url, delivery, settlement });
    const connection = this.#connection;
    if (connection === undefined) return this.#settleDisconnected(delivery, settlement);
    if (settlement.kind === "requeue" && (settlement.death !== undefined || settlement.visibleAt !== undefined))
      return this.#normalised("settle", giveBack(connection, this.#driver.capabilities, delivery, settlement));
    return connection.settle(delivery.tag, settlement).then(undefined, this.#throwSettleError);
  }

  /** Removes the waiting messages of a queue, delayed ones included; resolves to their number. */
  purge(queue: string): Promise<number> {
    return this.#with("purge", (connection) => connection.purge(queue));
  }

  /** What is known of a queue; undefined where there is none. */
  queueInfo(queue: string): Promise<QueueInfo | undefined> {
    return this.#with("queueInfo", (connection) => connection.queueInfo(queue));
  }

  /** What is known of all queues; undefined where the broker cannot tell. */
  listQueues(): Promise<readonly QueueInfo[] | undefined> {
    return this.#with("listQueues", (connection) => connection.listQueues?.() ?? Promise.resolve(undefined));
  }

  /** Deletes a queue with its messages; content where there is none. */
  deleteQueue(queue: string): Promise<void> {
    this.#declared.forget(queue);
    return this.#with("deleteQueue", (connection) => connection.deleteQueue(queue));
  }

  /** Ends the connection for good; consumers stop, and what they hold is given back uncounted. Safe to call twice. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #open(): Promise<void> {
    const { url, transportOptions } = this.#options;
    let connection: DriverConnection | undefined;
    let lostAtOnce: Error | undefined;
    try {
      connection = await this.#driver.open({
        url,
        options: { ...transportOptions, ...queryOf(url) },
        onLost: (error) => {
          if (connection === undefined) lostAtOnce = error;
          else this.#lose(connection, error);
        },
        onBlocked: (reason) => this.#tellBlocked(reason),
      });
      if (lostAtOnce !== undefined) throw lostAtOnce;
    } catch (error) {
      throw this.#normalise("connecting", error);
    }
    if (this.#closing !== undefined) {
      await connection.close();
      throw new BrokerError("CELERIAC_BROKER_CLOSED", { operation: "connect" });
    }
    this.#declared.clear();
    this.#connection = connection;
    if (connectChannel.hasSubscribers) connectChannel.publish({ url: this.url });
  }

  #lose(connection: DriverConnection, cause: Error): void {
    if (this.#connection !== connection) return;
    this.#abandon();
    const error: CeleriacError =
      cause instanceof CeleriacError ? cause : new BrokerError("CELERIAC_BROKER_LOST", { url: this.url, reason: cause.message }, { cause });
    this.#logger.warn({ url: this.url, error }, "the connection to the broker was lost");
    if (lostChannel.hasSubscribers) lostChannel.publish({ url: this.url, error });
    connection.close().catch((failure: unknown) => this.#logger.debug({ error: failure }, "closing the lost connection failed"));
    for (const listener of this.#lostListeners) listener(error);
  }

  #tellBlocked(reason: string | undefined): void {
    const { url } = this;
    if (reason === undefined) this.#logger.info({ url }, "the broker takes publications again");
    else
      this.#logger.warn(
        { url, reason },
        "the broker takes no publications for now: it is short of memory or disk; they wait until it does",
      );
  }

  #abandon(): void {
    this.#connection = undefined;
    this.#declared.clear();
    for (const consumer of this.#consumers) consumer.end();
    this.#consumers.clear();
  }

  async #close(): Promise<void> {
    const connection = this.#connection;
    this.#abandon();
    // Whoever is connecting finds the broker closed when it is done; its caller hears of that, not ours.
    await this.#connecting?.catch(() => undefined);
    this.#lostListeners.clear();
    if (connection !== undefined) await this.#normalised("close", connection.close());
  }

  #deliver(params: ConsumeParams, received: readonly Delivery[]): void {
    const deliveries = this.#driver.capabilities.countsDeaths ? received : received.map(withCountedDeaths);
    if (deliverChannel.hasSubscribers) deliverChannel.publish({ url: this.url, deliveries });
    params.onDeliveries(deliveries);
  }

  async #settleDisconnected(delivery: Delivery, settlement: Settlement): Promise<boolean> {
    if (this.#closing !== undefined) throw new BrokerError("CELERIAC_BROKER_CLOSED", { operation: "settle" });
    if (!this.#driver.capabilities.deliveriesSurviveReconnect) return false;
    await this.connect();
    return this.settle(delivery, settlement);
  }

  async #with<T>(operation: string, call: (connection: DriverConnection) => Promise<T>): Promise<T> {
    const connection = await this.#live(operation);
    return this.#normalised(operation, call(connection));
  }

  async #live(operation: string): Promise<DriverConnection> {
    if (this.#closing !== undefined) throw new BrokerError("CELERIAC_BROKER_CLOSED", { operation });
    if (this.#connection === undefined) await this.connect();
    // It may have been lost again between the two: the caller's retry, or its next call, connects anew.
    if (this.#connection === undefined)
      throw new BrokerError("CELERIAC_BROKER_LOST", { url: this.url, reason: `it went before ${operation}` });
    return this.#connection;
  }

  async #normalised<T>(operation: string, promise: Promise<T>): Promise<T> {
    try {
      return await promise;
    } catch (error) {
      throw this.#normalise(operation, error);
    }
  }

  #normalise(operation: string, error: unknown): CeleriacError {
    return normaliseBrokerError(this.#driver, this.#options.url, operation, error);
  }

  /** One function for all settlements, so that none costs a closure. */
  readonly #throwSettleError = (error: unknown): never => {
    throw this.#normalise("settle", error);
  };

  #publisherHost(retryPolicy: ResolvedRetryPolicy): ConstructorParameters<typeof Publisher>[0] {
    const connection = (): DriverConnection | undefined => this.#connection;
    return {
      clock: this.clock,
      retryPolicy,
      get connection() {
        return connection();
      },
      connected: (operation) => this.#live(operation),
      normalise: (operation, error) => this.#normalise(operation, error),
    };
  }
}
