// What is published for later: through Celery's delay queues (delay-routing.ts), which count whole seconds; the rest, less than a second, is waited
// for where the message is delivered. The queue that it is for is bound to the end of the delay queues before, so that any worker gets it,
// also when this one has gone. What is for an exchange of a name comes back through a queue that sends it on to there.
import type { Channel } from "amqplib";
import type { Binding, Publication } from "../../broker/contract.ts";
import { failedOnQueue, refusedByServer } from "./amqp-errors.ts";
import type { Outgoing } from "./amqp-publisher.ts";
import type { ControlChannel } from "./control-channel.ts";
import {
  declareDelayLevels,
  DELAY_ENTRANCE,
  DELAY_TARGET,
  delayPattern,
  delayRoutingKey,
  delayTargetOf,
  forwarderOf,
} from "./delay-routing.ts";
import { toAmqp } from "./message-codec.ts";
import type { OwnHeader } from "./own-header.ts";
import { typedTable } from "./queue-arguments.ts";

/** Delays the publications of one connection. */
export class DelayedDelivery {
  readonly #control: ControlChannel;
  readonly #queueType: "quorum" | "classic";
  readonly #targets = new Map<string, Promise<string>>();
  #levels: Promise<void> | undefined;

  /** @param queueType of the delay queues: that of the cluster, for a queue cannot be declared with two */
  constructor(control: ControlChannel, queueType: "quorum" | "classic") {
    this.#control = control;
    this.#queueType = queueType;
  }

  /**
   * How a publication is sent so that it arrives at its time.
   * @param own what the driver's own header is to say besides
   */
  async prepare(publication: Publication, now: number, own: OwnHeader = {}): Promise<Outgoing> {
    const { exchange, routingKey, message, visibleAt } = publication;
    const plain = { exchange, routingKey, ...(publication.mandatory === true ? { mandatory: true, origin: publication } : {}) };
    const delayMs = visibleAt === undefined ? 0 : visibleAt - now;
    if (visibleAt === undefined || delayMs <= 0) {
      return { ...plain, message: toAmqp(message, Object.keys(own).length === 0 ? undefined : own) };
    }
    const seconds = Math.floor(delayMs / 1000);
    if (seconds === 0) return { ...plain, message: toAmqp(message, { ...own, visibleAt }) };
    const target = await (exchange === "" ? this.#targetOfQueue(routingKey) : this.#targetOfExchange(exchange, routingKey));
    // A queue that is found by another word than its name would not be told what it was published by.
    const address = exchange === "" && target !== routingKey && own.routingKey === undefined ? { exchange, routingKey } : {};
    return {
      exchange: DELAY_ENTRANCE,
      routingKey: delayRoutingKey(seconds, target),
      message: toAmqp(message, { ...own, ...address, visibleAt }),
      mandatory: true,
      ...(publication.mandatory === true ? { origin: publication } : {}),
    };
  }

  /**
   * Binds a quorum queue as Celery does for what Python programs send with a countdown: by each of its keys, through exchanges that are not direct.
   */
  async bindForCelery(queue: string, bindings: readonly Binding[]): Promise<void> {
    await this.#targetOfQueue(queue);
    for (const { exchange, routingKey } of bindings) {
      if (exchange.type !== "topic" || routingKey.startsWith("#")) continue;
      await this.#control.run(async (channel) => {
        await channel.bindExchange(exchange.name, DELAY_TARGET, `#.${routingKey}`);
        await channel.bindQueue(queue, exchange.name, `#.${routingKey}`);
      });
    }
  }

  /** Forgets that a queue was bound: it was deleted, and its bindings with it. */
  forget(queue: string): void {
    this.#targets.delete(queue);
  }

  #targetOfQueue(queue: string): Promise<string> {
    return this.#once(queue, async () => {
      const target = delayTargetOf(queue);
      try {
        await this.#control.run((channel) => channel.bindQueue(queue, DELAY_TARGET, delayPattern(target)));
      } catch (error) {
        throw failedOnQueue(`delaying a message for the queue ${JSON.stringify(queue)}`, queue, error);
      }
      return target;
    });
  }

  #targetOfExchange(exchange: string, routingKey: string): Promise<string> {
    const forwarder = forwarderOf(exchange, routingKey);
    return this.#once(forwarder, async () => {
      await this.#control.run(async (channel) => {
        await channel.assertQueue(forwarder, {
          durable: true,
          arguments: typedTable({ "x-message-ttl": 0, "x-dead-letter-exchange": exchange, "x-dead-letter-routing-key": routingKey }),
        });
        await channel.bindQueue(forwarder, DELAY_TARGET, delayPattern(forwarder));
      });
      return forwarder;
    });
  }

  #once(key: string, bind: () => Promise<string>): Promise<string> {
    let target = this.#targets.get(key);
    if (target === undefined) {
      target = (this.#levels ??= this.#declareLevels()).then(bind);
      this.#targets.set(key, target);
      target.catch(() => this.#targets.delete(key));
    }
    return target;
  }

  async #declareLevels(): Promise<void> {
    try {
      await this.#control.run((channel: Channel) => declareDelayLevels(channel, this.#queueType));
    } catch (error) {
      this.#levels = undefined;
      throw refusedByServer(
        `declaring the queues of delayed messages, of the type ${this.#queueType} (the setting brokerNativeDelayedDeliveryQueueType)`,
        error,
      );
    }
  }
}
