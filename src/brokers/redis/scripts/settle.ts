import { type RedisScript, redisScript } from "../../../stores/redis/redis-script.ts";

/**
 * Removes deliveries for good.
 * KEYS: unacked, index. ARGV: their fields.
 * Returns: 1 where all were ours; else a list with 1 for each that was, and 0 for the others.
 */
export const ACKNOWLEDGE: RedisScript = redisScript(
  "acknowledge",
  `
if redis.call('ZREM', KEYS[2], unpack(ARGV)) == #ARGV then
  redis.call('HDEL', KEYS[1], unpack(ARGV))
  return 1
end
local out = {}
for i = 1, #ARGV do out[i] = redis.call('HDEL', KEYS[1], ARGV[i]) end
return out
`,
);

/**
 * Moves deliveries out of `unacked` to the front of lists, each if it is still there. For giving back, and for restoring what a dead process held.
 * KEYS: unacked, index, the hash of queues, the sorted set of owners, then lists.
 * ARGV: an owner who must be dead for it, or empty; then for each delivery: its field, the number of its list, its new text, its queue, the queue's id.
 * Returns: for each 1 if it was moved, 2 if it was dropped since its queue was deleted meanwhile, 0 if it was not ours; -1 if its owner lives.
 */
export const GIVE_BACK: RedisScript = redisScript(
  "give-back",
  `
if ARGV[1] ~= '' then
  local time = redis.call('TIME')
  local alive = redis.call('ZSCORE', KEYS[4], ARGV[1])
  if alive and tonumber(alive) > time[1] * 1000 + time[2] / 1000 then return {-1} end
end
local out = {}
for i = 2, #ARGV, 5 do
  local field, list, text, queue, id = ARGV[i], KEYS[4 + tonumber(ARGV[i + 1])], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4]
  local result = 0
  if redis.call('HEXISTS', KEYS[1], field) == 1 then
    result = 1
    if id ~= '' then
      local record = redis.call('HGET', KEYS[3], queue)
      if not record or string.sub(record, 1, #id) ~= id then result = 2 end
    end
    -- A write that needs no memory comes first: after it Redis allows the others, even at its limit.
    local score = redis.call('ZSCORE', KEYS[2], field)
    redis.call('ZREM', KEYS[2], field)
    if result == 1 then
      local pushed = redis.pcall('RPUSH', list, text)
      if type(pushed) ~= 'number' then
        if score then redis.call('ZADD', KEYS[2], score, field) end
        return pushed
      end
    end
    redis.call('HDEL', KEYS[1], field)
  end
  out[#out + 1] = result
end
return out
`,
);

/**
 * Parks a message until a time: a new one, or one that was delivered.
 * KEYS: unacked, index, the queue's set of parked messages.
 * ARGV: the field of the delivery, or empty; the new field; its value; when it is due in ms; its score in the index; the channel of notices; a notice.
 * Returns: 1, or 0 where the delivery was not ours. Who waits is told where it is the first that is due.
 */
export const PARK: RedisScript = redisScript(
  "park",
  `
if ARGV[1] ~= '' then
  if redis.call('HDEL', KEYS[1], ARGV[1]) == 0 then return 0 end
  redis.call('ZREM', KEYS[2], ARGV[1])
end
redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
redis.call('ZADD', KEYS[2], ARGV[5], ARGV[2])
redis.call('ZADD', KEYS[3], ARGV[4], ARGV[2])
if redis.call('ZRANGE', KEYS[3], 0, 0)[1] == ARGV[2] then redis.call('PUBLISH', ARGV[6], ARGV[7]) end
return 1
`,
);

/**
 * Moves one delivery out of `unacked` to the back of lists: a refused one to where its queue's dead-letter arguments say, or an unreadable one to be kept.
 * KEYS: unacked, index, then lists. ARGV: the field, then for each list the text.
 * Returns: 1, or 0 where the delivery was not ours.
 */
export const MOVE: RedisScript = redisScript(
  "move",
  `
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('ZREM', KEYS[2], ARGV[1])
for i = 3, #KEYS do redis.call('LPUSH', KEYS[i], ARGV[i - 1]) end
redis.call('HDEL', KEYS[1], ARGV[1])
return 1
`,
);
