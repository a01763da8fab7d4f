// Publishing with confirms. What is published in one turn of the event loop is written at its end in one piece; the broker's confirms, which come
// for many messages at once, settle one promise for each call. A refused message makes RabbitMQ end the channel, with all that is under way
// on it: then a new one is opened and the calls are sent anew one at a time, so that the one which is refused is found and only that fails.
import type { Message } from "amqplib";
import type { Publication } from "../../broker/contract.ts";
import { noQueueTakes } from "../../broker/no-queue-takes.ts";
import { BrokerError } from "../../errors/celeriac-error.ts";
import type { AmqpChannel, AmqpLink } from "../../stores/amqp/amqp-link.ts";
import { ByteWriter } from "../../stores/amqp/byte-writer.ts";
import { type AmqpPublication, type FrameTarget, writePublish } from "../../stores/amqp/publish-frames.ts";
import { TableUnwritableError } from "../../stores/amqp/table-writer.ts";
import { createDeferred, type Deferred } from "../../util/deferred.ts";
import { refusedByServer } from "./amqp-errors.ts";

/** A message as it is sent, and as it was given. */
export interface Outgoing extends AmqpPublication {
  /** Absent where it is the driver's own. */
  readonly origin?: Publication;
}

/** Messages that succeed or fail together. */
interface Call {
  readonly messages: readonly Outgoing[];
  readonly deferred: Deferred<void>;
  /** How many of them are written. */
  sent: number;
  /** How many of them are not confirmed. */
  left: number;
  failure: Error | undefined;
  /** Those that came back: no queue takes them. */
  untaken: Set<Outgoing> | undefined;
}

/** Unconfirmed messages on the way at most. */
const WINDOW = 8192;
/** Bytes that are written at once. */
const PIECE_BYTES = 1024 * 1024;
const FEW = 1024;
/** Bytes that are reserved for a message; a guess that spares most copies. */
const GUESS_BYTES = 1280;

/** Publishes through one channel at a time. */
export class AmqpPublisher {
  readonly #openLink: () => Promise<AmqpLink>;
  readonly #confirms: boolean;
  readonly #onFailed: (error: Error) => void;
  #link: AmqpLink | undefined;
  #channel: AmqpChannel | undefined;
  #opening = false;
  #scheduled = false;
  #waitsForDrain = false;
  #failure: Error | undefined;
  /** Calls that are not written, or not to their end. */
  #waiting: Call[] = [];
  /** The calls of the messages that are written, in the order of their sequence numbers; undefined where confirmed. */
  #unconfirmed: (Call | undefined)[] = [];
  #first = 0;
  /** Sequence number of the message at {@link #first}. */
  #firstNumber = 1;
  /** So many calls at the front are sent one at a time: one of them was refused. */
  #suspects = 0;
  #idle: Deferred<void> | undefined;

  /**
   * @param confirms whether the broker confirms; where not, what is written is taken for published
   * @param onFailed called where there is no channel to be had: {@link fail} is to be called then
   */
  constructor(openLink: () => Promise<AmqpLink>, confirms: boolean, onFailed: (error: Error) => void) {
    this.#openLink = openLink;
    this.#confirms = confirms;
    this.#onFailed = onFailed;
  }

  /** Publishes messages in their order; resolves when all are confirmed. */
  publish(messages: readonly Outgoing[]): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const call: Call = {
      messages,
      deferred: createDeferred<void>(),
      sent: 0,
      left: messages.length,
      failure: undefined,
      untaken: undefined,
    };
    this.#waiting.push(call);
    this.#schedule();
    return call.deferred.promise;
  }

  /** Resolves when nothing is under way. */
  drained(): Promise<void> {
    if (this.#isIdle) return Promise.resolve();
    return (this.#idle ??= createDeferred<void>()).promise;
  }

  /** Ends it: everything under way fails with this error, and so does what comes. */
  fail(error: Error): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    const calls = this.#takeAll();
    for (const call of calls) call.deferred.reject(error);
    this.#checkIdle();
  }

  get #isIdle(): boolean {
    return this.#waiting.length === 0 && this.#first === this.#unconfirmed.length;
  }

  #schedule(): void {
    if (this.#scheduled || this.#opening || this.#waitsForDrain) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#failure !== undefined) return;
    if (this.#channel === undefined) {
      if (this.#waiting.length > 0) void this.#open();
      return;
    }
    while (this.#waiting.length > 0 && this.#room > 0) {
      if (this.#writePiece()) continue;
      this.#waitsForDrain = true;
      this.#link?.onceDrained(() => {
        this.#waitsForDrain = false;
        this.#schedule();
      });
      break;
    }
    this.#checkIdle();
  }

  get #room(): number {
    const underWay = this.#unconfirmed.length - this.#first;
    if (this.#suspects > 0) return underWay === 0 ? WINDOW : 0;
    return WINDOW - underWay;
  }

  async #open(): Promise<void> {
    if (this.#opening) return;
    this.#opening = true;
    try {
      this.#link = await this.#openLink();
      let mine: AmqpChannel | undefined;
      mine = await this.#link.openChannel({
        confirms: this.#confirms,
        onEnd: (refusal) => {
          if (mine !== undefined && this.#channel === mine) this.#end(refusal);
        },
      });
      mine.api.on("ack", ({ deliveryTag, multiple }) => this.#confirm(deliveryTag, multiple, false));
      mine.api.on("nack", ({ deliveryTag, multiple }) => this.#confirm(deliveryTag, multiple, true));
      mine.api.on("return", (message) => this.#returned(message));
      this.#channel = mine;
      this.#unconfirmed = [];
      this.#first = 0;
      this.#firstNumber = 1;
    } catch (error) {
      this.#onFailed(error as Error);
      return;
    } finally {
      this.#opening = false;
    }
    this.#flush();
  }

  /** Writes as much as goes into one piece. @returns whether the socket takes more */
  #writePiece(): boolean {
    const { number = 0 } = this.#channel ?? {};
    const target = { channel: number, frameMax: this.#link?.frameMax ?? 4096 };
    const writer = new ByteWriter(Math.min(PIECE_BYTES, GUESS_BYTES * this.#waiting.length));
    let taken = 0;
    while (taken < this.#waiting.length && writer.length < PIECE_BYTES && this.#room > 0) {
      const call = this.#waiting[taken];
      if (call === undefined || !this.#writeCall(call, writer, target)) break;
      taken++;
      if (this.#suspects > 0) break;
    }
    this.#waiting = taken === this.#waiting.length ? [] : this.#waiting.slice(taken);
    if (writer.length === 0) return true;
    return this.#link?.write(writer.finish()) ?? false;
  }

  /** Writes the messages of a call as far as there is room. @returns whether it is written to its end, or has failed */
  #writeCall(call: Call, writer: ByteWriter, target: FrameTarget): boolean {
    const startLength = writer.length;
    const { messages } = call;
    const sentBefore = call.sent;
    while (call.sent < messages.length) {
      if (writer.length >= PIECE_BYTES || (this.#suspects === 0 && this.#room <= 0)) return false;
      const outgoing = messages[call.sent];
      if (outgoing === undefined) break;
      try {
        writePublish(writer, target, outgoing);
      } catch (error) {
        // What of it was written in this piece is taken back; what was sent before cannot be.
        writer.truncate(startLength);
        if (this.#confirms) this.#unconfirmed.length -= call.sent - sentBefore;
        call.deferred.reject(error instanceof TableUnwritableError ? unwritable(outgoing, error) : error);
        call.left = 0;
        if (this.#suspects > 0) this.#suspects--;
        return true;
      }
      call.sent++;
      if (this.#confirms) this.#unconfirmed.push(call);
    }
    if (!this.#confirms) call.deferred.resolve();
    return true;
  }

  #confirm(deliveryTag: number, multiple: boolean, refused: boolean): void {
    const index = this.#first + deliveryTag - this.#firstNumber;
    if (multiple) {
      for (let at = this.#first; at <= index; at++) this.#confirmAt(at, refused);
    } else this.#confirmAt(index, refused);
    while (this.#first < this.#unconfirmed.length && this.#unconfirmed[this.#first] === undefined) {
      this.#first++;
      this.#firstNumber++;
    }
    if (this.#first > FEW && this.#first * 2 > this.#unconfirmed.length) {
      this.#unconfirmed.splice(0, this.#first);
      this.#first = 0;
    }
    if (this.#waiting.length > 0) this.#schedule();
    else this.#checkIdle();
  }

  #confirmAt(index: number, refused: boolean): void {
    const call = this.#unconfirmed[index];
    if (call === undefined) return;
    this.#unconfirmed[index] = undefined;
    if (refused) call.failure ??= nacked(call.messages);
    if (--call.left !== 0) return;
    if (this.#suspects > 0) this.#suspects--;
    const failure = call.failure ?? untakenOf(call);
    if (failure === undefined) call.deferred.resolve();
    else call.deferred.reject(failure);
  }

  /** No queue took a message that one must take. Its confirm comes after this. */
  #returned({ fields, properties }: Message): void {
    // Of the same address there may be several, and returns come in the order of publishing; tasks have ids of their own.
    const { exchange, routingKey } = fields;
    const correlationId: unknown = properties.correlationId;
    const isIt = (one: Outgoing): boolean =>
      one.mandatory === true && one.exchange === exchange && one.routingKey === routingKey && one.message.correlationId === correlationId;
    for (let at = this.#first; at < this.#unconfirmed.length; at++) {
      const call = this.#unconfirmed[at];
      const untaken = call?.messages.find((one) => isIt(one) && call.untaken?.has(one) !== true);
      if (call === undefined || untaken === undefined) continue;
      (call.untaken ??= new Set()).add(untaken);
      return;
    }
  }

  /** The channel has ended. Where that was not the server's refusal, the link has ended with it, and {@link fail} is called next. */
  #end(error: Error | undefined): void {
    this.#channel = undefined;
    if (this.#failure !== undefined || error === undefined) return;
    const underWay = new Set<Call>();
    for (let at = this.#first; at < this.#unconfirmed.length; at++) {
      const call = this.#unconfirmed[at];
      if (call !== undefined) underWay.add(call);
    }
    const calls = this.#takeAll();
    const [only] = underWay;
    if (underWay.size === 1 && only !== undefined) {
      if (this.#suspects > 0) this.#suspects--;
      calls.delete(only);
      only.deferred.reject(refusedByServer(`publishing to ${targetOf(only.messages[0]?.exchange, only.messages[0]?.routingKey)}`, error));
    } else this.#suspects = Math.max(this.#suspects, underWay.size);
    for (const call of calls) {
      call.sent = 0;
      call.left = call.messages.length;
      call.untaken = undefined;
    }
    this.#waiting = [...calls];
    if (this.#waiting.length > 0) this.#schedule();
    else this.#checkIdle();
  }

  /** All calls that have not ended, in their order. */
  #takeAll(): Set<Call> {
    const calls = new Set<Call>();
    for (let at = this.#first; at < this.#unconfirmed.length; at++) {
      const call = this.#unconfirmed[at];
      if (call !== undefined) calls.add(call);
    }
    for (const call of this.#waiting) calls.add(call);
    this.#unconfirmed = [];
    this.#first = 0;
    this.#waiting = [];
    return calls;
  }

  #checkIdle(): void {
    if (this.#idle === undefined || !this.#isIdle) return;
    this.#idle.resolve();
    this.#idle = undefined;
  }
}

/** The error for what no queue took of a call; undefined where all was taken. */
function untakenOf({ untaken }: Call): Error | undefined {
  if (untaken === undefined) return undefined;
  const origins = [...untaken].flatMap(({ origin }) => (origin === undefined ? [] : [origin]));
  if (origins.length > 0) return noQueueTakes(origins);
  const [own] = untaken;
  return new BrokerError("CELERIAC_PUBLISH_NACKED", { target: targetOf(own?.exchange, own?.routingKey), reason: "no queue takes it" });
}

function targetOf(exchange = "", routingKey = ""): string {
  return exchange === ""
    ? `the queue ${JSON.stringify(routingKey)}`
    : `the exchange ${JSON.stringify(exchange)} by ${JSON.stringify(routingKey)}`;
}

function unwritable({ exchange, routingKey }: AmqpPublication, error: TableUnwritableError): BrokerError {
  return new BrokerError(
    "CELERIAC_BROKER_REFUSED",
    { operation: `publishing to ${targetOf(exchange, routingKey)}`, reason: error.message },
    { cause: error },
  );
}

function nacked(messages: readonly AmqpPublication[]): BrokerError {
  return new BrokerError("CELERIAC_PUBLISH_NACKED", {
    target: targetOf(messages[0]?.exchange, messages[0]?.routingKey),
    reason: "it answered with a nack: the queue is full and rejects publications, or the broker has failed inside",
  });
}
