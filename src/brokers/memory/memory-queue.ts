// One queue: who waits in it, who takes from it, and its times: when the next delayed message is due, the next one expires, and the
// queue itself, if it goes when unused. One timer serves all of them, set for the earliest.
import type { Queue } from "../../broker/contract.ts";
import { BinaryHeap } from "../../util/binary-heap.ts";
import type { Clock, Timer } from "../../util/clock.ts";
import type { MemoryConnection } from "./memory-connection.ts";
import type { MemoryConsumer } from "./memory-consumer.ts";
import type { StoredMessage } from "./stored-message.ts";
import { WaitingLine } from "./waiting-line.ts";

/** What a queue asks of the store that it is in. */
export interface QueueHost {
  readonly clock: Clock;
  /** Messages wait, and may be delivered. */
  onReady(queue: MemoryQueue): void;
  /** A message's time is over. */
  onExpired(stored: StoredMessage): void;
  /** The queue was not used for as long as its declaration says. */
  onUnused(queue: MemoryQueue): void;
}

/** Entries of messages that are long gone are cleared from the heap of expiries when they outnumber the others by this. */
const STALE_EXPIRIES = 1024;

/** A queue of a memory broker. */
export class MemoryQueue {
  readonly name: string;
  readonly definition: Queue;
  /** The connection that it belongs to, where it is exclusive. */
  readonly owner: MemoryConnection | undefined;
  /** Infinity where messages do not expire by the queue's declaration. */
  readonly messageTtlMs: number;
  readonly maxPriority: number;
  readonly consumers: MemoryConsumer[] = [];
  /** Whether it is on the list of queues that shall be served. */
  isMarked = false;
  /** When it last served a message, as a count of all that the store served. */
  servedAt = 0;
  isDeleted = false;
  readonly #host: QueueHost;
  readonly #expiresMs: number;
  readonly #line = new WaitingLine();
  readonly #delayed = new BinaryHeap<StoredMessage>(
    (a, b) => a.visibleAt < b.visibleAt || (a.visibleAt === b.visibleAt && a.order < b.order),
  );
  readonly #expiring = new BinaryHeap<StoredMessage>((a, b) => a.expiresAt < b.expiresAt);
  #usedAt: number;
  #turn = 0;
  #timer: Timer | undefined;
  #timerAt = Infinity;
  #timerUnref = true;
  /** Of the heap's entries, those that are not gone. */
  #delayedCount = 0;

  constructor(host: QueueHost, definition: Queue, owner: MemoryConnection | undefined) {
    this.#host = host;
    this.name = definition.name;
    this.definition = definition;
    this.owner = owner;
    this.messageTtlMs = definition.messageTtlMs ?? numberArgument(definition, "x-message-ttl") ?? Infinity;
    this.maxPriority = definition.maxPriority ?? numberArgument(definition, "x-max-priority") ?? 255;
    this.#expiresMs = definition.expiresMs ?? numberArgument(definition, "x-expires") ?? Infinity;
    this.#usedAt = host.clock.now();
    this.#arm();
  }

  /** How many messages wait, delayed ones included. */
  get messages(): number {
    this.#dropExpired();
    return this.#line.size + this.#delayedCount;
  }

  /** Adds a message, new or given back: to the line, or to those that wait for their time. */
  add(stored: StoredMessage, now: number): void {
    if (stored.expiresAt !== Infinity) {
      if (stored.expiresAt <= now) {
        this.#expire(stored);
        return;
      }
      this.#trackExpiry(stored);
    }
    if (stored.visibleAt > now) {
      stored.state = "delayed";
      this.#delayed.push(stored);
      this.#delayedCount++;
      this.#arm();
      return;
    }
    this.#line.add(stored);
    this.#host.onReady(this);
  }

  /** Takes the next message that has not expired. */
  take(): StoredMessage | undefined {
    let stored = this.#line.take();
    while (stored !== undefined && stored.expiresAt !== Infinity && stored.expiresAt <= this.#host.clock.now()) {
      this.#expire(stored);
      stored = this.#line.take();
    }
    if (stored !== undefined) stored.state = "held";
    return stored;
  }

  /** Whether nothing waits in the line. */
  get isIdle(): boolean {
    return this.#line.size === 0;
  }

  /** The consumer whose turn it is, of those that can take more now. Where none can, each is noted to be waited for. */
  nextConsumer(): MemoryConsumer | undefined {
    const count = this.consumers.length;
    for (let i = 0; i < count; i++) {
      const at = (this.#turn + i) % count;
      const consumer = this.consumers[at];
      if (consumer?.canTake !== true) continue;
      this.#turn = at + 1;
      return consumer;
    }
    for (const consumer of this.consumers) consumer.isStarved = true;
    return undefined;
  }

  attach(consumer: MemoryConsumer): void {
    this.consumers.push(consumer);
    this.touch();
    this.#host.onReady(this);
    this.#rearm();
  }

  /** Takes a consumer away; returns whether it was the last one. */
  detach(consumer: MemoryConsumer): boolean {
    const at = this.consumers.indexOf(consumer);
    if (at < 0) return false;
    this.consumers.splice(at, 1);
    if (at < this.#turn) this.#turn--;
    this.touch();
    this.#rearm();
    return this.consumers.length === 0;
  }

  /** Notes that the queue is used, so that it does not go yet. */
  touch(): void {
    if (this.#expiresMs === Infinity) return;
    this.#usedAt = this.#host.clock.now();
    this.#rearm();
  }

  /** Removes what waits; returns how many there were. */
  purge(): number {
    this.#dropExpired();
    const count = this.#line.size + this.#delayedCount;
    this.#clear();
    this.#rearm();
    return count;
  }

  /** Ends it: nothing waits here any more and no timer is left. */
  end(): void {
    this.isDeleted = true;
    this.#clear();
    this.#disarm();
  }

  #clear(): void {
    this.#line.clear();
    for (const stored of this.#delayed) stored.state = "gone";
    this.#delayed.clear();
    this.#delayedCount = 0;
    for (const stored of this.#expiring) stored.isTracked = false;
    this.#expiring.clear();
  }

  /** Sees to it that the message is dropped in time. The heap keeps what was taken meanwhile until it outnumbers what waits. */
  #trackExpiry(stored: StoredMessage): void {
    if (!stored.isTracked) {
      stored.isTracked = true;
      this.#expiring.push(stored);
    }
    if (this.#expiring.size > 2 * (this.#line.size + this.#delayedCount) + STALE_EXPIRIES) {
      this.#expiring.retain((at) => at === stored || (at.isTracked = at.state === "waiting" || at.state === "delayed"));
    }
    this.#arm();
  }

  #expire(stored: StoredMessage): void {
    stored.state = "gone";
    this.#host.onExpired(stored);
  }

  /** Drops what has expired while it waited; entries of messages that are held or gone are forgotten, for they do not expire or come back anew. */
  #dropExpired(): void {
    if (this.#expiring.size === 0) return;
    const now = this.#host.clock.now();
    for (let next = this.#expiring.peek(); next !== undefined && next.expiresAt <= now; next = this.#expiring.peek()) {
      this.#expiring.pop();
      next.isTracked = false;
      if (next.state === "waiting") this.#line.drop(next);
      else if (next.state === "delayed") this.#delayedCount--;
      else continue;
      this.#expire(next);
    }
  }

  #onTimer(): void {
    this.#timer = undefined;
    this.#timerAt = Infinity;
    const now = this.#host.clock.now();
    this.#dropExpired();
    for (let next = this.#delayed.peek(); next !== undefined && next.visibleAt <= now; next = this.#delayed.peek()) {
      this.#delayed.pop();
      if (next.state !== "delayed") continue;
      this.#delayedCount--;
      this.#line.add(next);
    }
    if (!this.isIdle) this.#host.onReady(this);
    if (this.consumers.length === 0 && this.#usedAt + this.#expiresMs <= now) this.#host.onUnused(this);
    else this.#arm();
  }

  #rearm(): void {
    this.#disarm();
    this.#arm();
  }

  #disarm(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#timerAt = Infinity;
  }

  /** Sets the timer for the earliest of its times, unless it is set for that or an earlier one. */
  #arm(): void {
    if (this.isDeleted) return;
    const unusedAt = this.consumers.length === 0 ? this.#usedAt + this.#expiresMs : Infinity;
    const at = Math.min(this.#delayed.peek()?.visibleAt ?? Infinity, this.#expiring.peek()?.expiresAt ?? Infinity, unusedAt);
    // A program lives on for a delayed message only if somebody in it, and nobody else can, waits to consume it.
    const unref = this.consumers.length === 0 || this.#delayedCount === 0;
    if (at === Infinity || (at >= this.#timerAt && (unref || !this.#timerUnref))) return;
    this.#timer?.cancel();
    this.#timerAt = Math.min(at, this.#timerAt);
    this.#timerUnref = unref;
    this.#timer = this.#host.clock.setTimer(() => this.#onTimer(), Math.max(this.#timerAt - this.#host.clock.now(), 0), { unref });
  }
}

function numberArgument(definition: Queue, name: string): number | undefined {
  const value = definition.arguments?.[name];
  return typeof value === "number" ? value : undefined;
}
