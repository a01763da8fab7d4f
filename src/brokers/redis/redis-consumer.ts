// A consumer. It looks into its queues as long as something is there and it has room, with one script at a time; when nothing is there it waits for all
// lists, and looks again when one of them wakes it. States: looking (a script is under way), hungry (it will look when it has room), waiting, cancelled.
import type { ConsumeParams, Delivery, DriverConsumer } from "../../broker/contract.ts";
import type { RedisReply } from "../../stores/redis/redis-connection.ts";
import type { RedisFailure } from "../../stores/redis/redis-failure.ts";
import { NOTHING_FOUND, type PreparedLook } from "./fetch-messages.ts";
import type { ListWaiter } from "./list-waiter.ts";
import type { QueueEntry } from "./queue-entry.ts";
import type { Holder, RedisDelivery } from "./redis-delivery.ts";

/** Most messages of one script: more would keep Redis, and this process, too long. */
export const MOST_AT_ONCE = 250;
/** Sockets that wait at most; further lists are looked at now and then. */
const MOST_WAITERS = 20;
/** How often lists are looked at that cannot be waited for. */
const POLL_MS = 1000;

/** What a look found. */
export interface Found {
  readonly deliveries: readonly RedisDelivery[];
  /** More is there. */
  readonly more: boolean;
  /** When the next parked message is due, in milliseconds from now; undefined where none is parked. */
  readonly dueInMs: number | undefined;
  /** Queues that could not be looked into. */
  readonly failed: ReadonlyMap<string, string>;
}

/** What a consumer needs of its process's hub. */
export interface ConsumerHost {
  /** Looks into these queues, in this order: with what else the turn sends, or at once. */
  fetch(queues: readonly QueueEntry[], limit: number, noAck: boolean, holder: Holder, atOnce: boolean): Promise<Found>;
  /** A look that a waiter makes as soon as its waiting ends. */
  prepareLook(queues: readonly QueueEntry[], limit: number, holder: Holder): PreparedLook;
  /** Takes copies of fanouts. */
  takeCopies(queue: QueueEntry, limit: number, noAck: boolean, holder: Holder): readonly RedisDelivery[];
  /** A waiter for lists. */
  openWaiter(lists: readonly string[], pops: boolean, consumer: RedisConsumer): Promise<ListWaiter>;
  /** Ends a waiter; what it popped too late is put back. */
  closeWaiter(waiter: ListWaiter): Promise<void>;
  /** Reads what BRPOP gave. */
  readPopped(reply: RedisReply, queues: readonly QueueEntry[], holder: Holder): Promise<readonly RedisDelivery[]>;
  listsOf(queue: QueueEntry): readonly string[];
  addQueue(consumer: RedisConsumer, name: string): Promise<void>;
  removeQueue(consumer: RedisConsumer, queue: QueueEntry): Promise<void>;
  removeConsumer(consumer: RedisConsumer): Promise<void>;
  readonly queueOrder: "round_robin" | "sorted" | "priority";
}

/** A waiter that is open, or is being opened. */
interface Opening {
  readonly promise: Promise<ListWaiter>;
  waiter: ListWaiter | undefined;
}

/** Someone who takes messages from queues. */
export class RedisConsumer implements DriverConsumer, Holder {
  held = 0;
  cancelled = false;
  readonly noAck: boolean;
  /** As it is known to other processes. */
  readonly name: string;
  readonly queues: QueueEntry[] = [];
  readonly #host: ConsumerHost;
  readonly #params: ConsumeParams;
  readonly #waiters = new Map<string, Opening>();
  readonly #warned = new Set<string>();
  #prefetch: number;
  /** Room that is kept for looks which waiters may make at any moment. */
  #promised = 0;
  #turn = 0;
  #hungry = true;
  #looking: Promise<void> | undefined;
  #dueTimer: NodeJS.Timeout | undefined;
  #pollTimer: NodeJS.Timeout | undefined;

  constructor(host: ConsumerHost, params: ConsumeParams, name: string) {
    this.#host = host;
    this.#params = params;
    this.name = name;
    this.#prefetch = params.prefetch;
    this.noAck = params.noAck === true;
  }

  /** How many messages it would take now. */
  get free(): number {
    if (this.cancelled) return 0;
    if (this.#prefetch === 0 || this.noAck) return MOST_AT_ONCE;
    return Math.max(0, Math.min(MOST_AT_ONCE, this.#prefetch - this.held - this.#promised));
  }

  /** Something may be there. */
  wake(): void {
    this.#hungry = true;
    this.pump();
  }

  /** Goes on: there may be room, or something to take. */
  pump(): void {
    if (this.cancelled || this.#looking !== undefined || this.queues.length === 0) return;
    for (const queue of this.queues) {
      const copies = this.#host.takeCopies(queue, this.free, this.noAck, this);
      if (copies.length > 0) this.#deliver(copies);
    }
    if (this.cancelled || this.free === 0) return;
    if (!this.#hungry) {
      this.#wait();
      return;
    }
    this.#startLook(false);
  }

  #startLook(atOnce: boolean): void {
    this.#hungry = false;
    const looking: Promise<void> = this.#look(atOnce).finally(() => {
      if (this.#looking !== looking) return; // the next one is under way
      this.#looking = undefined;
      this.pump();
    });
    this.#looking = looking;
  }

  /** Another message is due in so long. */
  dueIn(milliseconds: number): void {
    clearTimeout(this.#dueTimer);
    // Redis' clock is asked then; an early look costs one more.
    this.#dueTimer = setTimeout(() => this.wake(), Math.max(1, Math.min(milliseconds, 2 ** 31 - 1)));
    this.#dueTimer.unref();
  }

  addQueue(queue: string): Promise<void> {
    return this.#host.addQueue(this, queue);
  }

  async removeQueue(name: string): Promise<void> {
    const queue = this.queues.find((at) => at.name === name);
    if (queue === undefined) return;
    this.drop(queue);
    await this.#looksOver();
    await this.#closeWaiters();
    await this.#host.removeQueue(this, queue);
    this.pump();
  }

  /** Begins to take from a queue. */
  async attach(queue: QueueEntry): Promise<void> {
    this.queues.push(queue);
    if (this.noAck) await this.#closeWaiters();
    this.wake();
  }

  /** Takes no more from a queue that it leaves or that has gone. */
  drop(queue: QueueEntry): void {
    const at = this.queues.indexOf(queue);
    if (at >= 0) this.queues.splice(at, 1);
  }

  /** Tells that a queue is gone. */
  async tellGone(queue: QueueEntry, reason: string): Promise<void> {
    this.drop(queue);
    this.#params.onCancel?.(queue.name, reason);
    await this.#closeWaiters();
    this.pump();
  }

  setPrefetch(count: number): void {
    const isLower = count !== 0 && (this.#prefetch === 0 || count < this.#prefetch);
    this.#prefetch = count;
    // Waiters that may take something would take more than there is room for.
    if (isLower && this.#promised > 0 && !this.cancelled) void this.#closeWaiters().then(() => this.pump());
    else this.pump();
  }

  async cancel(): Promise<void> {
    if (this.cancelled) return;
    this.cancelled = true;
    clearTimeout(this.#dueTimer);
    clearTimeout(this.#pollTimer);
    await this.#looksOver();
    await this.#closeWaiters();
    await this.#host.removeConsumer(this);
  }

  /** Ends it with its connection. */
  abandon(): void {
    this.cancelled = true;
    clearTimeout(this.#dueTimer);
    clearTimeout(this.#pollTimer);
    this.#waiters.clear();
  }

  #deliver(deliveries: readonly Delivery[]): void {
    this.#params.onDeliveries(deliveries);
  }

  async #look(atOnce: boolean): Promise<void> {
    let found: Found;
    try {
      found = await this.#host.fetch(this.#inTurn(), this.free, this.noAck, this, atOnce);
    } catch (error) {
      // A lost connection ends this consumer; at its memory limit Redis may yet take part.
      this.#poll(error as Error);
      return;
    }
    if (found.more) this.#hungry = true;
    if (found.dueInMs !== undefined) this.dueIn(found.dueInMs);
    for (const [queue, reason] of found.failed) this.#warn(queue, reason);
    if (found.failed.size > 0) this.#poll(undefined);
    // Redis prepares the next ones while these are worked on.
    else if (found.more && this.free > 0) this.#startLook(true);
    if (found.deliveries.length > 0) this.#deliver(found.deliveries);
  }

  /** Its queues, each time with another one first unless they are to be served in a fixed order. */
  #inTurn(): readonly QueueEntry[] {
    if (this.queues.length < 2 || this.#host.queueOrder === "priority") return [...this.queues];
    if (this.#host.queueOrder === "sorted") return this.queues.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const first = this.#turn++ % this.queues.length;
    return [...this.queues.slice(first), ...this.queues.slice(0, first)];
  }

  #wait(): void {
    // The first lists of all queues come first: most messages are there.
    const perQueue = this.queues.map((queue) => this.#host.listsOf(queue));
    const lists = (perQueue[0] ?? []).flatMap((_, step) => perQueue.map((names) => names[step] ?? ""));
    if (this.noAck) {
      this.#arm("*", lists, true, Infinity);
      return;
    }
    const waited = lists.slice(0, MOST_WAITERS);
    for (const list of waited) this.#arm(list, [list], false, 2 * waited.length);
    if (lists.length > MOST_WAITERS) this.#poll(undefined);
  }

  /** @param roomToLook how much room there must be for the waiter to look itself */
  #arm(key: string, lists: readonly string[], pops: boolean, roomToLook: number): void {
    const known = this.#waiters.get(key);
    if (known !== undefined) {
      this.#armOpened(known, roomToLook);
      return;
    }
    const opening: Opening = { promise: this.#host.openWaiter(lists, pops, this), waiter: undefined };
    this.#waiters.set(key, opening);
    opening.promise.then(
      (waiter) => {
        opening.waiter = waiter;
        if (this.#waiters.get(key) === opening) this.#armOpened(opening, roomToLook);
      },
      (error: unknown) => {
        if (this.#waiters.get(key) === opening) this.#waiters.delete(key);
        this.#poll(error as Error);
      },
    );
  }

  #armOpened({ waiter }: Opening, roomToLook: number): void {
    if (waiter === undefined || waiter.isWaiting || this.cancelled) return;
    const looks = this.free > 0 && this.free + this.#promised >= roomToLook;
    if (looks) this.#promised++;
    waiter.arm(looks ? this.#host.prepareLook(this.#inTurn(), 1, this) : undefined);
  }

  /** Told by a waiter. */
  async onWake(reply: RedisReply, look: PreparedLook | undefined, looked: RedisReply | RedisFailure | undefined): Promise<void> {
    if (look !== undefined) {
      await this.#onLooked(look, looked);
      return;
    }
    if (this.noAck && reply !== null) {
      const deliveries = await this.#host.readPopped(reply, this.queues, this);
      if (deliveries.length > 0 && !this.cancelled) this.#deliver(deliveries);
    }
    this.wake();
  }

  /** Told by a waiter. */
  async onRefused(error: RedisFailure, look: PreparedLook | undefined, looked: RedisReply | RedisFailure | undefined): Promise<void> {
    if (look !== undefined) await this.#onLooked(look, looked);
    this.#poll(error);
  }

  async #onLooked(look: PreparedLook, looked: RedisReply | RedisFailure | undefined): Promise<void> {
    this.#promised--;
    const found = await look.read(looked);
    if (found === NOTHING_FOUND || found.more) this.#hungry = true;
    if (found.dueInMs !== undefined) this.dueIn(found.dueInMs);
    if (found.failed.size > 0) this.#hungry = true; // the next look tells of it
    if (found.deliveries.length > 0) this.#deliver(found.deliveries);
    this.pump();
  }

  /** Looks again a little later. */
  #poll(error: Error | undefined): void {
    if (error !== undefined) this.#warn("", error.message);
    if (this.cancelled || this.#pollTimer !== undefined) return;
    this.#pollTimer = setTimeout(() => {
      this.#pollTimer = undefined;
      this.wake();
    }, POLL_MS);
  }

  /** Says each thing once. */
  #warn(queue: string, reason: string): void {
    const key = `${queue} ${reason}`;
    if (this.#warned.has(key) || this.cancelled) return;
    this.#warned.add(key);
    const where = queue === "" ? this.queues.map(({ name }) => name).join(", ") : queue;
    process.emitWarning(`no message can be taken from ${where} for the moment, and it is tried again: ${reason}`, "CeleriacWarning");
  }

  /** A look that began before a change may still bring what is not wanted any more. */
  async #looksOver(): Promise<void> {
    while (this.#looking !== undefined) {
      const looking = this.#looking;
      await looking;
      if (this.#looking === looking) this.#looking = undefined;
    }
  }

  async #closeWaiters(): Promise<void> {
    const openings = [...this.#waiters.values()];
    this.#waiters.clear();
    const closed = openings.map(({ promise, waiter }) => {
      if (waiter === undefined)
        return promise.then(
          (opened) => this.#host.closeWaiter(opened),
          () => undefined,
        );
      // From this moment on what it takes is put back.
      if (waiter.willLook) this.#promised--;
      return this.#host.closeWaiter(waiter);
    });
    await Promise.all(closed);
  }
}
