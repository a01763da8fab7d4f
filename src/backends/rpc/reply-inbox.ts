// Takes the results that arrive in this process's reply queue. It begins when somebody first asks for one: a process that only sends and executes tasks takes
// nothing. To know that all that was sent before has arrived, it sends a mark to its own queue and waits for that: the queue keeps the order.
//   idle --ready()--> opening --> consuming --connection lost, queue deleted, stop()--> idle
import { randomUUID } from "node:crypto";
import type { Broker } from "../../broker/broker.ts";
import type { BrokerConsumer } from "../../broker/broker-consumer.ts";
import type { Delivery, Queue } from "../../broker/contract.ts";
import { BackendError } from "../../errors/celeriac-error.ts";
import type { Logger } from "../../util/logger.ts";
import type { ReplyCodec } from "./reply-codec.ts";
import type { ReplyStore } from "./reply-store.ts";

const MARK_TYPE = "application/x-celeriac-mark";

/** What an inbox works with. */
export interface ReplyInboxParams {
  readonly broker: Broker;
  readonly queue: Queue;
  readonly codec: ReplyCodec;
  readonly store: ReplyStore;
  readonly logger: Logger;
  /** Called when no more results arrive. */
  onLost(error: Error): void;
}

interface Mark {
  resolve(): void;
  reject(error: Error): void;
}

/** The reply queue of this process. */
export class ReplyInbox {
  readonly #params: ReplyInboxParams;
  readonly #marks = new Map<string, Mark>();
  readonly #stopListening: () => void;
  #consumer: Promise<BrokerConsumer> | undefined;
  #arrived: Promise<void> | undefined;

  constructor(params: ReplyInboxParams) {
    this.#params = params;
    this.#stopListening = params.broker.onLost((error) => this.#lose(error));
  }

  /** Resolves when results are being taken. */
  async ready(): Promise<void> {
    if (this.#consumer === undefined) {
      const consumer = this.#consume();
      this.#consumer = consumer;
      consumer.catch(() => {
        if (this.#consumer === consumer) this.#consumer = undefined; // Who waits for it is told why; the next one tries again.
      });
    }
    await this.#consumer;
  }

  /** Resolves when all results that were sent before have arrived. Those who ask in one turn share a mark. */
  arrived(): Promise<void> {
    this.#arrived ??= Promise.resolve().then(() => {
      this.#arrived = undefined;
      return this.#mark();
    });
    return this.#arrived;
  }

  /** Takes no more. */
  async stop(): Promise<void> {
    this.#stopListening();
    const consumer = this.#consumer;
    this.#consumer = undefined;
    this.#fail(new BackendError("CELERIAC_BACKEND_CLOSED", { operation: "waiting for results" }));
    // Where it could not begin there is nothing to end; its callers were told why.
    await (await consumer?.catch(() => undefined))?.cancel();
  }

  async #consume(): Promise<BrokerConsumer> {
    const { broker, queue } = this.#params;
    await broker.declare(queue);
    return broker.consume({
      queues: [queue.name],
      prefetch: 0,
      noAck: true,
      onDeliveries: (deliveries) => {
        for (const delivery of deliveries) this.#take(delivery);
      },
      onCancel: (name, reason) => this.#lose(new Error(`the reply queue ${name} is gone: ${reason}`)),
    });
  }

  #take(delivery: Delivery): void {
    const { codec, store, logger, queue } = this.#params;
    if (delivery.contentType === MARK_TYPE) {
      const id = delivery.properties.correlationId ?? "";
      this.#marks.get(id)?.resolve();
      this.#marks.delete(id);
      return;
    }
    try {
      const reply = codec.read(delivery);
      if (reply) store.add(reply);
      else logger.warn({ queue: queue.name }, "a message in the reply queue names no task; it is dropped");
    } catch (error) {
      logger.error(
        { err: error, queue: queue.name, taskId: delivery.properties.correlationId },
        "a result has arrived that cannot be read; it is dropped",
      );
    }
  }

  async #mark(): Promise<void> {
    const { broker, queue } = this.#params;
    await this.ready();
    const id = randomUUID();
    const back = new Promise<void>((resolve, reject) => this.#marks.set(id, { resolve, reject }));
    const message = {
      body: "",
      contentType: MARK_TYPE,
      contentEncoding: "utf-8",
      headers: {},
      properties: { correlationId: id, deliveryMode: 1 },
    } as const;
    const sent = broker.publish({ exchange: "", routingKey: queue.name, message });
    try {
      await Promise.all([sent, back]);
    } finally {
      this.#marks.delete(id);
    }
  }

  #lose(error: Error): void {
    this.#consumer = undefined;
    this.#fail(error);
    this.#params.onLost(error);
  }

  #fail(error: Error): void {
    for (const mark of this.#marks.values()) mark.reject(error);
    this.#marks.clear();
  }
}
