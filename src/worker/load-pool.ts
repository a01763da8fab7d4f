import { ConfigError } from "../errors/celeriac-error.ts";
import type { PoolFactory } from "../pool/contract.ts";
import { didYouMean } from "../util/did-you-mean.ts";
import type { PoolTable } from "./worker-options.ts";

/** Other names by which Celery's users know a pool. */
const ALIASES: Readonly<Record<string, string>> = { processes: "prefork", gevent: "async", eventlet: "async" };

/** What is wrong with a pool's name; undefined where there is such a pool. */
export function unknownPoolProblem(name: string, table: PoolTable): string | undefined {
  if (loaderOf(name, table)) return undefined;
  const near = didYouMean(name, Object.keys(table));
  return `expected the pool to be one of ${Object.keys(table).join(", ")}, got: ${JSON.stringify(name)}${near ? `; did you mean ${near}?` : ""}`;
}

/**
 * The factory of a pool.
 * @throws ConfigError where no pool is called so
 */
export async function loadPool(name: string, table: PoolTable): Promise<PoolFactory> {
  const load = loaderOf(name, table);
  if (!load) throw new ConfigError("CELERIAC_CONFIG_IMPROPER", { message: unknownPoolProblem(name, table) ?? name });
  const module = await load();
  if (isPoolModule(module)) return module.createPool;
  throw new ConfigError("CELERIAC_CONFIG_IMPROPER", {
    message: `expected the module of the pool ${name} to export createPool, and it does not`,
  });
}

function loaderOf(name: string, table: PoolTable): PoolTable[string] | undefined {
  const known = ALIASES[name] ?? name;
  return Object.hasOwn(table, known) ? table[known] : undefined;
}

function isPoolModule(module: unknown): module is { readonly createPool: PoolFactory } {
  return typeof module === "object" && module !== null && typeof (module as { readonly createPool?: unknown }).createPool === "function";
}
