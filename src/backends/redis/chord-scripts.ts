// Counting chords in Celery's keys. Celery adds a member and counts in one MULTI; here a member that ended before, under the same index, is taken away first,
// so that a task which ran twice counts once whatever it gave.
import { redisScript, type RedisScript } from "../../stores/redis/redis-script.ts";
import { KEEP_LUA } from "./key-expiry.ts";

/**
 * Adds a member.
 * KEYS: the parts, the number of members added later, the size. ARGV: index or +inf, the member, expiry, `zset` or `list`, then how an
 * earlier member of the task may begin. Gives how many have ended, how many were added later, the size.
 */
export const addPartScript: RedisScript = redisScript(
  "add a chord's part",
  `
local parts, added, size = KEYS[1], KEYS[2], KEYS[3]
local index, member, expiry = ARGV[1], ARGV[2], ARGV[3]
local function of_this_task(other)
  for i = 5, #ARGV do
    if string.sub(other, 1, #ARGV[i]) == ARGV[i] then return true end
  end
  return false
end
local count
if ARGV[4] == 'list' then
  for _, other in ipairs(redis.call('LRANGE', parts, 0, -1)) do
    if of_this_task(other) then redis.call('LREM', parts, 0, other) end
  end
  count = redis.call('RPUSH', parts, member)
else
  for _, other in ipairs(redis.call('ZRANGEBYSCORE', parts, index, index)) do
    if other ~= member and of_this_task(other) then redis.call('ZREM', parts, other) end
  end
  redis.call('ZADD', parts, index, member)
  count = redis.call('ZCOUNT', parts, '-inf', '+inf')
end
local later, whole = redis.call('GET', added), redis.call('GET', size)
if expiry ~= '' then
  local command = 'EXPIRE'
  if string.sub(expiry, 1, 1) == 'p' then command, expiry = 'PEXPIRE', string.sub(expiry, 2) end
  for _, key in ipairs({parts, added, size}) do redis.call(command, key, expiry) end
end
return {count, later, whole}
`,
);

/** Sets the size. KEYS: the size. ARGV: size, expiry. A larger one stays. */
export const chordSizeScript: RedisScript = redisScript(
  "set a chord's size",
  `${KEEP_LUA}
local size = ARGV[1]
local before = redis.call('GET', KEYS[1])
if before and (tonumber(before) or 0) > tonumber(size) then size = before end
keep(KEYS[1], ARGV[2], size)
redis.call('PUBLISH', KEYS[1], size)
return redis.status_reply('OK')
`,
);
