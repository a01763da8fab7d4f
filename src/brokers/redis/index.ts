// The broker on Redis, with kombu's keys and messages, so that one cluster may hold Python's workers and ours. Exported as `createBrokerDriver`.
import type { BrokerDriver, DriverConnection, OpenParams } from "../../broker/contract.ts";
import { ConfigError } from "../../errors/celeriac-error.ts";
import { OptionReader } from "../../stores/redis/option-reader.ts";
import { RedisFailure } from "../../stores/redis/redis-failure.ts";
import { IGNORED_REDIS_OPTIONS, parseRedisUrl, type RedisTarget } from "../../stores/redis/redis-target.ts";
import { maskUrl } from "../../util/mask-url.ts";
import { readBrokerOptions, type RedisBrokerOptions } from "./broker-options.ts";
import { RedisBrokerConnection } from "./redis-broker-connection.ts";
import { RedisHub } from "./redis-hub.ts";

const hubs = new Map<string, RedisHub>();

/** Makes the driver for `redis://`, `rediss://`, `redis+socket://` and `sentinel://`. */
export function createBrokerDriver(): BrokerDriver {
  return {
    name: "redis",
    capabilities: Object.freeze({
      delay: true,
      countsDelayed: true,
      priority: true,
      lowestFirst: true,
      consumersDelay: true,
      fanout: true,
      expiry: false,
      countsDeaths: true,
      deliveriesSurviveReconnect: true,
      celeryPeers: true,
      shared: true,
    }),
    open,
    classifyError: (error) => (error instanceof RedisFailure ? error.kind : "refused"),
  };
}

async function open({ url, options: given, onLost }: OpenParams): Promise<DriverConnection> {
  const { target, options } = read(url, given);
  const key = JSON.stringify([target, options]);
  let hub = hubs.get(key);
  if (hub === undefined) hubs.set(key, (hub = new RedisHub(target, options)));
  const mine = hub;
  mine.users++;
  const release = async (): Promise<void> => {
    if (--mine.users > 0) return;
    if (mine.isConnected) await mine.giveBack(() => true);
    // After a loss what is held is settled by the next connection: the hub waits for it.
    else if (mine.isNeeded) return;
    if (mine.users > 0) return;
    hubs.delete(key);
    await mine.close();
  };
  try {
    await mine.open();
  } catch (error) {
    await release();
    throw error;
  }
  return new RedisBrokerConnection(mine, onLost, release);
}

function read(
  url: string,
  given: Readonly<Record<string, unknown>>,
): { readonly target: RedisTarget; readonly options: RedisBrokerOptions } {
  const query = new URLSearchParams(/\?([^#]*)/.exec(url)?.[1] ?? "");
  const reader = new OptionReader({ ...given, ...Object.fromEntries(query) });
  const target = parseRedisUrl(url, reader);
  const options = readBrokerOptions(reader, target?.database ?? 0);
  reader.refuseUnknown(IGNORED_REDIS_OPTIONS);
  if (target === undefined || reader.problems.length > 0)
    throw new ConfigError("CELERIAC_BROKER_URL", { url: maskUrl(url), problem: reader.problems.join("; ") });
  return { target, options };
}
