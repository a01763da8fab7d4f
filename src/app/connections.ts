// The broker and backend of an app, made when they are first needed. Reading and writing share one broker where their URLs are the same.
import { Backend } from "../backend/backend.ts";
import type { DocumentCodec } from "../backend/document-codec.ts";
import type { ResultContent } from "../backend/result-content.ts";
import { Broker } from "../broker/broker.ts";
import type { Queue } from "../broker/contract.ts";
import { replyQueue } from "../broker/reply-queue.ts";
import { queryOf } from "../broker/url-query.ts";
import { type BrokerDirection, brokerUrlsOf } from "../config/broker-urls.ts";
import type { ResolvedSettings } from "../config/settings.ts";
import { UsageError } from "../errors/celeriac-error.ts";
import type { Clock } from "../util/clock.ts";
import type { Logger } from "../util/logger.ts";
import {
  type BackendDriverOptions,
  checkBackendUrl,
  checkSameDriver,
  type DriverTable,
  loadBackendDriver,
  loadBrokerDriver,
  schemeOf,
} from "./driver-table.ts";
import { brokerOptionsOf } from "./broker-options.ts";
import { failoverDriver } from "./failover-driver.ts";
import { backendUrlOf, redisBackendOptions, redisWriteRetry } from "./redis-backend-options.ts";

/** The broker of an app that names none: a SQLite file in the folder that the program was started in. */
export const DEFAULT_BROKER_URL = "sqlite://celeriac.db";

/** What connections are made from. */
export interface ConnectionsParams {
  readonly appName: string;
  settings(): ResolvedSettings;
  readonly drivers: DriverTable;
  codec(): DocumentCodec;
  /** How results are written and read, for a backend that sends them. */
  content(): ResultContent;
  /** What its messages have in their property `reply_to`. */
  readonly replyTo: string;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** The connections of one app. */
export class Connections {
  readonly #params: ConnectionsParams;
  readonly #brokers: Map<string, Promise<Broker>> = new Map();
  #backend: Promise<Backend> | undefined;
  #writer: Broker | undefined;
  #closing: Promise<void> | undefined;

  constructor(params: ConnectionsParams) {
    this.#params = params;
  }

  /** The broker for publishing, where it was made before: spares hot paths a promise. */
  get writer(): Broker | undefined {
    return this.#closing === undefined ? this.#writer : undefined;
  }

  /** The URL of the broker for one direction; the first where several are configured. */
  brokerUrl(direction: BrokerDirection): string {
    return this.brokerUrls(direction)[0] ?? DEFAULT_BROKER_URL;
  }

  /** The URLs of the broker for one direction, at least one: the first that answers is used. */
  brokerUrls(direction: BrokerDirection): readonly string[] {
    return brokerUrlsOf(this.#params.settings(), direction) ?? [DEFAULT_BROKER_URL];
  }

  /** The URL of the backend; null where results are disabled. */
  backendUrl(): string | null {
    const { resultBackend, celeryDefaults } = this.#params.settings();
    if (resultBackend !== null) return schemeOf(resultBackend) === "disabled" ? null : resultBackend;
    const broker = this.brokerUrl("write");
    return celeryDefaults || !Object.hasOwn(this.#params.drivers.backends, schemeOf(broker)) ? null : broker;
  }

  /** The queue in which results come, where the backend is one that sends them. */
  replyQueue(): Queue | undefined {
    const url = this.backendUrl();
    return url !== null && schemeOf(url) === "rpc" ? replyQueue(this.#params.replyTo, this.#expiresMs()) : undefined;
  }

  /** The broker for one direction. It connects at its first operation. */
  async broker(direction: BrokerDirection): Promise<Broker> {
    this.#refuseClosed("connecting to the broker");
    const urls = this.brokerUrls(direction);
    const key = urls.join(";");
    let broker = this.#brokers.get(key);
    if (broker === undefined) {
      broker = this.#makeBroker(urls);
      this.#brokers.set(key, broker);
      // A driver that could not be loaded may be there the next time.
      broker.catch(() => this.#brokers.delete(key));
    }
    const made = await broker;
    if (direction === "write") this.#writer = made;
    return made;
  }

  /** The result backend. It connects at its first operation. */
  backend(): Promise<Backend> {
    try {
      this.#refuseClosed("connecting to the result backend");
    } catch (error) {
      return Promise.reject(error as Error);
    }
    if (this.#backend === undefined) {
      const made = this.#makeBackend();
      this.#backend = made;
      made.catch(() => (this.#backend = undefined));
    }
    return this.#backend;
  }

  /** Closes what was opened. Safe to call twice. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const brokers = await Promise.allSettled(this.#brokers.values());
    const backend = this.#backend === undefined ? [] : await Promise.allSettled([this.#backend]);
    const opened = [...brokers, ...backend].flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    const closed = await Promise.allSettled(opened.map((each) => each.close()));
    for (const outcome of closed) if (outcome.status === "rejected") throw outcome.reason;
  }

  #refuseClosed(operation: string): void {
    if (this.#closing === undefined) return;
    throw new UsageError("CELERIAC_USAGE", { message: `${operation} was asked of the app ${this.#params.appName}, which is closed` });
  }

  async #makeBroker(urls: readonly string[]): Promise<Broker> {
    const { drivers, logger, clock } = this.#params;
    // A wrong backend shows now, and not only to those who wait for a result.
    const backend = this.backendUrl();
    checkSameDriver(drivers, urls);
    const loaded = await loadBrokerDriver(drivers, urls[0] ?? DEFAULT_BROKER_URL, clock);
    if (backend !== null) checkBackendUrl(drivers, backend);
    const settings = this.#params.settings();
    const { brokerFailoverStrategy, taskPublishRetry, taskPublishRetryPolicy, maxMessageBytes } = settings;
    const transportOptions = brokerOptionsOf(settings, urls[0] ?? DEFAULT_BROKER_URL);
    const failover = { urls, strategy: brokerFailoverStrategy, transportOptions, logger };
    const driver = urls.length > 1 ? failoverDriver(loaded, failover) : loaded;
    return new Broker(driver, {
      url: urls.join(";"),
      transportOptions,
      logger,
      clock,
      publishRetryPolicy: taskPublishRetry ? taskPublishRetryPolicy : false,
      ...(maxMessageBytes === null ? {} : { maxMessageBytes }),
    });
  }

  /** How long results are kept; null: for ever. */
  #expiresMs(): number | null {
    const { resultExpires } = this.#params.settings();
    return resultExpires === null || resultExpires === 0 ? null : resultExpires * 1000;
  }

  #driverOptions(): BackendDriverOptions {
    const { logger, clock, replyTo, content } = this.#params;
    return { clock, logger, broker: () => this.broker("write"), replyTo, expiresMs: this.#expiresMs(), content: content() };
  }

  async #makeBackend(): Promise<Backend> {
    const { drivers, logger, clock } = this.#params;
    const settings = this.#params.settings();
    const configured = this.backendUrl();
    const url = configured === null ? null : backendUrlOf(settings, configured);
    const driver = url === null ? undefined : await loadBackendDriver(drivers, url, this.#driverOptions());
    return new Backend({
      driver,
      url: url ?? "disabled://",
      options: { ...redisBackendOptions(settings, url), ...settings.resultBackendTransportOptions, ...queryOf(url ?? "") },
      codec: this.#params.codec(),
      logger,
      clock,
      expiresMs: this.#expiresMs(),
      cacheMax: settings.resultCacheMax,
      retry: {
        alwaysRetry: settings.resultBackendAlwaysRetry,
        maxRetries: settings.resultBackendMaxRetries,
        baseSleepMs: settings.resultBackendBaseSleepBetweenRetriesMs,
        maxSleepMs: settings.resultBackendMaxSleepBetweenRetriesMs,
        ...redisWriteRetry(settings, url),
      },
    });
  }
}
