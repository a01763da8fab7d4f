// Deliveries that are held for long. RabbitMQ ends the channel of a consumer that has not acknowledged for its delivery timeout, 30 minutes by default,
// and gives all that it held to others: a task that takes longer would be executed again and again. So before three quarters of that time a copy
// is published, confirmed, to a queue of our own, is taken from there at once, and only then the original is acknowledged: from now on the
// copy is what is held, for as long again. Nobody else takes from that queue. When we vanish, RabbitMQ puts the copy back into it; it has
// outlived the time that messages of this queue have, and so goes to the origin at once, by the queue's dead-letter arguments.
import { randomUUID } from "node:crypto";
import type { OutgoingMessage } from "../../broker/contract.ts";
import type { AmqpChannel } from "../../stores/amqp/amqp-link.ts";
import type { AmqpPublication } from "../../stores/amqp/publish-frames.ts";
import type { Clock, Timer } from "../../util/clock.ts";
import type { Acknowledger } from "./acknowledger.ts";
import type { ControlChannel } from "./control-channel.ts";
import type { Held, HeldDeliveries } from "./held-deliveries.ts";
import { addressOf, republished, toAmqp, toReceived } from "./message-codec.ts";
import { typedTable } from "./queue-arguments.ts";

/** What a keeper works with. */
export interface LeaseHost {
  readonly clock: Clock;
  readonly held: HeldDeliveries;
  readonly control: ControlChannel;
  publish(messages: readonly AmqpPublication[]): Promise<void>;
  openChannel(): Promise<AmqpChannel>;
  acknowledgerOf(channel: AmqpChannel, barrier: () => Promise<unknown>): Acknowledger;
}

interface LeaseChannel {
  readonly channel: AmqpChannel;
  readonly acknowledger: Acknowledger;
}

/** The part of the delivery timeout after which a delivery is leased: before three quarters, with time to try again. */
const PART = 0.6;
/** The part of it after which a lease that failed is tried again. */
const RETRY_PART = 0.03;
/** Longest time from the copy's being published to its being taken. */
const LONGEST_TTL_MS = 60_000;
/** A lease queue that nobody uses goes; it must not while something of it is held. */
const SHORTEST_EXPIRY_MS = 600_000;

/** Keeps long deliveries. */
export class LeaseKeeper {
  readonly #host: LeaseHost;
  readonly #timeoutMs: number;
  /** The lease queues, by the queue that they are for. */
  readonly #queues = new Map<string, string>();
  #channel: Promise<LeaseChannel> | undefined;
  #timer: Timer | undefined;
  #isStopped = false;

  /** @param timeoutMs RabbitMQ's delivery timeout; 0 where it has none */
  constructor(host: LeaseHost, timeoutMs: number) {
    this.#host = host;
    this.#timeoutMs = timeoutMs;
  }

  /** Looks after what is held: to be called when something is held after nothing was. */
  wake(): void {
    if (this.#timer !== undefined || this.#isStopped || this.#timeoutMs === 0) return;
    const [oldest] = this.#host.held.all();
    if (oldest === undefined) return;
    this.#arm(oldest.since + this.#timeoutMs * PART - this.#host.clock.monotonic());
  }

  /** Looks after nothing any more. */
  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
  }

  #arm(delayMs: number): void {
    this.#timer = this.#host.clock.setTimer(() => void this.#renew(), Math.max(1, delayMs), { unref: true });
  }

  async #renew(): Promise<void> {
    const due = this.#due();
    const byQueue = Map.groupBy(due, ({ delivery }) => delivery.queue);
    const outcomes = await Promise.allSettled([...byQueue].map(([queue, held]) => this.#lease(queue, held)));
    this.#timer = undefined;
    if (this.#isStopped) return;
    // Where a lease failed the connection has mostly ended. Where it lives, there is time for some more tries.
    if (outcomes.some(({ status }) => status === "rejected")) this.#arm(this.#timeoutMs * RETRY_PART);
    else this.wake();
  }

  #due(): readonly Held[] {
    const before = this.#host.clock.monotonic() - this.#timeoutMs * PART;
    const due: Held[] = [];
    for (const held of this.#host.held.all()) {
      // The oldest come first.
      if (held.since > before) break;
      due.push(held);
    }
    return due;
  }

  async #lease(queue: string, due: readonly Held[]): Promise<void> {
    const leaseQueue = await this.#declare(queue);
    const byLease = new Map(due.map((held) => [randomUUID() as string, held]));
    const copies = [...byLease].map(([lease, { delivery }]) => ({
      exchange: "",
      routingKey: leaseQueue,
      mandatory: true,
      message: toAmqp(withoutExpiration(republished(delivery)), { ...addressOf(delivery), lease }),
    }));
    await this.#host.publish(copies);
    const { channel, acknowledger } = await (this.#channel ??= this.#openChannel());
    const { held } = this.#host;
    for (;;) {
      const message = await channel.api.get(leaseQueue, { noAck: false });
      if (message === false) break;
      const copy = acknowledger.add(message.fields.deliveryTag, true);
      const leased = byLease.get(toReceived(message, queue, 0).lease ?? "");
      if (leased !== undefined && held.isHeld(leased)) {
        const original = leased.outstanding;
        held.renew(leased, copy);
        await original.acknowledger.acknowledge(original);
      } else await acknowledger.acknowledge(copy); // It was settled meanwhile, or an earlier try left it.
    }
  }

  /** Declared with each renewal: that counts as use, and a queue which is used does not expire. */
  async #declare(queue: string): Promise<string> {
    let name = this.#queues.get(queue);
    if (name === undefined) this.#queues.set(queue, (name = `celeriac.lease.${randomUUID()}`));
    const leaseQueue = name;
    await this.#host.control.run((channel) =>
      channel.assertQueue(leaseQueue, {
        durable: true,
        arguments: typedTable({
          "x-dead-letter-exchange": "",
          "x-dead-letter-routing-key": queue,
          "x-message-ttl": Math.round(Math.min(LONGEST_TTL_MS, this.#timeoutMs / 4)),
          "x-expires": Math.round(Math.max(SHORTEST_EXPIRY_MS, this.#timeoutMs * 2)),
        }),
      }),
    );
    return leaseQueue;
  }

  async #openChannel(): Promise<LeaseChannel> {
    const channel = await this.#host.openChannel();
    return { channel, acknowledger: this.#host.acknowledgerOf(channel, () => channel.api.prefetch(0, false)) };
  }
}

/** What is executed does not expire. */
function withoutExpiration(message: OutgoingMessage): OutgoingMessage {
  const { expirationMs: _, ...properties } = message.properties;
  return { ...message, properties };
}
