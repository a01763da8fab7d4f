// The one connection of a backend facade: opened when first needed, opened again after it was lost, and every call on it with its errors
// normalised, its tries and its diagnostics.
//   idle --connect()--> opening --> live --onLost--> idle;  any --close()--> closed, which is final
import { BackendError, CeleriacError } from "../errors/celeriac-error.ts";
import { backoffMs } from "../util/backoff.ts";
import type { Clock } from "../util/clock.ts";
import type { Logger } from "../util/logger.ts";
import { maskUrl } from "../util/mask-url.ts";
import { type BackendOperation, isTraced, trace } from "./backend-diagnostics.ts";
import type { BackendConnection, BackendDriver } from "./contract.ts";

/** How calls that failed are tried again. */
export interface BackendRetry {
  /** Whether they are at all: the setting `resultBackendAlwaysRetry`. @default false */
  readonly alwaysRetry?: boolean;
  /** How many further tries. @default Infinity */
  readonly maxRetries?: number;
  /** How many further tries a write gets, also where the others get none: a worker whose result cannot be stored gives its task back, to be executed again. @default 0 */
  readonly writeRetries?: number;
  /** Upper bound of the first wait; it doubles with each try. @default 10 */
  readonly baseSleepMs?: number;
  /** Longest wait. @default 10000 */
  readonly maxSleepMs?: number;
}

/** What a link works with. */
export interface BackendLinkParams {
  readonly driver: BackendDriver;
  readonly url: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly retry: BackendRetry;
}

const WRITES: ReadonlySet<BackendOperation> = new Set(["store", "chord", "group", "forget"]);

/** The connection behind a facade. */
export class BackendLink {
  readonly driver: BackendDriver;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The URL as it may be shown. */
  readonly shownUrl: string;
  readonly #params: BackendLinkParams;
  readonly #lostListeners: (() => void)[] = [];
  readonly #closing = new AbortController();
  #live: BackendConnection | undefined;
  #opening: Promise<BackendConnection> | undefined;
  #everLive = false;

  constructor(params: BackendLinkParams) {
    this.#params = params;
    this.driver = params.driver;
    this.clock = params.clock;
    this.logger = params.logger;
    this.shownUrl = maskUrl(params.url);
  }

  /** Whether it was connected at least once, so that a failure now is a loss and may pass. */
  get everLive(): boolean {
    return this.#everLive;
  }

  /** Whether it was closed. */
  get closed(): boolean {
    return this.#closing.signal.aborted;
  }

  /** Aborted when it is closed. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** Calls back whenever a connection is lost. */
  onLost(listener: () => void): void {
    this.#lostListeners.push(listener);
  }

  /** The live connection; opens one where there is none. Throws normalised errors. */
  connect(): Promise<BackendConnection> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  /** Runs a call once, with its errors normalised and told to whoever traces. */
  async once<T>(operation: BackendOperation, count: number, call: (connection: BackendConnection) => Promise<T>): Promise<T> {
    const startedAt = isTraced(operation) ? this.clock.monotonic() : undefined;
    let failure: unknown;
    try {
      return await call(this.#live ?? (await this.connect()));
    } catch (error) {
      failure = this.normalise(operation, error);
      throw failure;
    } finally {
      if (startedAt !== undefined)
        trace({ operation, url: this.shownUrl, count, durationMs: this.clock.monotonic() - startedAt, error: failure });
    }
  }

  /** Runs a call, and runs it again where it failed and the settings say so. Every call of the contract may be repeated. */
  async run<T>(operation: BackendOperation, count: number, call: (connection: BackendConnection) => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.once(operation, count, call);
      } catch (error) {
        if (!this.mayRetry(error, attempt, WRITES.has(operation))) throw error;
        this.logger.warn({ err: error, url: this.shownUrl, operation, attempt }, `the result backend failed at ${operation}; trying again`);
        if (!(await this.pause(attempt))) throw error;
      }
    }
  }

  /** Whether a call that failed so often is to be tried again. */
  mayRetry(error: unknown, attempt: number, writes: boolean): boolean {
    const { alwaysRetry = false, maxRetries = Number.POSITIVE_INFINITY, writeRetries = 0 } = this.#params.retry;
    const most = Math.max(alwaysRetry ? maxRetries : 0, writes && this.#everLive ? writeRetries : 0);
    return attempt < most && !this.closed && error instanceof CeleriacError && error.retryable;
  }

  /** Waits before the next try; false where it was closed meanwhile. */
  async pause(attempt: number): Promise<boolean> {
    const { baseSleepMs = 10, maxSleepMs = 10_000 } = this.#params.retry;
    try {
      await this.clock.sleep(backoffMs({ startMs: baseSleepMs, maxMs: maxSleepMs }, attempt), this.closing);
      return true;
    } catch (error) {
      if (this.closed) return false;
      throw error;
    }
  }

  /** What the caller can do about what a driver threw. */
  normalise(operation: string, error: unknown): Error {
    if (error instanceof CeleriacError) return error;
    const reason = error instanceof Error ? error.message : String(error);
    const cause = { cause: error };
    if (this.driver.classifyError?.(error) === "refused") return new BackendError("CELERIAC_BACKEND_REFUSED", { operation, reason }, cause);
    return new BackendError("CELERIAC_BACKEND_UNAVAILABLE", { url: this.shownUrl, reason }, cause);
  }

  /** Closes the connection. What was called on it before is settled first. Safe to call twice. */
  async close(): Promise<void> {
    if (!this.closed) this.#closing.abort(new BackendError("CELERIAC_BACKEND_CLOSED", { operation: "close" }));
    const opening = this.#opening;
    if (!opening) return;
    const connection = await opening.catch(() => undefined); // Nothing was opened, so that there is nothing to close; its callers were told why.
    await connection?.close();
  }

  async #open(): Promise<BackendConnection> {
    let lost = false;
    const forget = (): void => {
      this.#live = undefined;
      this.#opening = undefined;
    };
    try {
      if (this.closed) throw new BackendError("CELERIAC_BACKEND_CLOSED", { operation: "connect" });
      const { url, options } = this.#params;
      const connection = await this.driver.open({
        url,
        options,
        onLost: (error) => {
          if (lost || this.closed) return;
          lost = true;
          forget();
          this.logger.warn({ err: error, url: this.shownUrl }, "the connection to the result backend was lost");
          if (isTraced("lost")) trace({ operation: "lost", url: this.shownUrl, count: 0, durationMs: 0, error });
          for (const listener of this.#lostListeners) listener();
        },
      });
      if (lost) throw new Error("the connection was lost as soon as it was open");
      this.#live = connection;
      this.#everLive = true;
      return connection;
    } catch (error) {
      forget();
      throw this.normalise("connect", error);
    }
  }
}
