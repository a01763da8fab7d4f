// Group commit. Whoever wants to write hands in an operation; all that were handed in during one turn of the event loop run in one
// transaction and are told together after its COMMIT. An operation that throws fails alone: the transaction is rolled back and each of
// its operations is run again in a transaction of its own. So `run` must do nothing but statements, or what may be done twice.
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { BrokerError } from "../../errors/celeriac-error.ts";
import { afterBusyWait, LOCK_PATIENCE_MS } from "./busy-retry.ts";
import { describeStoreError, isBusy, isFull } from "./store-error.ts";

/** Something to be done in a transaction. */
export interface WriteOperation {
  /** How many rows it is about; bounds what shares a transaction. */
  readonly weight: number;
  /** It makes room in the end, so that it may use what a full database holds in reserve. @default false */
  readonly makesRoom?: boolean;
  /** Runs its statements. May be called again after a rollback. */
  run(): void;
  /** Told after the COMMIT. Must not throw. */
  committed(): void;
  /** Told that nothing of it was written. Must not throw. */
  failed(error: unknown): void;
}

/** What a queue tells of its transactions. */
export interface WriteQueueEvents {
  /** After a COMMIT, before its operations are told. */
  onCommit(): void;
  /** After a rollback: what was read in the transaction is void. */
  onRollback(): void;
  /** Asked before each transaction: why nothing can be written any more; undefined where it can. */
  refusal(): Error | undefined;
  /** In a transaction of its own, when there was no room for an operation that makes some: tells whether there is more now. */
  freeReserve(): boolean;
}

/** Operations that share a transaction at most. Keeps the event loop responsive: 256 rows are about a millisecond. */
const MAX_OPERATIONS = 256;
/** Rows that share a transaction at most, unless one operation alone has more. */
const MAX_WEIGHT = 1024;

/** The operations that wait for a transaction of one database. */
export class WriteQueue {
  readonly #path: string;
  readonly #db: DatabaseSync;
  readonly #events: WriteQueueEvents;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #rollback: StatementSync;
  #operations: WriteOperation[] = [];
  /** Operations that want to see what the others of their transaction wrote. */
  #last: WriteOperation[] = [];
  #scheduled = false;
  #busyTries = 0;
  #busySince = 0;
  #idle: (() => void)[] = [];

  constructor(path: string, db: DatabaseSync, wal: boolean, events: WriteQueueEvents) {
    this.#path = path;
    this.#db = db;
    this.#events = events;
    // With a rollback journal a mere IMMEDIATE could meet a reader at its COMMIT.
    this.#begin = db.prepare(wal ? "BEGIN IMMEDIATE" : "BEGIN EXCLUSIVE");
    this.#commit = db.prepare("COMMIT");
    this.#rollback = db.prepare("ROLLBACK");
  }

  /** Runs the operation in the next transaction. */
  add(operation: WriteOperation): void {
    this.#operations.push(operation);
    this.#schedule();
  }

  /** Runs the operation at the end of the transaction that is open, or else of the next one. */
  addLast(operation: WriteOperation): void {
    this.#last.push(operation);
    this.#schedule();
  }

  /** Resolves when nothing waits any more. */
  drained(): Promise<void> {
    if (!this.#scheduled) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(this.#flush);
  }

  readonly #flush = (): void => {
    const refusal = this.#events.refusal();
    if (refusal !== undefined) {
      this.#failWaiting(refusal);
      return;
    }
    try {
      this.#begin.run();
    } catch (error) {
      this.#onBeginFailed(error);
      return;
    }
    this.#busyTries = 0;
    const batch = this.#take();
    const outcome = this.#tryTogether(batch);
    if (outcome === undefined) {
      this.#tell(batch);
      this.#next();
      return;
    }
    const [only] = batch;
    if (batch.length === 1 && only !== undefined && !(outcome.error instanceof RunAgain) && !this.#mayUseReserve(only, outcome.error)) {
      only.failed(describeStoreError(this.#path, outcome.error));
      this.#next();
    } else {
      this.#oneByOne(batch, 0);
    }
  };

  #onBeginFailed(error: unknown): void {
    if (this.#waitForLock(error, this.#flush)) return;
    this.#failWaiting(this.#describe(error));
  }

  #failWaiting(reason: unknown): void {
    for (const operation of this.#take().concat(this.#last.splice(0))) operation.failed(reason);
    this.#next();
  }

  /** Whether it is worth waiting for: then `resume` is called after a short while. */
  #waitForLock(error: unknown, resume: () => void): boolean {
    if (this.#busyTries === 0) this.#busySince = performance.now();
    if (!isBusy(error) || performance.now() - this.#busySince > LOCK_PATIENCE_MS) return false;
    afterBusyWait(this.#busyTries++, resume);
    return true;
  }

  #describe(error: unknown): unknown {
    if (!isBusy(error)) return describeStoreError(this.#path, error);
    const waitedMs = Math.round(performance.now() - this.#busySince);
    return new BrokerError("CELERIAC_STORE_LOCKED", { path: this.#path, waitedMs }, { cause: error });
  }

  #take(): WriteOperation[] {
    let weight = 0;
    let count = 0;
    for (; count < this.#operations.length && count < MAX_OPERATIONS; count++) {
      weight += this.#operations[count]?.weight ?? 0;
      if (weight > MAX_WEIGHT && count > 0) break;
    }
    if (count < this.#operations.length) return this.#operations.splice(0, count);
    const all = this.#operations;
    this.#operations = [];
    return all;
  }

  /** Gives what went wrong, after a rollback; undefined after the COMMIT. */
  #tryTogether(batch: WriteOperation[]): { readonly error: unknown } | undefined {
    try {
      for (const operation of batch) operation.run();
      // These may be added while the others run, and are part of the batch from then on.
      while (this.#last.length > 0) {
        const last = this.#last;
        this.#last = [];
        for (const operation of last) {
          batch.push(operation);
          operation.run();
        }
      }
      this.#commit.run();
      return undefined;
    } catch (error) {
      this.#rollBack();
      return { error };
    }
  }

  #oneByOne(batch: readonly WriteOperation[], from: number): void {
    let at = from;
    for (const until = Math.min(batch.length, from + MAX_OPERATIONS / 4); at < until; at++) {
      const operation = batch[at];
      if (operation === undefined) break;
      try {
        this.#begin.run();
      } catch (error) {
        const resume = at;
        if (this.#waitForLock(error, () => this.#oneByOne(batch, resume))) return;
        operation.failed(this.#describe(error));
        continue;
      }
      this.#busyTries = 0;
      try {
        operation.run();
        this.#commit.run();
      } catch (error) {
        this.#rollBack();
        if (this.#mayUseReserve(operation, error) && this.#freeReserve()) at--;
        else operation.failed(describeStoreError(this.#path, error));
        continue;
      }
      this.#tell([operation]);
    }
    if (at < batch.length) setImmediate(() => this.#oneByOne(batch, at));
    else this.#next();
  }

  #mayUseReserve(operation: WriteOperation, error: unknown): boolean {
    return operation.makesRoom === true && isFull(error);
  }

  /** Whether there is more room now than before; once it is spent, whoever finds no room fails. */
  #freeReserve(): boolean {
    try {
      this.#begin.run();
      const freed = this.#events.freeReserve();
      this.#commit.run();
      return freed;
    } catch {
      // The disk has no room even for that, or the lock went to another: the operation fails with its own error.
      this.#rollBack();
      return false;
    }
  }

  #rollBack(): void {
    // SQLite has rolled back by itself after some errors, a full disk among them.
    if (this.#db.isTransaction) this.#rollback.run();
    this.#events.onRollback();
  }

  #tell(batch: readonly WriteOperation[]): void {
    this.#events.onCommit();
    for (const operation of batch) operation.committed();
  }

  #next(): void {
    if (this.#operations.length > 0 || this.#last.length > 0) {
      setImmediate(this.#flush);
      return;
    }
    this.#scheduled = false;
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}

/** Thrown by an operation that wants its transaction rolled back and itself run again, alone. */
export class RunAgain extends Error {}
