// What all broker connections of this process to one database share: the topology, the deliveries that are held, the consumers, and the
// transactions that fill them. Deliveries belong to the process and not to a connection, so a tag outlives the connection it came by.
import type { ConsumeParams, Publication, Settlement } from "../../broker/contract.ts";
import { BrokerError, CeleriacError } from "../../errors/celeriac-error.ts";
import type { SqliteStore } from "../../stores/sqlite/sqlite-store.ts";
import type { Timer } from "../../util/clock.ts";
import { claimMessages, nextDue, promoteDue } from "./claim-messages.ts";
import { ClaimTick } from "./claim-tick.ts";
import { copyDeadLetter } from "./dead-letter.ts";
import { insertMessages } from "./insert-messages.ts";
import { createLocalQueue, isWorthALook, type LocalQueue } from "./local-queue.ts";
import { type Holder, type PreparedMessage, SqliteDelivery } from "./message-row.ts";
import { SettleBatch, type SettleEvents } from "./settle-batch.ts";
import { type ConsumerHost, SqliteConsumer } from "./sqlite-consumer.ts";
import { sweep } from "./sweep.ts";
import { type QueueEntry, TopologyTable } from "./topology-table.ts";

/** A heartbeat is not needed before others would mind its absence; short programs do without its thread. */
const HEARTBEAT_AFTER_MS = 15_000;
const GONE: Promise<boolean> = Promise.resolve(false);

/** The broker's side of an open database. */
export class SqliteBrokerHub implements ConsumerHost {
  readonly store: SqliteStore;
  readonly topology: TopologyTable;
  /** All consumers of this process. */
  readonly consumers: SqliteConsumer[] = [];
  /** Told when the database fails for good. */
  readonly onLost: Set<(error: Error) => void> = new Set();
  readonly #held = new Map<number | string, SqliteDelivery>();
  readonly #queues = new Map<number, LocalQueue>();
  readonly #settleEvents: SettleEvents;
  readonly #stopListeners: readonly (() => void)[];
  #batch: SettleBatch | undefined;
  #tickRequested = false;
  #turn = 0;
  #owner: number | undefined;
  #stopListening: (() => void) | undefined;
  #letDie: (() => void) | undefined;
  #dueTimer: Timer | undefined;
  #unusedTimer: Timer | undefined;
  #unusedAt = Number.POSITIVE_INFINITY;
  #heartbeatTimer: NodeJS.Timeout | undefined;
  #sweeping = false;
  #swept = false;

  constructor(store: SqliteStore) {
    this.store = store;
    this.topology = new TopologyTable(store, (at) => this.#armUnusedTimer(at));
    this.#stopListeners = [store.onRollback(() => this.#supposeNothing()), store.onLost((error) => this.#lose(error))];
    this.#settleEvents = {
      onRefused: (delivery) => copyDeadLetter(this, delivery),
      onGivenBack: (delivery, due) => this.onInserted(delivery.source, due),
      onFailed: (deliveries) => this.hold(deliveries),
    };
  }

  /** Brings the topology up to date. */
  refresh(): void {
    if (this.topology.refresh()) this.dropGoneQueues();
  }

  /** Begins what a transaction of the broker needs: the topology as it is now, and this process among the owners. */
  prepareTransaction(): void {
    this.refresh();
    const owner = this.store.owners.ensure(this.store.clock.now());
    if (owner === this.#owner) return;
    const before = this.#owner;
    this.#owner = owner;
    if (before === undefined) return;
    // Another process took this one for dead, or its claims were numbered out: it goes on under a new number.
    this.topology.changeOwner(before, owner);
    for (const consumer of this.consumers) {
      for (const queue of consumer.queues) this.topology.addConsumer(queue.entry, owner, this.store.clock.now());
    }
  }

  /** Runs a change of the topology, or a read of it that must be exact. */
  change<T>(run: (topology: TopologyTable, owner: number) => T): Promise<T> {
    const whole = (): T => {
      this.prepareTransaction();
      return run(this.topology, this.#owner ?? 0);
    };
    return this.store.write(whole, 1, true);
  }

  /** The queue of this name. In a transaction, after {@link prepareTransaction}. */
  require(name: string): QueueEntry {
    const entry = this.topology.find(name);
    if (entry === undefined) throw new BrokerError("CELERIAC_QUEUE_NOT_FOUND", { queue: name, hint: "declare it first" });
    return entry;
  }

  /** Publishes, all or nothing but for the mandatory ones that no queue takes: it resolves to those. */
  publish(messages: readonly PreparedMessage[]): Promise<readonly Publication[]> {
    return this.store.write(() => {
      this.refresh();
      this.store.willGrow();
      return insertMessages(this.store, this.topology, messages, this.store.clock.now(), this.onInserted);
    }, messages.length);
  }

  /** Takes one message. */
  async get(name: string, noAck: boolean, holder: Holder, check: () => void): Promise<SqliteDelivery | undefined> {
    const run = await this.change(() => {
      const source = this.require(name);
      check();
      const now = this.store.clock.now();
      this.topology.touch(source, now);
      promoteDue(this.store, source.id, now);
      return claimMessages(this.store, source, { limit: 1, now, noAck, nextLease: () => this.store.owners.nextLease() }).runs[0];
    });
    const row = run?.rows[0];
    if (run === undefined || row === undefined) return undefined;
    const delivery = new SqliteDelivery(row, run.source, run.lease, 0, holder);
    if (!noAck) this.hold([delivery]);
    return delivery;
  }

  /** Starts a consumer of queues that `check` does not refuse. */
  async consume(params: ConsumeParams, check: (queue: string) => void): Promise<SqliteConsumer> {
    const consumer = new SqliteConsumer(this, params);
    const entries = await this.change((topology, owner) => {
      const found = [...new Set(params.queues)].map((name) => this.require(name));
      for (const { name } of found) check(name);
      for (const entry of found) topology.addConsumer(entry, owner, this.store.clock.now());
      return found;
    });
    for (const entry of entries) this.#attach(consumer, entry);
    this.consumers.push(consumer);
    if (this.consumers.length === 1) this.#startListening();
    this.requestTick();
    return consumer;
  }

  async addQueue(consumer: SqliteConsumer, name: string): Promise<void> {
    if (consumer.cancelled || consumer.queues.some((queue) => queue.entry.name === name)) return;
    const entry = await this.change((topology, owner) => {
      const found = this.require(name);
      topology.addConsumer(found, owner, this.store.clock.now());
      return found;
    });
    this.#attach(consumer, entry);
    this.requestTick();
  }

  async removeQueue(consumer: SqliteConsumer, name: string): Promise<void> {
    const queue = consumer.queues.find((at) => at.entry.name === name);
    if (queue === undefined) return;
    this.#detach(consumer, queue);
    await this.#leave([queue.entry]);
  }

  async removeConsumer(consumer: SqliteConsumer): Promise<void> {
    const at = this.consumers.indexOf(consumer);
    if (at < 0) return;
    this.consumers.splice(at, 1);
    const queues = [...consumer.queues];
    for (const queue of queues) this.#detach(consumer, queue);
    if (this.consumers.length === 0) this.#stopAll();
    await this.#leave(queues.map((queue) => queue.entry));
  }

  /** Ends a delivery; see the contract. */
  settle(tag: number | string, settlement: Settlement): Promise<boolean> {
    const delivery = this.#held.get(tag);
    if (delivery === undefined) return GONE;
    this.#held.delete(tag);
    delivery.holder.held--;
    if (this.#batch === undefined) {
      const batch = new SettleBatch(this.store, this.#settleEvents, () => {
        if (this.#batch === batch) this.#batch = undefined;
      });
      this.#batch = batch;
      this.store.enqueue(batch);
    }
    // The room that this makes is filled in the same transaction.
    if (!this.#tickRequested && delivery.holder instanceof SqliteConsumer && this.#hasWork(delivery.holder)) this.requestTick();
    return this.#batch.add(delivery, settlement);
  }

  /** Notes deliveries as held. */
  hold(deliveries: readonly SqliteDelivery[]): void {
    for (const delivery of deliveries) {
      this.#held.set(delivery.tag, delivery);
      delivery.holder.held++;
    }
  }

  /** Gives back, uncounted, what these hold. */
  async giveBack(isHolder: (holder: Holder) => boolean): Promise<void> {
    const theirs = [...this.#held.values()].filter((delivery) => isHolder(delivery.holder));
    await Promise.all(theirs.map((delivery) => this.settle(delivery.tag, { kind: "requeue" })));
  }

  /** Takes back what dead processes held, as those who consume do twice a second: for those who ask or clear up while nobody consumes. */
  async takeBack(): Promise<void> {
    await sweep(this, false);
  }

  requestTick(): void {
    if (this.#tickRequested || this.consumers.length === 0) return;
    this.#tickRequested = true;
    this.store.enqueueLast(new ClaimTick(this, this.#turn++));
  }

  /** Told by a tick that it begins: what comes from now on needs another. */
  onTickRuns(): void {
    this.#tickRequested = false;
  }

  /** Told, in a transaction, that messages of a dead process wait again. */
  onReclaimed(): void {
    this.#supposeNothing();
    this.requestTick();
  }

  /** Told by a tick after its COMMIT. */
  afterTick(): void {
    const now = this.store.clock.now();
    const hungry = this.consumers.some((consumer) => consumer.free > 0 && consumer.queues.some((queue) => isWorthALook(queue, now)));
    if (hungry) this.requestTick();
    this.#armDueTimer(now);
  }

  /** Told by a tick that nothing was written. */
  onTickFailed(error: unknown): void {
    this.#tickRequested = false;
    this.#supposeNothing();
    if (this.store.lost !== undefined) return; // told already
    const passes = error instanceof CeleriacError && error.retryable && error.code !== "CELERIAC_STORE_FAILED";
    // A full disk or a long lock: the monitor's half second brings the next try.
    if (passes) process.emitWarning(`no message could be taken: ${error.message}`, "CeleriacWarning");
    else this.#lose(error);
  }

  /** Ends. Nothing may be held any more. */
  close(): void {
    this.#stopAll();
    this.#unusedTimer?.cancel();
    for (const stop of this.#stopListeners) stop();
  }

  /** Told, in a transaction, of a message that came into a queue. */
  readonly onInserted = (source: QueueEntry, due: number | undefined): void => {
    const queue = this.#queues.get(source.id);
    if (queue === undefined) return;
    if (due === undefined) queue.maybeMore = true;
    else if (due < queue.nextDue) queue.nextDue = due;
    else return;
    this.requestTick();
  };

  #attach(consumer: SqliteConsumer, entry: QueueEntry): void {
    let queue = this.#queues.get(entry.id);
    if (queue === undefined) this.#queues.set(entry.id, (queue = createLocalQueue(entry)));
    queue.consumers++;
    consumer.queues.push(queue);
  }

  #detach(consumer: SqliteConsumer, queue: LocalQueue): void {
    consumer.queues.splice(consumer.queues.indexOf(queue), 1);
    if (--queue.consumers === 0) this.#queues.delete(queue.entry.id);
  }

  async #leave(entries: readonly QueueEntry[]): Promise<void> {
    await this.change((topology) => {
      for (const entry of entries) {
        const current = topology.find(entry.name);
        if (current?.id === entry.id) topology.removeConsumer(current, this.store.owners.mine, this.store.clock.now());
      }
    });
  }

  /** Ends the consuming of queues that others have deleted. */
  dropGoneQueues(): void {
    for (const queue of this.#queues.values()) {
      if (this.topology.find(queue.entry.name)?.id === queue.entry.id) continue;
      for (const consumer of this.consumers) {
        if (!consumer.queues.includes(queue)) continue;
        this.#detach(consumer, queue);
        setImmediate(() => consumer.tellGone(queue.entry.name, "the queue was deleted"));
      }
    }
  }

  #supposeNothing(): void {
    for (const queue of this.#queues.values()) {
      queue.maybeMore = true;
      queue.nextDue = Number.NEGATIVE_INFINITY;
    }
  }

  #startListening(): void {
    this.#letDie = this.store.monitor.keepAlive();
    this.#stopListening = this.store.monitor.listen({ onChange: () => this.#look(), onTick: () => this.#tickOfMonitor() });
    this.#heartbeatTimer ??= setTimeout(() => this.store.startHeartbeat(), HEARTBEAT_AFTER_MS); // for other processes: real time
    this.#heartbeatTimer.unref();
  }

  #stopAll(): void {
    this.#stopListening?.();
    this.#letDie?.();
    this.#dueTimer?.cancel();
    clearTimeout(this.#heartbeatTimer);
    this.#stopListening = this.#letDie = this.#dueTimer = this.#heartbeatTimer = undefined;
  }

  /** Others have committed: looks, without a lock, whether there is something for us, and only then claims. */
  #look(): void {
    const now = this.store.clock.now();
    void this.store
      .read(() => {
        let found = false;
        this.refresh();
        for (const queue of this.#queues.values()) {
          const { id } = queue.entry;
          queue.maybeMore ||=
            this.store.prepare("SELECT 1 FROM messages WHERE queue = ? AND lease IS NULL AND due IS NULL LIMIT 1").get(id) !== undefined;
          queue.nextDue = nextDue(this.store, id);
          found ||= isWorthALook(queue, now);
        }
        return found;
      })
      .then(
        (found) => {
          if (found && this.consumers.some((consumer) => consumer.free > 0)) this.requestTick();
          this.#armDueTimer(now);
        },
        (error: unknown) => this.#lose(error),
      );
  }

  #tickOfMonitor(): void {
    if ([...this.#queues.values()].some((queue) => queue.maybeMore)) this.requestTick();
    this.#sweep();
  }

  #sweep(): void {
    if (this.#sweeping) return;
    this.#sweeping = true;
    const thorough = !this.#swept;
    this.#swept = true;
    sweep(this, thorough)
      .then(({ nextUnused }) => this.#armUnusedTimer(nextUnused))
      .catch((error: unknown) => {
        if (!(error instanceof CeleriacError && error.retryable)) this.#lose(error);
      })
      .finally(() => (this.#sweeping = false));
  }

  /** Unused queues go even while nobody in this process consumes; then there are no looks of the monitor. */
  #armUnusedTimer(at: number): void {
    if (at >= this.#unusedAt) return;
    this.#unusedTimer?.cancel();
    this.#unusedAt = at;
    const look = (): void => {
      this.#unusedAt = Number.POSITIVE_INFINITY;
      if (this.store.lost === undefined) this.#sweep();
    };
    this.#unusedTimer = this.store.clock.setTimer(look, at - this.store.clock.now() + 1, { unref: true });
  }

  #hasWork(consumer: SqliteConsumer): boolean {
    return consumer.queues.some(
      (queue) => queue.maybeMore || (queue.nextDue < Number.POSITIVE_INFINITY && queue.nextDue <= this.store.clock.now()),
    );
  }

  #armDueTimer(now: number): void {
    this.#dueTimer?.cancel();
    this.#dueTimer = undefined;
    // Who has no room looks again when it has some: a timer for what is due already would only turn in circles.
    if (!this.consumers.some((consumer) => consumer.free > 0)) return;
    let next = Number.POSITIVE_INFINITY;
    for (const queue of this.#queues.values()) next = Math.min(next, queue.nextDue);
    if (Number.isFinite(next)) this.#dueTimer = this.store.clock.setTimer(() => this.requestTick(), next - now, { unref: true });
  }

  #lose(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    // That the file is another one says it all.
    const whole = error instanceof BrokerError && error === this.store.lost ? error : undefined;
    const lost = whole ?? new BrokerError("CELERIAC_BROKER_LOST", { url: `sqlite://${this.store.path}`, reason }, { cause: error });
    this.#stopAll();
    for (const tell of this.onLost) tell(lost);
  }
}
