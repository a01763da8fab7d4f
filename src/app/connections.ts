// The broker and backend of an app, made when they are first needed. Reading and writing share one broker where their URLs are the same.
import { Backend } from "../backend/backend.ts";
import type { DocumentCodec } from "../backend/document-codec.ts";
import { Broker } from "../broker/broker.ts";
import { queryOf } from "../broker/url-query.ts";
import { type BrokerDirection, brokerUrlsOf } from "../config/broker-urls.ts";
import type { ResolvedSettings } from "../config/settings.ts";
import { UsageError } from "../errors/celeriac-error.ts";
import type { Clock } from "../util/clock.ts";
import type { Logger } from "../util/logger.ts";
import { type DriverTable, loadBackendDriver, loadBrokerDriver, schemeOf } from "./driver-table.ts";

/** The broker of an app that names none: a SQLite file in the folder that the program was started in. */
export const DEFAULT_BROKER_URL = "sqlite://celeriac.db";

/** What connections are made from. */
export interface ConnectionsParams {
  readonly appName: string;
  settings(): ResolvedSettings;
  readonly drivers: DriverTable;
  codec(): DocumentCodec;
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
    return brokerUrlsOf(this.#params.settings(), direction)?.[0] ?? DEFAULT_BROKER_URL;
  }

  /** The URL of the backend; null where results are disabled. */
  backendUrl(): string | null {
    const { resultBackend, celeryDefaults } = this.#params.settings();
    if (resultBackend !== null) return schemeOf(resultBackend) === "disabled" ? null : resultBackend;
    const broker = this.brokerUrl("write");
    return celeryDefaults || !Object.hasOwn(this.#params.drivers.backends, schemeOf(broker)) ? null : broker;
  }

  /** The broker for one direction. It connects at its first operation. */
  async broker(direction: BrokerDirection): Promise<Broker> {
    this.#refuseClosed("connecting to the broker");
    const url = this.brokerUrl(direction);
    let broker = this.#brokers.get(url);
    if (broker === undefined) {
      broker = this.#makeBroker(url);
      this.#brokers.set(url, broker);
      // A driver that could not be loaded may be there the next time.
      broker.catch(() => this.#brokers.delete(url));
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

  async #makeBroker(url: string): Promise<Broker> {
    const { drivers, logger, clock } = this.#params;
    const driver = await loadBrokerDriver(drivers, url, clock);
    const { brokerTransportOptions, taskPublishRetry, taskPublishRetryPolicy, maxMessageBytes } = this.#params.settings();
    return new Broker(driver, {
      url,
      transportOptions: brokerTransportOptions,
      logger,
      clock,
      publishRetryPolicy: taskPublishRetry ? taskPublishRetryPolicy : false,
      ...(maxMessageBytes === null ? {} : { maxMessageBytes }),
    });
  }

  async #makeBackend(): Promise<Backend> {
    const { drivers, logger, clock } = this.#params;
    const settings = this.#params.settings();
    const url = this.backendUrl();
    const driver = url === null ? undefined : await loadBackendDriver(drivers, url, clock);
    return new Backend({
      driver,
      url: url ?? "disabled://",
      options: { ...settings.resultBackendTransportOptions, ...queryOf(url ?? "") },
      codec: this.#params.codec(),
      logger,
      clock,
      expiresMs: settings.resultExpires === null || settings.resultExpires === 0 ? null : settings.resultExpires * 1000,
      cacheMax: settings.resultCacheMax,
      retry: {
        alwaysRetry: settings.resultBackendAlwaysRetry,
        maxRetries: settings.resultBackendMaxRetries,
        baseSleepMs: settings.resultBackendBaseSleepBetweenRetriesMs,
        maxSleepMs: settings.resultBackendMaxSleepBetweenRetriesMs,
      },
    });
  }
}
