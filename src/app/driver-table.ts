// The drivers that an app may use, by URL scheme. Each is imported when its scheme is first used. Given to the app by the composition root.
import type { BackendDriver } from "../backend/contract.ts";
import type { ResultContent } from "../backend/result-content.ts";
import type { Broker } from "../broker/broker.ts";
import type { BrokerDriver } from "../broker/contract.ts";
import { CeleriacError, ConfigError } from "../errors/celeriac-error.ts";
import type { Clock } from "../util/clock.ts";
import { didYouMean } from "../util/did-you-mean.ts";
import type { Logger } from "../util/logger.ts";
import { maskUrl } from "../util/mask-url.ts";

/** A module that makes a broker driver. */
export interface BrokerDriverModule {
  /** @param options.clock the time that the driver goes by, where it can go by another than the system's */
  createBrokerDriver(options?: { readonly clock?: Clock }): BrokerDriver;
}

/** What of an app its backend driver is given beside a URL; most need the clock alone, and one that sends results needs the broker. */
export interface BackendDriverOptions {
  /** As for brokers. */
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** The broker that tasks are published to. */
  readonly broker?: () => Promise<Broker>;
  /** What the app's messages have in their property `reply_to`. */
  readonly replyTo?: string;
  /** The setting `resultExpires`, in milliseconds; null: for ever. */
  readonly expiresMs?: number | null;
  readonly content?: ResultContent;
}

/** A module that makes a backend driver. */
export interface BackendDriverModule {
  createBackendDriver(options?: BackendDriverOptions): BackendDriver;
}

/** How drivers are found: by URL scheme, pools by name. The app itself never looks into a pool's module: the worker does. */
export interface DriverTable {
  readonly brokers: Readonly<Record<string, () => Promise<BrokerDriverModule>>>;
  readonly backends: Readonly<Record<string, () => Promise<BackendDriverModule>>>;
  readonly pools?: Readonly<Record<string, () => Promise<unknown>>>;
}

/** The scheme of a URL: what stands before `://`, or the whole of a bare word such as `"memory"`. */
export function schemeOf(url: string): string {
  const at = url.indexOf(":");
  return (at < 0 ? url : url.slice(0, at)).toLowerCase();
}

/**
 * Refuses several URLs of which some need another driver than the first: what a broker can do must not change with a failover.
 * @throws ConfigError CELERIAC_BROKER_URL
 */
export function checkSameDriver(table: DriverTable, urls: readonly string[]): void {
  const [first = "", ...others] = urls;
  const driver = own(table.brokers, schemeOf(first));
  for (const url of others) {
    const problem =
      own(table.brokers, schemeOf(url)) === undefined
        ? unknownScheme(url, table.brokers)
        : `several URLs must be of one kind of broker, and the first is ${schemeOf(first)}://`;
    if (own(table.brokers, schemeOf(url)) !== driver || driver === undefined)
      throw new ConfigError("CELERIAC_BROKER_URL", { url: maskUrl(url), problem });
  }
}

/**
 * Refuses the URL of a backend before it is needed.
 * @throws ConfigError CELERIAC_BACKEND_URL where no driver has its scheme
 */
export function checkBackendUrl(table: DriverTable, url: string): void {
  if (own(table.backends, schemeOf(url)) !== undefined) return;
  throw new ConfigError("CELERIAC_BACKEND_URL", { url: maskUrl(url), problem: unknownScheme(url, table.backends) });
}

/**
 * Imports the broker driver of a URL.
 * @throws ConfigError CELERIAC_BROKER_URL where no driver has its scheme
 */
export async function loadBrokerDriver(table: DriverTable, url: string, clock: Clock): Promise<BrokerDriver> {
  const load = own(table.brokers, schemeOf(url));
  if (load === undefined) throw new ConfigError("CELERIAC_BROKER_URL", { url: maskUrl(url), problem: unknownScheme(url, table.brokers) });
  const module = await load().catch((error: unknown) => {
    if (error instanceof CeleriacError) throw error;
    throw new ConfigError(
      "CELERIAC_BROKER_URL",
      { url: maskUrl(url), problem: `its driver cannot be loaded: ${reasonOf(error)}` },
      { cause: error },
    );
  });
  return module.createBrokerDriver({ clock });
}

/**
 * Imports the backend driver of a URL.
 * @throws ConfigError CELERIAC_BACKEND_URL where no driver has its scheme
 */
export async function loadBackendDriver(table: DriverTable, url: string, options: BackendDriverOptions): Promise<BackendDriver> {
  const load = own(table.backends, schemeOf(url));
  if (load === undefined) throw new ConfigError("CELERIAC_BACKEND_URL", { url: maskUrl(url), problem: unknownScheme(url, table.backends) });
  const module = await load().catch((error: unknown) => {
    if (error instanceof CeleriacError) throw error;
    throw new ConfigError(
      "CELERIAC_BACKEND_URL",
      { url: maskUrl(url), problem: `its driver cannot be loaded: ${reasonOf(error)}` },
      { cause: error },
    );
  });
  return module.createBackendDriver(options);
}

/** The loader of a scheme; names of `Object.prototype` are no schemes. */
function own<T>(loaders: Readonly<Record<string, T>>, scheme: string): T | undefined {
  return Object.hasOwn(loaders, scheme) ? loaders[scheme] : undefined;
}

function unknownScheme(url: string, loaders: Readonly<Record<string, unknown>>): string {
  const scheme = schemeOf(url);
  const known = Object.keys(loaders);
  if (looksLikeFile(url) && known.includes("sqlite")) return `expected a URL, got a path; for a SQLite file write sqlite://${url}`;
  const near = didYouMean(scheme, known);
  const list = known.map((name) => `${name}://`).join(", ");
  return `no driver is known for ${scheme}://${near === undefined ? "" : `; did you mean ${near}://?`}${near === undefined ? "; known are" : " Known are"} ${list}`;
}

/** A path, or the name of a database file, where a URL was wanted. */
function looksLikeFile(url: string): boolean {
  return !url.includes("://") && /^[./~]|[/\\]|\.(?:db|sqlite3?)$/.test(url);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
