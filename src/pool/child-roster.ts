// Keeps the right number of children alive: starts them, replaces the dead at once and the worn-out by a successor that is up before they go,
// grows and shrinks, and gives up when they cannot be started. It knows nothing of dispatch; jobs matter only in that a child has some or none.
import { PoolError } from "../errors/celeriac-error.ts";
import { type BackoffPolicy, backoffMs } from "../util/backoff.ts";
import { createDeferred, type Deferred } from "../util/deferred.ts";
import type { ChildExit, ChildSpawner } from "./child-handle.ts";
import type { ChildInit } from "./child-runtime.ts";
import type { PoolOptions } from "./contract.ts";
import type { Deadlines } from "./deadlines.ts";
import { FrameKind } from "./frames.ts";
import { type ChildDownReason, type ChildOwner, PoolChild } from "./pool-child.ts";
import { sayLog } from "./pool-log.ts";

/** So many children in a row that die before they are up are no accident. */
const MOST_FAILED_STARTS = 6;
/** How long the pool waits before it tries again, while it has other children. */
const RETRY: BackoffPolicy = { startMs: 250, maxMs: 30_000 };
const DEFAULT_ALIVE_TIMEOUT_MS = 30_000;
/** A machine under load gets more time with each try, up to so much. */
const LONGEST_ALIVE_TIMEOUT_MS = 60_000;
/** The successor is started when a child has this part of its jobs left, and with the last job at the latest. */
const WARM_UP_PART = 0.1;

/** How a roster is set up. */
export interface RosterOptions {
  readonly pool: PoolOptions;
  readonly init: Omit<ChildInit, "index">;
  readonly spawner: ChildSpawner;
  readonly owner: ChildOwner;
  readonly deadlines: Deadlines;
  /** There is more room for jobs. */
  readonly onRoom: () => void;
  /** No child can be started any more. */
  readonly onFailed: (error: PoolError) => void;
}

/** The children of a pool. */
export class ChildRoster {
  readonly children: Set<PoolChild> = new Set();
  /** How many shall take jobs. */
  target: number;
  readonly #options: RosterOptions;
  readonly #started: Deferred<void> = createDeferred();
  readonly #waiters: Map<PoolChild, Deferred<void>[]> = new Map();
  #failedStarts = 0;
  #isStarted = false;
  #ending = false;
  #ended: Deferred<void> | undefined;

  constructor(options: RosterOptions) {
    this.#options = options;
    this.target = options.pool.concurrency;
    // A failure also goes to onFailed; nobody may be waiting for the start any more.
    this.#started.promise.then(
      () => (this.#isStarted = true),
      () => {},
    );
  }

  /** Starts all; resolves when they are up. */
  start(): Promise<void> {
    this.#balance();
    if (this.#isComplete()) this.#started.resolve();
    return this.#started.promise;
  }

  /** How many more jobs the child may be given before it is replaced. */
  remaining(child: PoolChild): number {
    const { maxTasksPerChild } = this.#options.pool;
    return maxTasksPerChild === undefined ? Infinity : maxTasksPerChild - child.taken;
  }

  /** The child said that it is up. */
  onReady(child: PoolChild): void {
    child.aliveDeadline?.cancel();
    if (child.phase !== "starting") return;
    child.phase = "up";
    this.#failedStarts = 0;
    this.#options.pool.onChild?.({ kind: "up", pid: child.pid, index: child.index });
    const predecessor = this.#predecessorOf(child);
    if (predecessor) {
      child.standby = true;
      if (predecessor.retireWhenReplaced) this.retire(predecessor, "recycled");
      this.#activateSuccessor(predecessor);
    }
    this.onGiven(child);
    if (this.#isComplete()) this.#started.resolve();
    this.#options.onRoom();
  }

  /** The child has been given jobs: it may need a successor soon, or have had its last. */
  onGiven(child: PoolChild): void {
    const most = this.#options.pool.maxTasksPerChild;
    if (most === undefined) return;
    const remaining = this.remaining(child);
    if (remaining <= Math.max(1, Math.floor(most * WARM_UP_PART)) && !child.standby) this.#prepareSuccessor(child);
    if (remaining <= 0 && child.phase === "up") {
      child.phase = "retiring";
      child.downReason = "recycled";
    }
  }

  /** The child is above its memory limit: it goes when its successor is up. */
  recycle(child: PoolChild): void {
    if (child.phase !== "up" || child.retireWhenReplaced) return;
    child.retireWhenReplaced = true;
    this.#prepareSuccessor(child);
    if (child.successor?.phase === "up") this.retire(child, "recycled");
  }

  /** The child takes no more jobs, gives back those that have not started, and exits after the others. */
  retire(child: PoolChild, reason: ChildDownReason): void {
    if (child.phase === "gone" || child.stopSent) return;
    child.downReason = reason;
    const isStarting = child.phase === "starting";
    child.phase = "retiring";
    child.stopSent = true;
    if (isStarting) {
      child.kill("SIGKILL", reason);
      return;
    }
    child.tell(FrameKind.stop, 0);
    child.flush();
  }

  /** A child has fewer jobs than before: when it is on its way out and has none, it can go, and its successor takes over. */
  onDrained(child: PoolChild): void {
    if (child.phase !== "retiring" || child.jobs.size > 0) return;
    this.#activateSuccessor(child);
    this.retire(child, child.downReason);
  }

  /** Changes how many shall take jobs. */
  resize(target: number): void {
    this.target = target;
    const counted = this.#counted();
    const excess = counted.length - target;
    if (excess > 0) {
      const idlestFirst = counted.toSorted((a, b) => a.jobs.size - b.jobs.size);
      for (const child of idlestFirst.slice(0, excess)) this.#dismiss(child);
    }
    this.#balance();
  }

  /** Replaces all that are up; resolves when the old ones are gone. */
  async restart(): Promise<void> {
    const old = this.#counted();
    for (const child of old) this.recycle(child);
    await Promise.all(old.filter((child) => child.phase === "up" || child.phase === "retiring").map((child) => this.#goneOf(child)));
  }

  /** The child is gone: its place is filled unless that is no longer wanted. */
  onGone(child: PoolChild, exit: ChildExit): void {
    const isFailedStart = child.phase === "starting" && child.downReason === "died";
    const predecessor = this.#predecessorOf(child);
    child.phase = "gone";
    child.aliveDeadline?.cancel();
    this.children.delete(child);
    this.#activateSuccessor(child);
    for (const told of this.#waiters.get(child) ?? []) told.resolve();
    this.#waiters.delete(child);
    const { pool } = this.#options;
    const { pid, index, downReason: reason } = child;
    pool.onChild?.({ kind: "down", pid, index, exitCode: exit.exitCode, signal: exit.signal, reason });
    if (this.#ending) {
      if (this.children.size === 0) this.#ended?.resolve();
      return;
    }
    if (isFailedStart && !this.#mayTryAgain(child, exit)) return;
    if (predecessor?.phase === "up") this.#prepareSuccessor(predecessor);
    this.#balance();
    if (this.#isComplete()) this.#started.resolve();
    this.#options.onRoom();
  }

  /** Retires or kills all; resolves when all are gone. No child is started any more. */
  async end(how: "retire" | "kill"): Promise<void> {
    this.#ending = true;
    this.#ended ??= createDeferred();
    this.#started.reject(new PoolError("CELERIAC_POOL_CLOSED", { operation: "start" }));
    if (this.children.size === 0) this.#ended.resolve();
    for (const child of this.children) {
      if (how === "kill") child.kill("SIGKILL", "killed");
      else this.retire(child, "stopped");
    }
    await this.#ended.promise;
  }

  #goneOf(child: PoolChild): Promise<void> {
    const gone = createDeferred();
    this.#waiters.set(child, [...(this.#waiters.get(child) ?? []), gone]);
    return gone.promise;
  }

  /** Those that fill a place: a successor fills none until its predecessor is on its way out. */
  #counted(): PoolChild[] {
    const counted: PoolChild[] = [];
    for (const child of this.children) {
      if (child.phase !== "starting" && child.phase !== "up") continue;
      const predecessor = this.#predecessorOf(child);
      if (!predecessor || predecessor.phase === "retiring") counted.push(child);
    }
    return counted;
  }

  #isComplete(): boolean {
    return this.#counted().filter((child) => child.phase === "up").length >= this.target;
  }

  #balance(): void {
    for (let missing = this.target - this.#counted().length; missing > 0; missing--) this.#spawn();
  }

  #spawn(): PoolChild {
    const { spawner, init, owner, deadlines, pool } = this.#options;
    const index = this.#freeIndex();
    pool.onChild?.({ kind: "starting", index });
    const child = new PoolChild(spawner, { ...init, index }, owner);
    this.children.add(child);
    const timeoutMs = Math.min(LONGEST_ALIVE_TIMEOUT_MS, (pool.aliveTimeoutMs ?? DEFAULT_ALIVE_TIMEOUT_MS) * 2 ** this.#failedStarts);
    child.aliveDeadline = deadlines.add(timeoutMs, () => {
      child.lastWords = `it did not say that it is up within ${timeoutMs} ms; a machine under load may need a higher aliveTimeoutMs (the setting workerProcAliveTimeout)`;
      child.kill("SIGKILL", "died");
    });
    return child;
  }

  #freeIndex(): number {
    const taken = new Set([...this.children].map((child) => child.index));
    let index = 0;
    while (taken.has(index)) index++;
    return index;
  }

  #prepareSuccessor(child: PoolChild): void {
    if (this.#ending || (child.successor && child.successor.phase !== "gone")) return;
    child.successor = this.#spawn();
  }

  /** With one job a child, the successor waits for the last job of its predecessor; with several, one long job must not keep the other places empty. */
  #activateSuccessor(predecessor: PoolChild): void {
    const { successor } = predecessor;
    if (!successor || successor.phase !== "up") return;
    const isFree =
      predecessor.phase === "gone" ||
      (predecessor.phase === "retiring" && (predecessor.jobs.size === 0 || this.#options.init.concurrency > 1));
    if (!isFree || !successor.standby) return;
    successor.standby = false;
    this.onGiven(successor);
    this.#options.onRoom();
  }

  #predecessorOf(child: PoolChild): PoolChild | undefined {
    for (const other of this.children) if (other.successor === child) return other;
    return undefined;
  }

  #dismiss(child: PoolChild): void {
    if (child.successor) this.retire(child.successor, "stopped");
    child.successor = undefined;
    this.retire(child, "stopped");
  }

  /** Whether to start another in the place of one that died before it was up. Where that is hopeless, the pool goes on with the children that it has. */
  #mayTryAgain(child: PoolChild, exit: ChildExit): boolean {
    const { pool, deadlines, onFailed } = this.#options;
    this.#failedStarts++;
    const reason = child.lastWords ?? exit.error ?? `it ended with ${exit.signal ?? `exit code ${exit.exitCode}`} before it was up`;
    if (!child.importFailed && this.#failedStarts < MOST_FAILED_STARTS) {
      sayLog(pool.onLog, { level: "warn", message: `a child of the pool could not start and is tried again: ${reason}`, pid: child.pid });
      return true;
    }
    const times = this.#failedStarts > 1 ? ` (${this.#failedStarts} times in a row)` : "";
    const error = new PoolError("CELERIAC_POOL_START_FAILED", { reason: `${reason}${times}` });
    this.#giveUpReplacing(error);
    const areOthersUp = [...this.children].some((other) => other.phase === "up");
    if (this.#isStarted && areOthersUp) {
      sayLog(pool.onLog, { level: "error", message: `${error.message}; the pool goes on with fewer, and tries again`, pid: child.pid });
      deadlines.add(backoffMs(RETRY, this.#failedStarts), () => {
        if (!this.#ending) this.#balance();
      });
    } else {
      this.#started.reject(error);
      onFailed(error);
    }
    return false;
  }

  /** Those that waited for a successor stay; who asked for a restart is told. Successors on their way are of the same module, and are not waited for. */
  #giveUpReplacing(error: PoolError): void {
    for (const child of this.children) {
      child.retireWhenReplaced = false;
      if (child.successor?.phase !== "starting") continue;
      this.retire(child.successor, "stopped");
      child.successor = undefined;
    }
    for (const [child, told] of this.#waiters) {
      if (child.phase !== "up") continue;
      for (const waiter of told) waiter.reject(error);
      this.#waiters.delete(child);
    }
  }
}
