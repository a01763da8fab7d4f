// One database file, as one process has it open: its connection, its statements, the queue of its writes, and the news of others' writes.
// Broker and backend on the same file share it (acquire-store.ts), so that their writes share transactions.
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { BrokerError } from "../../errors/celeriac-error.ts";
import { type Clock, systemClock } from "../../util/clock.ts";
import { retryWhileBusy } from "./busy-retry.ts";
import { ChangeMonitor } from "./change-monitor.ts";
import { FileIdentity } from "./file-identity.ts";
import { Heartbeat } from "./heartbeat.ts";
import type { OpenedDatabase } from "./open-database.ts";
import { OwnerRegistry } from "./owner-registry.ts";
import { ownIdentity } from "./process-identity.ts";
import { Reserve } from "./reserve.ts";
import { describeStoreError } from "./store-error.ts";
import type { StoreOptions } from "./store-options.ts";
import { WakeFile } from "./wake-file.ts";
import { type WriteOperation, WriteQueue } from "./write-queue.ts";

const HEARTBEAT_MS = 15_000;
/** How old what is known of the file may be before it is looked at again, in milliseconds: a look costs as much as a small statement. */
const IDENTITY_HOLDS_MS = 100;

/** An open database. */
export class SqliteStore {
  /** The real path of the file. */
  readonly path: string;
  readonly clock: Clock;
  /** What others commit. */
  readonly monitor: ChangeMonitor;
  /** The processes that hold messages. */
  readonly owners: OwnerRegistry;
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #queue: WriteQueue;
  readonly #wake: WakeFile;
  readonly #reserve: Reserve;
  readonly #heartbeat = new Heartbeat();
  readonly #rollbackListeners = new Set<() => void>();
  readonly #identity: FileIdentity;
  readonly #lostListeners = new Set<(error: Error) => void>();
  #identityCheckedAt = Number.NEGATIVE_INFINITY;
  #lost: BrokerError | undefined;
  #othersCare = false;

  constructor(path: string, opened: OpenedDatabase, options: StoreOptions) {
    this.path = path;
    this.clock = options.clock ?? systemClock;
    this.#db = opened.db;
    this.#wake = new WakeFile(path);
    this.#identity = new FileIdentity(path);
    this.monitor = new ChangeMonitor(opened.db, this.#wake, () => this.#refusal());
    this.owners = new OwnerRegistry(opened.db);
    this.#reserve = new Reserve(opened.db);
    this.#queue = new WriteQueue(path, opened.db, opened.wal, {
      onCommit: () => {
        if (!this.#othersCare) return;
        this.#othersCare = false;
        this.#wake.notify();
      },
      refusal: () => this.#refusal(),
      freeReserve: () => this.#reserve.spend(),
      onRollback: () => {
        this.#othersCare = false;
        for (const listener of this.#rollbackListeners) listener();
      },
    });
  }

  /** The statement of this text, prepared once. It gives rows as arrays. */
  prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql);
      statement.setReturnArrays(true);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  /**
   * Runs this in a transaction that it shares with what else is written in this turn of the event loop; resolves after the COMMIT.
   * It must be synchronous, may be run twice, and fails alone.
   * @param weight how many rows it is about
   * @param makesRoom whether it may use what a full database holds in reserve, because it makes room in the end
   */
  write<T>(run: () => T, weight: number = 1, makesRoom: boolean = false): Promise<T> {
    return new Promise((resolve, reject) => {
      let value: T;
      this.#queue.add({ weight, makesRoom, run: () => void (value = run()), committed: () => resolve(value), failed: reject });
    });
  }

  /** Says, in a transaction, that it makes the database grow: where what is held in reserve was spent, it fails until there is room for that. */
  willGrow(): void {
    this.#reserve.demand();
  }

  /** {@link write} without a promise. */
  enqueue(operation: WriteOperation): void {
    this.#queue.add(operation);
  }

  /** Runs the operation at the end of the open transaction, or else of the next. */
  enqueueLast(operation: WriteOperation): void {
    this.#queue.addLast(operation);
  }

  /** Runs this outside of any transaction; it sees what is committed. */
  async read<T>(run: () => T): Promise<T> {
    const refusal = this.#refusal();
    if (refusal !== undefined) throw refusal;
    try {
      return await retryWhileBusy(this.path, run);
    } catch (error) {
      throw describeStoreError(this.path, error);
    }
  }

  /** Says, in a transaction, that it writes what other processes wait for: they are woken after the COMMIT. */
  wakeOthers(): void {
    this.#othersCare = true;
  }

  /** Calls back after each rollback; what was read in the transaction is void. Gives the function that ends it. */
  onRollback(listener: () => void): () => void {
    this.#rollbackListeners.add(listener);
    return () => this.#rollbackListeners.delete(listener);
  }

  /** Why the store cannot be used any more: its file was deleted or replaced. Undefined while it can. */
  get lost(): Error | undefined {
    return this.#lost;
  }

  /** Calls back once when the file was found to be deleted or replaced; nothing can be read or written from then on. Gives the function that ends it. */
  onLost(listener: (error: Error) => void): () => void {
    this.#lostListeners.add(listener);
    return () => this.#lostListeners.delete(listener);
  }

  /** Shows processes that cannot see this one that it lives, until the store is closed. */
  startHeartbeat(): void {
    const { pid, started, namespace } = ownIdentity();
    this.#heartbeat.start({ path: this.path, pid, started, namespace, intervalMs: HEARTBEAT_MS });
  }

  /** Makes commits survive a loss of power from now on. */
  requireFullDurability(): void {
    this.#db.exec("PRAGMA synchronous = FULL");
  }

  /** Waits for what is being written, and closes the file. */
  async close(): Promise<void> {
    try {
      await this.#leave();
    } finally {
      this.#wake.close();
      this.#statements.clear();
      this.#db.close();
    }
  }

  /** Looks at the file, where that was not done just now. */
  #refusal(): Error | undefined {
    if (this.#lost !== undefined) return this.#lost;
    const now = performance.now();
    if (now - this.#identityCheckedAt < IDENTITY_HOLDS_MS) return undefined;
    this.#identityCheckedAt = now;
    const change = this.#identity.change();
    if (change === undefined) return undefined;
    const lost = new BrokerError("CELERIAC_STORE_REPLACED", { path: this.path, change });
    this.#lost = lost;
    this.monitor.stop();
    this.#setLogAside();
    for (const listener of this.#lostListeners) listener(lost);
    return lost;
  }

  #setLogAside(): void {
    try {
      this.#identity.setLogAside();
    } catch (error) {
      process.emitWarning(
        `the database ${this.path} was replaced, and the -wal file of the one before could not be moved away: ${(error as Error).message}; ` +
          "if the new one seems corrupt, stop all workers, delete its -wal and -shm files and restore it again",
        "CeleriacWarning",
      );
    }
  }

  async #leave(): Promise<void> {
    this.monitor.stop();
    // Whoever used the store has given back what it held; where that failed, others find it once this process has ended.
    if (this.owners.registered && this.#lost === undefined) await this.write(() => this.owners.removeMine());
    await this.#queue.drained();
    await this.#heartbeat.stop();
  }
}
