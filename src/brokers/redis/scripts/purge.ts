import { type RedisScript, redisScript } from "../../../stores/redis/redis-script.ts";

/**
 * Removes parked messages of a queue for good.
 * KEYS: unacked, index, the queue's set of parked messages. ARGV: how many at most. Returns: how many were looked at, and how many of
 * them were still there: Python's workers know nothing of the set, and restore a message that is due as any other.
 */
export const PURGE_PARKED: RedisScript = redisScript(
  "purge-parked",
  `
local fields = redis.call('ZRANGE', KEYS[3], 0, tonumber(ARGV[1]) - 1)
if #fields == 0 then return {0, 0} end
redis.call('ZREM', KEYS[3], unpack(fields))
redis.call('ZREM', KEYS[2], unpack(fields))
return {#fields, redis.call('HDEL', KEYS[1], unpack(fields))}
`,
);
