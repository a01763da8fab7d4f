// Waits for results, however many at once, on one feed of documents. A wait is a record: no timer, watch or promise of its own beyond the
// one that its caller holds.
import { BackendError } from "../errors/celeriac-error.ts";
import { TimeoutError } from "../errors/task-errors.ts";
import type { ResultMeta } from "../protocol/result-meta.ts";
import { isReady, states } from "../protocol/states.ts";
import type { Timer } from "../util/clock.ts";
import { TimerHeap } from "../util/timer-heap.ts";
import type { BackendLink } from "./backend-link.ts";
import type { Document } from "./contract.ts";
import type { DocumentFeed } from "./document-feed.ts";
import { PollFeed, type PollPauses } from "./poll-feed.ts";
import { PushFeed } from "./push-feed.ts";

/** How a result is waited for. */
export interface WaitOptions {
  /** Longest wait, in milliseconds; then it rejects with a TimeoutError. @default none */
  readonly timeoutMs?: number;
  /** Ends the wait: it rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Told of each state, the last included. What it throws rejects the wait. */
  readonly onMeta?: (meta: ResultMeta) => void;
}

/** What a waiter works with. */
export interface ResultWaiterParams {
  readonly link: BackendLink;
  decode(document: Document): ResultMeta;
  /** Told of each result that is ready. */
  onReady(meta: ResultMeta): void;
  readonly pollPauses?: PollPauses;
}

interface Wait {
  readonly taskIds: readonly string[];
  readonly metas: Map<string, ResultMeta>;
  remaining: number;
  readonly options: WaitOptions;
  resolve(metas: ReadonlyMap<string, ResultMeta>): void;
  reject(error: unknown): void;
  deadline: Timer | undefined;
  onAbort: (() => void) | undefined;
}

interface Awaited {
  readonly waits: Set<Wait>;
  document: Document | undefined;
  meta: ResultMeta | undefined;
}

/** Waits for the results of one backend. */
export class ResultWaiter {
  readonly #params: ResultWaiterParams;
  readonly #feed: DocumentFeed;
  readonly #awaited = new Map<string, Awaited>();
  readonly #deadlines: TimerHeap;
  #closed = false;

  constructor(params: ResultWaiterParams) {
    this.#params = params;
    this.#deadlines = new TimerHeap(params.link.clock);
    const feed = {
      link: params.link,
      deliver: (taskId: string, document: Document) => this.#deliver(taskId, document),
      fail: (taskIds: readonly string[], error: unknown) => this.#fail(taskIds, error),
    };
    this.#feed = params.link.driver.capabilities.push ? new PushFeed(feed) : new PollFeed(feed, params.pollPauses);
  }

  /** How many tasks are waited for. */
  get size(): number {
    return this.#awaited.size;
  }

  /** Resolves when the task has ended, however it did. */
  wait(taskId: string, options: WaitOptions = {}): Promise<ResultMeta> {
    return new Promise((resolve, reject) => {
      const settle = (metas: ReadonlyMap<string, ResultMeta>): void => {
        const meta = metas.get(taskId);
        if (meta) resolve(meta);
      };
      this.#begin([taskId], options, settle, reject);
    });
  }

  /** Resolves when all of the tasks have ended, in the order of the ids. With `onMeta` each is told of when it ends. */
  waitFor(taskIds: readonly string[], options: WaitOptions = {}): Promise<readonly ResultMeta[]> {
    return new Promise((resolve, reject) => {
      const settle = (metas: ReadonlyMap<string, ResultMeta>): void => resolve(taskIds.flatMap((id) => metas.get(id) ?? []));
      this.#begin([...new Set(taskIds)], options, settle, reject);
    });
  }

  /** Rejects all waits. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#feed.close();
    this.#fail([...this.#awaited.keys()], new BackendError("CELERIAC_BACKEND_CLOSED", { operation: "waiting for a result" }));
    this.#deadlines.clear();
  }

  #begin(taskIds: readonly string[], options: WaitOptions, resolve: Wait["resolve"], reject: Wait["reject"]): void {
    const { signal, timeoutMs } = options;
    const wait: Wait = {
      taskIds,
      metas: new Map(),
      remaining: taskIds.length,
      options,
      resolve,
      reject,
      deadline: undefined,
      onAbort: undefined,
    };
    if (this.#closed) return reject(new BackendError("CELERIAC_BACKEND_CLOSED", { operation: "waiting for a result" }));
    if (signal?.aborted) return reject(signal.reason);
    if (wait.remaining === 0) return resolve(wait.metas);
    if (signal) {
      wait.onAbort = () => this.#abandon(wait, signal.reason);
      signal.addEventListener("abort", wait.onAbort, { once: true });
    }
    if (timeoutMs !== undefined) wait.deadline = this.#deadlines.set(() => this.#timeOut(wait, timeoutMs), timeoutMs);
    const fresh: string[] = [];
    for (const id of taskIds) {
      const awaited = this.#awaited.get(id);
      if (awaited) {
        awaited.waits.add(wait);
        if (awaited.meta && !this.#tell(wait, awaited.meta)) return;
      } else {
        this.#awaited.set(id, { waits: new Set([wait]), document: undefined, meta: undefined });
        fresh.push(id);
      }
    }
    if (fresh.length > 0) this.#feed.add(fresh);
  }

  #deliver(taskId: string, document: Document): void {
    const awaited = this.#awaited.get(taskId);
    if (!awaited || (awaited.document !== undefined && isSame(awaited.document, document))) return;
    let meta: ResultMeta;
    try {
      meta = this.#params.decode(document);
    } catch (error) {
      this.#fail([taskId], error);
      return;
    }
    awaited.document = document;
    awaited.meta = meta;
    const ready = isReady(meta.status);
    if (ready) {
      this.#awaited.delete(taskId);
      this.#feed.remove([taskId]);
      this.#params.onReady(meta);
    }
    for (const wait of awaited.waits) {
      if (!this.#tell(wait, meta) || !ready) continue;
      wait.metas.set(taskId, meta);
      if (--wait.remaining > 0) continue;
      release(wait);
      wait.resolve(wait.metas);
    }
  }

  /** False where the one told threw, which ends its wait. */
  #tell(wait: Wait, meta: ResultMeta): boolean {
    try {
      wait.options.onMeta?.(meta);
      return true;
    } catch (error) {
      this.#abandon(wait, error);
      return false;
    }
  }

  #timeOut(wait: Wait, timeoutMs: number): void {
    const taskId = wait.taskIds.find((id) => !wait.metas.has(id)) ?? "";
    const state = this.#awaited.get(taskId)?.meta?.status ?? states.PENDING;
    this.#abandon(wait, new TimeoutError({ taskId, timeoutMs, state }));
  }

  #fail(taskIds: readonly string[], error: unknown): void {
    for (const id of taskIds) {
      for (const wait of this.#awaited.get(id)?.waits ?? []) this.#abandon(wait, error);
    }
  }

  /** Ends a wait without a result, and stops asking for what nobody else waits for. */
  #abandon(wait: Wait, error: unknown): void {
    const unwanted: string[] = [];
    for (const id of wait.taskIds) {
      const awaited = this.#awaited.get(id);
      if (!awaited?.waits.delete(wait) || awaited.waits.size > 0) continue;
      this.#awaited.delete(id);
      unwanted.push(id);
    }
    if (unwanted.length > 0 && !this.#closed) this.#feed.remove(unwanted);
    release(wait);
    wait.reject(error);
  }
}

function release(wait: Wait): void {
  wait.deadline?.cancel();
  if (wait.onAbort) wait.options.signal?.removeEventListener("abort", wait.onAbort);
}

function isSame(a: Document, b: Document): boolean {
  if (typeof a === "string" || typeof b === "string") return a === b;
  return Buffer.compare(a, b) === 0;
}
