import { type RedisScript, redisScript } from "../../../stores/redis/redis-script.ts";

/**
 * Takes messages from lists into `unacked` and its index, in one step; first it returns parked ones that are due to their lists.
 * KEYS: unacked, index, then the lists in the order of being served, then for each queue its set of parked messages, then the sorted set of owners.
 * ARGV: how many at most; the process that takes them, or empty where they are taken for good; what fields begin with; the number before the first
 * field's; the number of lists and of queues; for each list its step and the number of its queue; for each queue the end of its fields' values.
 * Returns: the time in ms; when the next parked message is due, or -1; 1 if more is waiting; then for each list that gave something its number, how
 * many, and these, the oldest first. A list that cannot be read gives minus its number, and the error.
 * A process whose lease is over gets nothing, and 2 for 1: one that was paused may have this script stand behind a wait, and wakes too late.
 * What cannot be noted in `unacked` goes back to its place: no message is ever in neither.
 */
export const FETCH: RedisScript = redisScript(
  "fetch",
  `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local limit, keeps, prefix, seq = tonumber(ARGV[1]), ARGV[2] ~= '', ARGV[3], tonumber(ARGV[4])
local nlists, nqueues = tonumber(ARGV[5]), tonumber(ARGV[6])
if keeps then
  local alive = redis.call('ZSCORE', KEYS[#KEYS], ARGV[2])
  if not alive or tonumber(alive) <= now then return {now, -1, 2} end
end
local score = string.format('%.3f', now / 1000)

local function step_of(list) return ARGV[5 + 2 * list] end
local function queue_of(list) return tonumber(ARGV[6 + 2 * list]) end
local function suffix_of(queue) return ARGV[6 + 2 * nlists + queue] end

local function promote(queue, due)
  local parked = KEYS[2 + nlists + queue]
  local cut = #suffix_of(queue) + 1
  for i = #due, 1, -1 do
    local field = due[i]
    redis.call('ZREM', parked, field)
    local value = redis.call('HGET', KEYS[1], field)
    if value then
      local step = string.match(field, '^celeriac:parked:(%d+):')
      local target
      for list = 1, nlists do
        if queue_of(list) == queue and (not target or step_of(list) == step) then target = KEYS[2 + list] end
      end
      local pushed = redis.pcall('RPUSH', target, string.sub(value, 2, -cut))
      if type(pushed) == 'table' and pushed.err then
        redis.call('ZADD', parked, now, field)
        return
      end
      redis.call('ZREM', KEYS[2], field)
      redis.call('HDEL', KEYS[1], field)
    end
  end
end

local next_due = -1
for queue = 1, nqueues do
  local parked = KEYS[2 + nlists + queue]
  local first = redis.call('ZRANGE', parked, 0, 0, 'WITHSCORES')
  if first[2] and tonumber(first[2]) <= now then
    promote(queue, redis.call('ZRANGEBYSCORE', parked, '-inf', now, 'LIMIT', 0, 200))
    first = redis.call('ZRANGE', parked, 0, 0, 'WITHSCORES')
  end
  if first[2] and (next_due < 0 or tonumber(first[2]) < next_due) then next_due = tonumber(first[2]) end
end

local out, left = {now, next_due, 0}, limit
for list = 1, nlists do
  if left <= 0 then break end
  local key = KEYS[2 + list]
  local got = redis.pcall('LRANGE', key, -left, -1)
  if got.err then
    out[#out + 1] = -list
    out[#out + 1] = got.err
  elseif #got > 0 then
    local n = #got
    redis.call('LTRIM', key, 0, -(n + 1))
    if keeps then
      local hash, index = {}, {}
      local start, suffix = prefix .. step_of(list) .. ':', suffix_of(queue_of(list))
      for i = n, 1, -1 do
        seq = seq + 1
        local field = start .. seq
        hash[#hash + 1] = field
        hash[#hash + 1] = '[' .. got[i] .. suffix
        index[#index + 1] = score
        index[#index + 1] = field
      end
      local noted = redis.pcall('ZADD', KEYS[2], unpack(index))
      if type(noted) == 'number' then
        noted = redis.pcall('HSET', KEYS[1], unpack(hash))
        if type(noted) ~= 'number' then
          for i = 2, #index, 2 do redis.call('ZREM', KEYS[2], index[i]) end
        end
      end
      if type(noted) ~= 'number' then
        redis.call('RPUSH', key, unpack(got))
        out[#out + 1] = -list
        out[#out + 1] = noted.err
        break
      end
    end
    out[#out + 1] = list
    out[#out + 1] = n
    for i = n, 1, -1 do out[#out + 1] = got[i] end
    left = left - n
  end
end
if left <= 0 then
  for list = 1, nlists do
    local length = redis.pcall('LLEN', KEYS[2 + list])
    if type(length) == 'number' and length > 0 then
      out[3] = 1
      break
    end
  end
end
return out
`,
);
