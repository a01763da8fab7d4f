import { type RedisScript, redisScript } from "../../../stores/redis/redis-script.ts";

/**
 * Takes a process for alive for the time of a lease.
 * KEYS: the sorted set of owners. ARGV: the owner, the lease in ms. Returns: until when.
 * A write that needs no memory comes first: after it Redis allows the other, even at its limit, where nobody must die of it.
 */
export const RENEW_LEASE: RedisScript = redisScript(
  "renew-lease",
  `
local time = redis.call('TIME')
local until_ms = time[1] * 1000 + math.floor(time[2] / 1000) + tonumber(ARGV[2])
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('ZADD', KEYS[1], until_ms, ARGV[1])
return until_ms
`,
);

/**
 * Notes again that fields are held, so that no worker of Python's takes them for lost.
 * KEYS: index. ARGV: the fields. Returns nothing. Removes nothing first, for the same reason as above.
 */
export const RENEW_FIELDS: RedisScript = redisScript(
  "renew-fields",
  `
local time = redis.call('TIME')
local score = string.format('%.3f', time[1] + time[2] / 1000000)
redis.call('ZREM', KEYS[1], '')
for i = 1, #ARGV do redis.call('ZADD', KEYS[1], 'XX', score, ARGV[i]) end
return false
`,
);

/**
 * Finds what was left behind.
 * KEYS: the sorted set of owners, index. ARGV: the visibility timeout in ms, how many entries at most.
 * Returns: the processes that are dead; the entries of the index that are older than the visibility timeout.
 */
export const FIND_LEFT: RedisScript = redisScript(
  "find-left",
  `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local dead = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, 100)
local old = redis.call('ZRANGEBYSCORE', KEYS[2], 0, string.format('%.3f', (now - tonumber(ARGV[1])) / 1000), 'LIMIT', 0, ARGV[2])
return {dead, old}
`,
);

/**
 * Forgets a process that is dead and left nothing.
 * KEYS: the sorted set of owners. ARGV: the owner. Returns: 1 if it was.
 */
export const FORGET_OWNER: RedisScript = redisScript(
  "forget-owner",
  `
local time = redis.call('TIME')
local alive = redis.call('ZSCORE', KEYS[1], ARGV[1])
if alive and tonumber(alive) > time[1] * 1000 + time[2] / 1000 then return 0 end
return redis.call('ZREM', KEYS[1], ARGV[1])
`,
);

/**
 * Counts the living consumers of a queue.
 * KEYS: the queue's set of consumers, the sorted set of owners. ARGV: a consumer that leaves, or empty; 1 where those of dead processes are removed.
 * Returns: how many are left.
 */
export const COUNT_CONSUMERS: RedisScript = redisScript(
  "count-consumers",
  `
if ARGV[1] ~= '' then redis.call('SREM', KEYS[1], ARGV[1]) end
local time = redis.call('TIME')
local now, count = time[1] * 1000 + time[2] / 1000, 0
for _, consumer in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  local alive = redis.call('ZSCORE', KEYS[2], string.match(consumer, '^[^/]*'))
  if alive and tonumber(alive) > now then count = count + 1 elseif ARGV[2] == '1' then redis.call('SREM', KEYS[1], consumer) end
end
return count
`,
);
