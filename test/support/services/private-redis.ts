import { provided } from "./service-context.ts";
import { PrivateRedis, type PrivateRedisOptions } from "./start-redis.ts";

/** Starts a Redis server for one test, to be killed, paused and filled; the test calls `close`. */
export function startPrivateRedis(options: PrivateRedisOptions = {}): Promise<PrivateRedis> {
  return PrivateRedis.start(provided("celeriacRedisServer"), options);
}
