// One consumer: a channel of its own, so that its prefetch counts over all of its queues and for it alone. Quorum queues know only a prefetch for
// each queue: where there are some, they have a second channel.
import type { ConsumeMessage } from "amqplib";
import type { ConsumeParams, Delivery, DriverConsumer } from "../../broker/contract.ts";
import type { AmqpChannel } from "../../stores/amqp/amqp-link.ts";
import type { Timer } from "../../util/clock.ts";
import type { Acknowledger } from "./acknowledger.ts";
import type { HeldDeliveries } from "./held-deliveries.ts";

/** What a consumer needs of its connection. */
export interface ConsumerHost {
  readonly held: HeldDeliveries;
  /** Opens a channel; the connection is lost where it ends by itself. */
  openChannel(): Promise<AmqpChannel>;
  /** Makes the keeper of a channel's unsettled deliveries. */
  acknowledgerOf(channel: AmqpChannel, barrier: () => Promise<unknown>): Acknowledger;
  /** @throws where the queue cannot be consumed */
  checkQueue(queue: string): Promise<void>;
  /** Whether the prefetch of this queue must be for it alone. */
  needsLocalPrefetch(queue: string): boolean;
  now(): number;
  setTimer(callback: () => void, delayMs: number): Timer;
  onEnd(consumer: AmqpConsumer): void;
}

interface Lane {
  readonly channel: AmqpChannel;
  readonly acknowledger: Acknowledger;
  readonly isGlobal: boolean;
}

interface Subscription {
  readonly lane: Lane;
  consumerTag: string;
  isActive: boolean;
}

/** RabbitMQ counts in 16 bits; more is no limit. */
const LARGEST_PREFETCH = 65_535;
/** The rest of a delay that the broker does not measure is shorter than this; clocks may differ. */
const LONGEST_HOLD_MS = 1000;
let consumers = 0;

/** Takes messages from queues. */
export class AmqpConsumer implements DriverConsumer {
  readonly #host: ConsumerHost;
  readonly #params: ConsumeParams;
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #lanes: { global?: Promise<Lane>; local?: Promise<Lane> } = {};
  /** Deliveries that are here before their time. */
  readonly #early = new Map<Delivery, Timer>();
  #prefetch: number;
  #batch: Delivery[] = [];
  #isCancelled = false;
  #last: Promise<unknown> = Promise.resolve();

  constructor(host: ConsumerHost, params: ConsumeParams) {
    this.#host = host;
    this.#params = params;
    this.#prefetch = params.prefetch;
  }

  addQueue(queue: string): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#isCancelled || this.#subscriptions.has(queue)) return;
      // A refusal on the consumer's own channel would give back all that it holds.
      await this.#host.checkQueue(queue);
      await this.#subscribe(queue);
    });
  }

  removeQueue(queue: string): Promise<void> {
    return this.#inTurn(async () => {
      const subscription = this.#subscriptions.get(queue);
      if (subscription === undefined) return;
      this.#subscriptions.delete(queue);
      await this.#unsubscribe(subscription);
    });
  }

  setPrefetch(count: number): void {
    if (count === this.#prefetch || this.#params.noAck === true) return;
    this.#prefetch = count;
    // Where it fails the channel has ended, which the connection reports.
    this.#inTurn(() => this.#applyPrefetch(count)).catch(() => undefined);
  }

  cancel(): Promise<void> {
    if (this.#isCancelled) return this.#last.then(() => undefined);
    this.#isCancelled = true;
    for (const [delivery, timer] of this.#early) {
      timer.cancel();
      void this.#host.held.settle(delivery.tag, { kind: "requeue" });
    }
    this.#early.clear();
    return this.#inTurn(async () => {
      const subscriptions = [...this.#subscriptions.values()];
      this.#subscriptions.clear();
      await Promise.all(subscriptions.map((subscription) => this.#unsubscribe(subscription)));
      for (const lane of await this.#openLanes()) closeWhenEmpty(lane);
      this.#host.onEnd(this);
    });
  }

  /** The connection has ended: nothing is to be told to the broker. */
  end(): void {
    this.#isCancelled = true;
    for (const timer of this.#early.values()) timer.cancel();
    this.#early.clear();
    this.#batch = [];
  }

  async #subscribe(queue: string): Promise<void> {
    const lane = await this.#laneOf(queue);
    const subscription: Subscription = { lane, consumerTag: `celeriac.${++consumers}`, isActive: true };
    this.#subscriptions.set(queue, subscription);
    try {
      await lane.channel.api.consume(queue, (message) => this.#receive(queue, subscription, message), {
        consumerTag: subscription.consumerTag,
        noAck: this.#params.noAck ?? false,
      });
    } catch (error) {
      this.#subscriptions.delete(queue);
      throw error;
    }
  }

  async #unsubscribe(subscription: Subscription): Promise<void> {
    subscription.isActive = false;
    const { channel } = subscription.lane;
    if (channel.failure === undefined) await channel.api.cancel(subscription.consumerTag);
  }

  #laneOf(queue: string): Promise<Lane> {
    return this.#host.needsLocalPrefetch(queue)
      ? (this.#lanes.local ??= this.#openLane(false))
      : (this.#lanes.global ??= this.#openLane(true));
  }

  async #openLane(isGlobal: boolean): Promise<Lane> {
    const channel = await this.#host.openChannel();
    const setPrefetch = (): Promise<unknown> => channel.api.prefetch(amqpPrefetch(this.#prefetch), isGlobal);
    if (this.#params.noAck !== true) await setPrefetch();
    return { channel, acknowledger: this.#host.acknowledgerOf(channel, setPrefetch), isGlobal };
  }

  async #openLanes(): Promise<readonly Lane[]> {
    const lanes = await Promise.allSettled([this.#lanes.global, this.#lanes.local]);
    return lanes.flatMap((lane) => (lane.status === "fulfilled" && lane.value !== undefined ? [lane.value] : []));
  }

  async #applyPrefetch(count: number): Promise<void> {
    // Another change came meanwhile: that is applied alone.
    if (count !== this.#prefetch || this.#isCancelled) return;
    for (const lane of await this.#openLanes()) {
      await lane.channel.api.prefetch(amqpPrefetch(count), lane.isGlobal);
      if (lane.isGlobal) continue;
      // A prefetch for each queue is that of consumers which begin after it was set.
      for (const [queue, subscription] of this.#subscriptions) {
        if (subscription.lane !== lane) continue;
        await this.#subscribe(queue);
        await this.#unsubscribe(subscription);
      }
    }
  }

  #receive(queue: string, subscription: Subscription, message: ConsumeMessage | null): void {
    if (message === null) {
      if (this.#subscriptions.get(queue) === subscription) this.#subscriptions.delete(queue);
      if (subscription.isActive && !this.#isCancelled)
        this.#params.onCancel?.(queue, "the broker ended it: the queue was deleted, or its node has failed");
      subscription.isActive = false;
      return;
    }
    const { noAck } = this.#params;
    const { delivery, visibleAt } = this.#host.held.receive(message, queue, noAck === true ? undefined : subscription.lane.acknowledger);
    if (this.#isCancelled || !subscription.isActive) {
      void this.#host.held.settle(delivery.tag, { kind: "requeue" });
      return;
    }
    const earlyMs = visibleAt === undefined ? 0 : visibleAt - this.#host.now();
    if (earlyMs > 0) this.#holdUntil(delivery, Math.min(earlyMs, LONGEST_HOLD_MS));
    else this.#hand(delivery);
  }

  #holdUntil(delivery: Delivery, delayMs: number): void {
    this.#early.set(
      delivery,
      this.#host.setTimer(() => {
        this.#early.delete(delivery);
        this.#hand(delivery);
      }, delayMs),
    );
  }

  /** What comes in one read of the socket is handed on together. */
  #hand(delivery: Delivery): void {
    this.#batch.push(delivery);
    if (this.#batch.length > 1) return;
    queueMicrotask(() => {
      const batch = this.#batch;
      this.#batch = [];
      if (batch.length === 0) return;
      if (!this.#isCancelled) this.#params.onDeliveries(batch);
      else for (const { tag } of batch) void this.#host.held.settle(tag, { kind: "requeue" });
    });
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const done = this.#last.then(run);
    this.#last = done.catch(() => undefined);
    return done;
  }
}

function amqpPrefetch(count: number): number {
  return count > LARGEST_PREFETCH ? 0 : count;
}

/** What is held goes back when its channel is closed: so not before it is settled. */
function closeWhenEmpty({ acknowledger, channel }: Lane): void {
  acknowledger.whenEmpty(() => {
    if (channel.failure === undefined) channel.api.close().catch(() => undefined); // the link has ended
  });
}
