// The result backend as everybody but its drivers sees it: documents encoded and decoded, errors normalised, calls tried again where the
// settings say so, closed and missing backends refused. Without a driver, results are disabled: storing does nothing, reading is refused.
import { BackendError } from "../errors/celeriac-error.ts";
import type { ResultMeta } from "../protocol/result-meta.ts";
import { states, type TaskState } from "../protocol/states.ts";
import { type Clock, systemClock } from "../util/clock.ts";
import { type Logger, silentLogger } from "../util/logger.ts";
import { maskUrl } from "../util/mask-url.ts";
import type { BackendAccess } from "./backend-access.ts";
import { BackendChords } from "./backend-chords.ts";
import { BackendGroups } from "./backend-groups.ts";
import { BackendLink, type BackendRetry } from "./backend-link.ts";
import type { BackendCapabilities, BackendDriver, Document, StoreEntry } from "./contract.ts";
import type { DocumentCodec } from "./document-codec.ts";
import type { PollPauses } from "./poll-feed.ts";
import { ResultCache } from "./result-cache.ts";
import { ResultWaiter, type WaitOptions } from "./result-waiter.ts";
import { StoreQueue } from "./store-queue.ts";

/** What a backend is made of. */
export interface BackendParams {
  /** Undefined where no backend is configured. */
  readonly driver: BackendDriver | undefined;
  readonly url: string;
  /** The setting `resultBackendTransportOptions`, with the URL's query merged in. */
  readonly options?: Readonly<Record<string, unknown>>;
  readonly codec: DocumentCodec;
  readonly logger?: Logger;
  readonly clock?: Clock;
  /** How long results are kept after a write, in milliseconds: the setting `resultExpires`; null keeps them for ever. */
  readonly expiresMs: number | null;
  /** How many results that have ended are kept in memory: the setting `resultCacheMax`; -1 keeps none, 0 and null keep all. @default -1 */
  readonly cacheMax?: number | null;
  readonly retry?: BackendRetry;
  /** How often a driver that cannot push is asked. */
  readonly pollPauses?: PollPauses;
}

/** A document to be stored, already encoded. */
export interface ResultEntry {
  readonly taskId: string;
  readonly status: TaskState;
  readonly document: Document;
  /** Kept so long after this write, in milliseconds; null keeps it for ever. @default the setting resultExpires */
  readonly expiresMs?: number | null;
  /** The property `reply_to` of the task's message. Without it, a backend that sends results to the sender sends nothing. */
  readonly replyTo?: string | undefined;
}

const DONE: Promise<void> = Promise.resolve();

/** A result backend. */
export class Backend implements AsyncDisposable {
  /** Saved groups. */
  readonly groups: BackendGroups;
  /** Counting the members of chords. */
  readonly chords: BackendChords;
  /** The URL as it may be shown: without its secrets. */
  readonly url: string;
  readonly #link: BackendLink | undefined;
  readonly #codec: DocumentCodec;
  readonly #expiresMs: number | null;
  readonly #cache: ResultCache;
  readonly #stores: StoreQueue | undefined;
  readonly #waiter: ResultWaiter | undefined;
  #closing: Promise<void> | undefined;

  constructor(params: BackendParams) {
    const { driver, url, options = {}, codec, logger = silentLogger, clock = systemClock, expiresMs, cacheMax = -1, retry = {} } = params;
    this.url = maskUrl(url);
    this.#codec = codec;
    this.#expiresMs = expiresMs;
    this.#cache = new ResultCache(cacheMax);
    const access: BackendAccess = { codec, expiresMs, require: (operation) => this.#require(operation) };
    this.groups = new BackendGroups(access);
    this.chords = new BackendChords(access);
    if (!driver) return;
    this.#link = new BackendLink({ driver, url, options, logger, clock, retry });
    this.#stores = new StoreQueue(this.#link);
    this.#waiter = new ResultWaiter({
      link: this.#link,
      decode: (document) => codec.decode(document),
      onReady: (meta) => this.#cache.add(meta),
      ...(params.pollPauses && { pollPauses: params.pollPauses }),
    });
  }

  /** Whether there is one. Where not, storing does nothing. */
  get enabled(): boolean {
    return this.#link !== undefined;
  }

  /** What its driver can do; undefined where there is none. */
  get capabilities(): BackendCapabilities | undefined {
    return this.#link?.driver.capabilities;
  }

  /** How many tasks are waited for at this moment. */
  get waiting(): number {
    return this.#waiter?.size ?? 0;
  }

  /** Connects now rather than at the first call, so that a wrong URL shows at once. */
  async connect(): Promise<void> {
    if (!this.enabled) return;
    await this.#require("connect()").run("connect", 0, () => DONE);
  }

  /** Stores a document; resolves when it can be read. Those of one turn of the event loop go together. A stored SUCCESS stays. */
  store(entry: ResultEntry): Promise<void> {
    if (!this.#stores) return DONE;
    if (this.#closing) return Promise.reject(closed("store()"));
    this.#cache.drop(entry.taskId);
    return this.#stores.add(this.#complete(entry));
  }

  /** Stores documents, as {@link store} does; rejects with the first failure when all are through. */
  storeMany(entries: readonly ResultEntry[]): Promise<void> {
    if (!this.#stores) return DONE;
    if (this.#closing) return Promise.reject(closed("storeMany()"));
    for (const { taskId } of entries) this.#cache.drop(taskId);
    return this.#stores.addMany(entries.map((entry) => this.#complete(entry)));
  }

  /** Encodes and stores what is known of a task. */
  async storeMeta(meta: ResultMeta): Promise<void> {
    if (!this.enabled) return;
    await this.store({ taskId: meta.taskId, status: meta.status, document: this.#codec.encode(meta) });
  }

  /** What is known of a task; PENDING where nothing is. */
  async getMeta(taskId: string): Promise<ResultMeta> {
    const found = await this.#read([taskId], "getMeta()");
    return found.get(taskId) ?? pendingMeta(taskId);
  }

  /** What is known of several tasks, in their order; PENDING where nothing is. */
  async getMany(taskIds: readonly string[]): Promise<readonly ResultMeta[]> {
    const found = await this.#read(taskIds, "getMany()");
    return taskIds.map((id) => found.get(id) ?? pendingMeta(id));
  }

  /** Removes what is stored of these tasks. */
  async forget(taskIds: readonly string[]): Promise<void> {
    const link = this.#require("forget()");
    for (const id of taskIds) this.#cache.drop(id);
    await link.run("forget", taskIds.length, (connection) => connection.forget(taskIds));
  }

  /** Resolves when a task has ended, however it did; rejects with a TimeoutError when that takes too long. */
  wait(taskId: string, options: WaitOptions = {}): Promise<ResultMeta> {
    const cached = this.#cache.get(taskId);
    if (cached === undefined) return this.#waiting((waiter) => waiter.wait(taskId, options));
    return this.#waiting(async () => {
      options.onMeta?.(cached);
      return cached;
    });
  }

  /** Resolves when all of these tasks have ended, to what is known of them in the order of the ids. */
  waitFor(taskIds: readonly string[], options: WaitOptions = {}): Promise<readonly ResultMeta[]> {
    return this.#waiting((waiter) => waiter.waitFor(taskIds, options));
  }

  /** Removes what has expired; resolves to how many documents. Drivers that expire by themselves may have left none. */
  async cleanup(): Promise<number> {
    if (!this.enabled) return 0;
    return this.#require("cleanup()").run("cleanup", 0, (connection) => connection.cleanup());
  }

  /** Stores what was given before, ends all waits, and closes the connection. Safe to call twice. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    this.#waiter?.close();
    await this.#stores?.drain();
    await this.#link?.close();
  }

  async #read(taskIds: readonly string[], operation: string): Promise<ReadonlyMap<string, ResultMeta>> {
    const link = this.#require(operation);
    const found = new Map<string, ResultMeta>();
    const unknown: string[] = [];
    for (const id of taskIds) {
      const cached = this.#cache.get(id);
      if (cached) found.set(id, cached);
      else unknown.push(id);
    }
    if (unknown.length === 0) return found;
    const documents = await link.run("get", unknown.length, (connection) => connection.get(unknown));
    for (const [id, document] of documents) {
      const meta = this.#codec.decode(document);
      found.set(id, meta);
      this.#cache.add(meta);
    }
    return found;
  }

  #waiting<T>(start: (waiter: ResultWaiter) => Promise<T>): Promise<T> {
    try {
      this.#require("waiting for a result");
    } catch (error) {
      return Promise.reject(error);
    }
    return this.#waiter ? start(this.#waiter) : Promise.reject(disabled("waiting for a result"));
  }

  #complete(entry: ResultEntry): StoreEntry {
    const { taskId, status, document, expiresMs, replyTo } = entry;
    return { taskId, status, document, expiresMs: expiresMs === undefined ? this.#expiresMs : expiresMs, replyTo };
  }

  #require(operation: string): BackendLink {
    if (!this.#link) throw disabled(operation);
    if (this.#closing) throw closed(operation);
    return this.#link;
  }
}

function pendingMeta(taskId: string): ResultMeta {
  return { taskId, status: states.PENDING, result: null, traceback: null, children: null, dateDone: null };
}

function disabled(operation: string): BackendError {
  return new BackendError("CELERIAC_BACKEND_DISABLED", { operation });
}

function closed(operation: string): BackendError {
  return new BackendError("CELERIAC_BACKEND_CLOSED", { operation });
}
