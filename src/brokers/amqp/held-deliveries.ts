// The deliveries that a connection holds, by tag. Tags are numbers that no other delivery of this process has, so that one that is used late settles
// nothing else.
import type { Message } from "amqplib";
import type { Delivery, Settlement } from "../../broker/contract.ts";
import type { Acknowledger, Outstanding } from "./acknowledger.ts";
import { type Received, toReceived } from "./message-codec.ts";

/** A delivery that is not settled. */
export interface Held {
  readonly delivery: Delivery;
  /** Where it is to be settled; another after it was leased. */
  outstanding: Outstanding;
  /** When that was delivered, by the monotonic clock. */
  since: number;
}

/** What it needs of its connection. */
export interface HeldHost {
  monotonic(): number;
  /** Publishes a delivery again, for later. */
  park(held: Held, visibleAt: number): Promise<void>;
  /** Publishes a delivery where its queue sends what is refused, if it does. */
  deadLetter(held: Held): Promise<void>;
  /** Something is held again. */
  onFirst(): void;
}

const NOT_OURS: Promise<boolean> = Promise.resolve(false);
let lastTag = 0;

/** What is held. The oldest comes first. */
export class HeldDeliveries {
  readonly #byTag = new Map<number, Held>();
  readonly #host: HeldHost;

  constructor(host: HeldHost) {
    this.#host = host;
  }

  /** Reads a message and holds it. @param acknowledger of its channel; undefined where it is not to be settled */
  receive(message: Message, queue: string, acknowledger: Acknowledger | undefined): Received {
    const tag = ++lastTag;
    const received = toReceived(message, queue, tag);
    if (acknowledger !== undefined) {
      const { deliveryTag } = message.fields as { readonly deliveryTag: number };
      this.#byTag.set(tag, { delivery: received.delivery, outstanding: acknowledger.add(deliveryTag), since: this.#host.monotonic() });
      if (this.#byTag.size === 1) this.#host.onFirst();
    }
    return received;
  }

  /** Ends a delivery; false where it is not ours. */
  settle(tag: unknown, settlement: Settlement): Promise<boolean> {
    const held = typeof tag === "number" ? this.#byTag.get(tag) : undefined;
    if (held === undefined) return NOT_OURS;
    this.#byTag.delete(tag as number); // it was found by it
    const { outstanding } = held;
    const { acknowledger, isLease } = outstanding;
    switch (settlement.kind) {
      case "ack":
        return acknowledger.acknowledge(outstanding);
      case "reject":
        return isLease ? this.#thenAcknowledge(held, () => this.#host.deadLetter(held)) : acknowledger.giveBack(outstanding, false);
      case "requeue": {
        const { visibleAt } = settlement;
        if (visibleAt !== undefined) return this.#thenAcknowledge(held, () => this.#host.park(held, visibleAt));
        // A lease that is refused goes to its origin at once, by the dead-letter arguments of its queue.
        return acknowledger.giveBack(outstanding, !isLease);
      }
    }
  }

  /** Whether a delivery is still held. */
  isHeld(held: Held): boolean {
    return this.#byTag.get(held.delivery.tag as number) === held; // our tags are numbers
  }

  /** From the oldest to the newest. */
  all(): IterableIterator<Held> {
    return this.#byTag.values();
  }

  /** A delivery has a new place: it is the newest. */
  renew(held: Held, outstanding: Outstanding): void {
    held.outstanding = outstanding;
    held.since = this.#host.monotonic();
    const tag = held.delivery.tag as number; // our tags are numbers
    this.#byTag.delete(tag);
    this.#byTag.set(tag, held);
  }

  /** Holds nothing any more. */
  clear(): void {
    this.#byTag.clear();
  }

  /** It is in one place or the other at every moment, and for a moment in both. */
  async #thenAcknowledge(held: Held, publish: () => Promise<void>): Promise<boolean> {
    if (!held.outstanding.acknowledger.isOpen) return false;
    try {
      await publish();
    } catch (error) {
      if (held.outstanding.acknowledger.isOpen) this.#byTag.set(held.delivery.tag as number, held); // our tags are numbers
      throw error;
    }
    return held.outstanding.acknowledger.acknowledge(held.outstanding);
  }
}
