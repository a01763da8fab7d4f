// The unsettled deliveries of one channel, and how they end. What is settled in one turn of the event loop is written at its end in one piece:
// one acknowledgement for all deliveries up to the last of an unbroken run, and one for each of the others.
import { ByteWriter } from "../../stores/amqp/byte-writer.ts";
import type { AmqpChannel, AmqpLink } from "../../stores/amqp/amqp-link.ts";
import { writeAck, writeReject } from "../../stores/amqp/publish-frames.ts";
import { createDeferred, type Deferred } from "../../util/deferred.ts";

/** A delivery that the broker waits to hear of. */
export interface Outstanding {
  readonly deliveryTag: number;
  readonly acknowledger: Acknowledger;
  /** Whether it is a lease and no delivery from its queue. */
  readonly isLease: boolean;
  state: "held" | "acknowledged" | "gone";
}

const NOT_OURS: Promise<boolean> = Promise.resolve(false);
const FRAME_BYTES = 21;
/** So many settled deliveries at the front are not worth moving the others. */
const FEW = 1024;

/** Settles the deliveries of one channel. */
export class Acknowledger {
  readonly #link: AmqpLink;
  readonly #channel: AmqpChannel;
  readonly #barrier: () => Promise<unknown>;
  /** In the order of their tags; those before the first that is held are done with. */
  readonly #outstanding: Outstanding[] = [];
  #first = 0;
  #held = 0;
  #barriers = 0;
  #acknowledged: Outstanding[] = [];
  #givenBack: { readonly deliveryTag: number; readonly requeue: boolean }[] = [];
  #turn: Deferred<boolean> | undefined;
  #giveBackTurn: Deferred<boolean> | undefined;
  #whenEmpty: (() => void) | undefined;

  /** @param barrier a request on this channel that changes nothing: when it is answered, what was written before has been done */
  constructor(link: AmqpLink, channel: AmqpChannel, barrier: () => Promise<unknown>) {
    this.#link = link;
    this.#channel = channel;
    this.#barrier = barrier;
  }

  /** Whether deliveries of this channel can still be settled. */
  get isOpen(): boolean {
    return this.#channel.failure === undefined && this.#link.isOpen;
  }

  /** Remembers a delivery; deliveries come in the order of their tags. */
  add(deliveryTag: number, isLease = false): Outstanding {
    const outstanding: Outstanding = { deliveryTag, acknowledger: this, isLease, state: "held" };
    this.#outstanding.push(outstanding);
    this.#held++;
    return outstanding;
  }

  /** Acknowledges; resolves when that is written, to false where the channel has ended. */
  acknowledge(outstanding: Outstanding): Promise<boolean> {
    if (!this.isOpen || outstanding.state !== "held") return NOT_OURS;
    outstanding.state = "acknowledged";
    this.#acknowledged.push(outstanding);
    return this.#thisTurn().promise;
  }

  /** Gives back or refuses; resolves when the broker has done it, to false where the channel has ended. */
  giveBack(outstanding: Outstanding, requeue: boolean): Promise<boolean> {
    if (!this.isOpen || outstanding.state !== "held") return NOT_OURS;
    outstanding.state = "gone";
    this.#held--;
    this.#givenBack.push({ deliveryTag: outstanding.deliveryTag, requeue });
    this.#thisTurn();
    return (this.#giveBackTurn ??= createDeferred<boolean>()).promise;
  }

  /** Calls back once when nothing is held any more: at once, where nothing is. */
  whenEmpty(callback: () => void): void {
    this.#whenEmpty = callback;
    this.#checkEmpty();
  }

  /** Writes what was settled in this turn. */
  flush(): void {
    const turn = this.#turn;
    if (turn === undefined) return;
    const giveBackTurn = this.#giveBackTurn;
    this.#turn = undefined;
    this.#giveBackTurn = undefined;
    const isOpen = this.isOpen;
    if (isOpen) this.#write();
    this.#acknowledged = [];
    this.#givenBack = [];
    turn.resolve(isOpen);
    if (giveBackTurn !== undefined) {
      if (isOpen) void this.#awaitBarrier(giveBackTurn);
      else giveBackTurn.resolve(false);
    }
    this.#checkEmpty();
  }

  async #awaitBarrier(turn: Deferred<boolean>): Promise<void> {
    this.#barriers++;
    const isDone = await this.#barrier().then(
      () => true,
      () => false, // The channel has ended: the broker gives back everything itself.
    );
    this.#barriers--;
    turn.resolve(isDone);
    this.#checkEmpty();
  }

  #thisTurn(): Deferred<boolean> {
    if (this.#turn === undefined) {
      this.#turn = createDeferred<boolean>();
      // The turn ends when what has arrived until now is handed on too: under load that halves the writes, and an idle loop goes round at once.
      setImmediate(() => setImmediate(() => this.flush()));
    }
    return this.#turn;
  }

  #write(): void {
    const writer = new ByteWriter((this.#acknowledged.length + this.#givenBack.length) * FRAME_BYTES);
    const { number } = this.#channel;
    for (const { deliveryTag, requeue } of this.#givenBack) writeReject(writer, number, deliveryTag, requeue);
    const upTo = this.#lastOfRun();
    if (upTo !== undefined) writeAck(writer, number, upTo.deliveryTag, true);
    for (const outstanding of this.#acknowledged) {
      if (outstanding.state === "acknowledged") writeAck(writer, number, outstanding.deliveryTag, false);
      outstanding.state = "gone";
    }
    this.#held -= this.#acknowledged.length;
    this.#link.write(writer.finish());
  }

  /** The last acknowledged delivery before which none is held; all up to it are marked as gone. */
  #lastOfRun(): Outstanding | undefined {
    let last: Outstanding | undefined;
    for (; this.#first < this.#outstanding.length; this.#first++) {
      const outstanding = this.#outstanding[this.#first];
      if (outstanding === undefined || outstanding.state === "held") break;
      if (outstanding.state === "acknowledged") last = outstanding;
      outstanding.state = "gone";
    }
    if (this.#first > FEW && this.#first * 2 > this.#outstanding.length) {
      this.#outstanding.splice(0, this.#first);
      this.#first = 0;
    }
    return last;
  }

  #checkEmpty(): void {
    if (this.#held > 0 || this.#barriers > 0 || this.#turn !== undefined || this.#whenEmpty === undefined) return;
    const callback = this.#whenEmpty;
    this.#whenEmpty = undefined;
    callback();
  }
}
