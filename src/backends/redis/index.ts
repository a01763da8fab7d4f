// Results in Redis, under the keys and in the form of Python Celery's own Redis backend, so that each reads what the other stored.
import type { BackendDriver } from "../../backend/contract.ts";
import { ConfigError } from "../../errors/celeriac-error.ts";
import { acquireRedis } from "../../stores/redis/acquire-redis.ts";
import { RedisFailure } from "../../stores/redis/redis-failure.ts";
import { RedisBackendConnection } from "./redis-backend-connection.ts";
import { readRedisBackend } from "./redis-backend-options.ts";

/** Makes the driver for `redis://`, `rediss://`, `redis+socket://`, `unix://` and `sentinel://`. */
export function createBackendDriver(): BackendDriver {
  return {
    name: "redis",
    capabilities: Object.freeze({ push: true, chords: true, expiry: true, persistent: true, shared: true }),
    open: async (params) => {
      const { target, options } = readRedisBackend(params.url, params.options);
      return new RedisBackendConnection(await acquireRedis(target), options, params.onLost);
    },
    classifyError: (error) =>
      error instanceof ConfigError || (error instanceof RedisFailure && error.kind === "refused") ? "refused" : "unavailable",
  };
}
