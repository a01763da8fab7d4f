// The broker contract: what a driver does, and no more. Its model is AMQP's: exchanges route publications into queues by bindings,
// consumers hold deliveries until they settle them. Nobody but the facade (broker.ts) calls a driver: retries, argument checks,
// closed-state checks, error normalising, dead-lettering and the coalescing of what callers do one by one are not a driver's work,
// unless its store does them better.

/** What a driver can do. A flag that is false has a documented way of doing without. */
export interface BrokerCapabilities {
  /** A message may be published, or put back, to become visible only at a later time. */
  readonly delay: boolean;
  /** Messages that are delayed are counted with those that wait in their queue, and purged with them. Where not, both see only what is due. */
  readonly countsDelayed: boolean;
  /** Messages of higher priority are delivered first. */
  readonly priority: boolean;
  /** The lowest number is the highest priority, and is what a message has that gives none: so Celery has it on Redis. @default false */
  readonly lowestFirst?: boolean;
  /** Fanout exchanges, and so events and remote control. */
  readonly fanout: boolean;
  /** The broker itself drops messages that have expired. */
  readonly expiry: boolean;
  /** The store counts, for each message, the deaths that {@link Settlement} reports. Where not, the facade keeps the count in a header. */
  readonly countsDeaths: boolean;
  /** A delivery outlives its connection: after a reconnect it may still be settled. */
  readonly deliveriesSurviveReconnect: boolean;
  /**
   * A task with a time is published at once, and whoever takes it waits for that time: a Python worker would get one that was parked by its
   * sender late. Our workers park it. @default false
   */
  readonly consumersDelay?: boolean;
  /** Python programs may read the queues: messages are written in full. Where false, headers that say nothing may be left out. */
  readonly celeryPeers: boolean;
  /** Other processes see the same queues. */
  readonly shared: boolean;
}

/** How an exchange picks queues: by equal key, by pattern (`*` one word, `#` any number), or all that are bound. */
export type ExchangeType = "direct" | "topic" | "fanout" | "headers";

/** Where publications go to be routed. The exchange named `""` always exists: it routes to the queue that the key names. */
export interface Exchange {
  readonly name: string;
  readonly type: ExchangeType;
  /** Survives a restart of the broker. @default true */
  readonly durable?: boolean;
  /** Goes when its last queue is unbound. @default false */
  readonly autoDelete?: boolean;
  readonly arguments?: Readonly<Record<string, unknown>>;
}

/** A line from an exchange to a queue. */
export interface Binding {
  readonly exchange: Exchange;
  readonly routingKey: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
}

/** Where messages wait. */
export interface Queue {
  readonly name: string;
  /** Lines that lead into it. @default none: it is reached by its name alone */
  readonly bindings?: readonly Binding[];
  /** Survives a restart of the broker. @default true */
  readonly durable?: boolean;
  /** Belongs to the connection that declared it and goes with it. @default false */
  readonly exclusive?: boolean;
  /** Goes when its last consumer has gone. @default false */
  readonly autoDelete?: boolean;
  /** Goes when unused for so long, in milliseconds. */
  readonly expiresMs?: number;
  /** Messages in it expire after so long, in milliseconds. */
  readonly messageTtlMs?: number;
  /** Highest priority that it sorts by. */
  readonly maxPriority?: number;
  /** What AMQP calls arguments; `x-queue-type` and the like. */
  readonly arguments?: Readonly<Record<string, unknown>>;
}

/** The properties of a message, in AMQP's sense. */
export interface MessageProperties {
  readonly correlationId?: string;
  readonly replyTo?: string;
  /** 2 persistent, 1 transient. @default 2 */
  readonly deliveryMode?: 1 | 2;
  /** 0 to 255; a higher one is served first. @default 0 */
  readonly priority?: number;
  /** Expires so many milliseconds after it was published. */
  readonly expirationMs?: number;
  readonly messageId?: string;
  readonly timestamp?: number;
  readonly type?: string;
  readonly userId?: string;
  readonly appId?: string;
  /** Properties that AMQP does not have but a caller gave; kept where the driver can. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** A message to be sent. */
export interface OutgoingMessage {
  /** The serialised body; a string stands for its UTF-8 bytes. */
  readonly body: string | Uint8Array;
  readonly contentType: string;
  readonly contentEncoding: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly properties: MessageProperties;
}

/** A message with its address. */
export interface Publication {
  /** Name of the exchange; `""` is the default exchange. */
  readonly exchange: string;
  readonly routingKey: string;
  readonly message: OutgoingMessage;
  /** Not delivered before this time, in milliseconds since 1970. Needs the capability `delay`. */
  readonly visibleAt?: number;
  /**
   * A queue must take it. Where none is bound, it alone is refused, by the error that `noQueueTakes` makes (no-queue-takes.ts): all else
   * of its call is published. A store that makes a queue when it is first named, as Redis does, always takes what goes through the default
   * exchange. Not for fanout exchanges, which may have no listeners: publishers leave it out there, and a driver that knows ignores it.
   * @default false: what no queue takes is dropped, as in AMQP
   */
  readonly mandatory?: boolean;
}

/**
 * Names a delivery on the connection that received it. Opaque. No two deliveries that a process receives from a driver have the same,
 * whatever their connections: a tag that is used late, after a reconnect, must not settle another message.
 */
export type DeliveryTag = number | string;

/** How often processes died with a message in their hands. */
export interface Deaths {
  /** Children that a supervisor saw die while they ran it. */
  readonly child: number;
  /** Whole workers that vanished while they held it, started or not. */
  readonly worker: number;
}

/** A message received. It is ours until it is settled. */
export interface Delivery {
  readonly tag: DeliveryTag;
  /** The queue it came from. */
  readonly queue: string;
  /** The exchange it was published to. */
  readonly exchange: string;
  readonly routingKey: string;
  /** Whether it was delivered before. */
  readonly redelivered: boolean;
  readonly deaths: Deaths;
  readonly body: string | Uint8Array;
  readonly contentType: string;
  readonly contentEncoding: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly properties: MessageProperties;
}

/** How a delivery ends. */
export type Settlement =
  /** Done with: the message is gone. */
  | { readonly kind: "ack" }
  /** Refused: gone, or moved where the queue's own dead-letter arguments say. */
  | { readonly kind: "reject" }
  /** Given back, in its old place where the store can. */
  | {
      readonly kind: "requeue";
      /** Which death is counted, if any. Without one, `redelivered` is set but nothing is counted. */
      readonly death?: keyof Deaths;
      /** Put back to be visible only at this time, in milliseconds since 1970. Needs the capability `delay`. This is parking: it sets and counts nothing. */
      readonly visibleAt?: number;
    };

/** What a consumer asks for. */
export interface ConsumeParams {
  /** Names of queues; each must exist. */
  readonly queues: readonly string[];
  /** How many unsettled deliveries it holds at most; 0 means no limit. */
  readonly prefetch: number;
  /** Deliveries are gone as soon as they were received. @default false */
  readonly noAck?: boolean;
  /** Called with each batch of deliveries, in order. Must not throw. */
  onDeliveries(deliveries: readonly Delivery[]): void;
  /** Called when the broker ended the consuming of a queue, as when it was deleted. */
  onCancel?(queue: string, reason: string): void;
}

/** Someone who takes messages from queues. */
export interface DriverConsumer {
  /** Takes from one more queue. */
  addQueue(queue: string): Promise<void>;
  /** Takes no more from a queue; what it delivered stays to be settled. */
  removeQueue(queue: string): Promise<void>;
  /** Changes how many unsettled deliveries are held at most; 0 means no limit. */
  setPrefetch(count: number): void;
  /** Takes no more. What was delivered stays to be settled. Safe to call twice. */
  cancel(): Promise<void>;
}

/** What is known of a queue. */
export interface QueueInfo {
  readonly name: string;
  /** Messages waiting, delayed ones included where the driver counts them ({@link BrokerCapabilities.countsDelayed}), delivered ones not. */
  readonly messages: number;
  readonly consumers: number;
}

/** What a driver is opened with. */
export interface OpenParams {
  /** The URL as configured, its query included. */
  readonly url: string;
  /** The setting `brokerTransportOptions`, with the URL's query merged in. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Called once when the connection is lost, not when it is closed. */
  onLost(error: Error): void;
  /** Called when the broker, short of memory or disk, takes no more publications, with its reason; and with undefined when it takes them again. */
  onBlocked?(reason: string | undefined): void;
}

/** A live connection. Everything but `close` fails after it was lost or closed. */
export interface DriverConnection {
  declareExchange(exchange: Exchange): Promise<void>;
  deleteExchange(name: string): Promise<void>;
  /** Makes the queue, the exchanges of its bindings and the bindings, where they do not exist. */
  declareQueue(queue: Queue): Promise<QueueInfo>;
  deleteQueue(name: string): Promise<void>;
  bindQueue(queue: string, binding: Binding): Promise<void>;
  unbindQueue(queue: string, binding: Binding): Promise<void>;
  /** What is known of a queue; undefined where there is none. */
  queueInfo(name: string): Promise<QueueInfo | undefined>;
  /** Names of all queues; only where the store can tell. */
  listQueues?(): Promise<readonly QueueInfo[]>;
  /** Removes the waiting messages, delayed ones included where the driver counts them; resolves to their number. */
  purge(queue: string): Promise<number>;
  /**
   * Resolves when all are as durable as the driver makes them; is rejected where a mandatory one was taken by no queue ({@link Publication}).
   * Calls within one turn of the event loop share one transaction, pipeline or confirm.
   */
  publish(publications: readonly Publication[]): Promise<void>;
  /** Takes one message, if there is one. */
  get(queue: string, options?: { readonly noAck?: boolean }): Promise<Delivery | undefined>;
  consume(params: ConsumeParams): Promise<DriverConsumer>;
  /**
   * Ends a delivery. Coalesced like publishing. Resolves to false, and changes nothing, where the delivery is no longer ours:
   * its lease was lost, or it was settled before.
   */
  settle(tag: DeliveryTag, settlement: Settlement): Promise<boolean>;
  /** Stops consumers and gives back what they hold, uncounted. Safe to call twice. */
  close(): Promise<void>;
}

/** A driver: how to talk to one kind of broker. Exported by `brokers/<name>/index.ts` as `createBrokerDriver`. */
export interface BrokerDriver {
  /** The URL scheme it is known by, such as `"sqlite"`. */
  readonly name: string;
  readonly capabilities: BrokerCapabilities;
  open(params: OpenParams): Promise<DriverConnection>;
  /** Turns what the driver's client throws into what the caller can do about it. @default unavailable */
  classifyError?(error: unknown): "unavailable" | "lost" | "refused";
}
