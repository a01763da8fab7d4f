// The drivers that an app may use, by URL scheme. Each is imported when its scheme is first used. Given to the app by the composition root.
import type { BackendDriver } from "../backend/contract.ts";
import type { BrokerDriver } from "../broker/contract.ts";
import { CeleriacError, ConfigError } from "../errors/celeriac-error.ts";
import type { Clock } from "../util/clock.ts";
import { didYouMean } from "../util/did-you-mean.ts";
import { maskUrl } from "../util/mask-url.ts";

/** A module that makes a broker driver. */
export interface BrokerDriverModule {
  /** @param options.clock the time that the driver goes by, where it can go by another than the system's */
  createBrokerDriver(options?: { readonly clock?: Clock }): BrokerDriver;
}

/** A module that makes a backend driver. */
export interface BackendDriverModule {
  /** @param options.clock as for brokers */
  createBackendDriver(options?: { readonly clock?: Clock }): BackendDriver;
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
export async function loadBackendDriver(table: DriverTable, url: string, clock: Clock): Promise<BackendDriver> {
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
  return module.createBackendDriver({ clock });
}

/** The loader of a scheme; names of `Object.prototype` are no schemes. */
function own<T>(loaders: Readonly<Record<string, T>>, scheme: string): T | undefined {
  return Object.hasOwn(loaders, scheme) ? loaders[scheme] : undefined;
}

function unknownScheme(url: string, loaders: Readonly<Record<string, unknown>>): string {
  const scheme = schemeOf(url);
  const known = Object.keys(loaders);
  const near = didYouMean(scheme, known);
  const hint = near === undefined ? "" : `; did you mean ${near}://?`;
  return `no driver is known for ${scheme}://${hint} Known are ${known.map((name) => `${name}://`).join(", ")}`;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
