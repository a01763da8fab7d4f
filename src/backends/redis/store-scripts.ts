// Storing documents. Celery reads a task's key, and writes it and tells of it unless it holds SUCCESS; between the two another worker may have written.
// Here both are one step, for a whole batch.
//
// What state a stored document is of, it says itself: as JSON, msgpack or YAML, whoever wrote it. Of a document that does not say it to us (of a
// serialiser of the user's own, say) the state is kept beside it, under `<key>.state`, after the document's digest: so that it says nothing of a document which
// a Python worker wrote in its place.
import { redisScript, type RedisScript } from "../../stores/redis/redis-script.ts";
import { JSON_HEAD, PYTHON_JSON_HEAD } from "../../backend/document-state.ts";
import { KEEP_LUA } from "./key-expiry.ts";

const IS_SUCCESS_LUA = `
local function is_success(key)
  local document = redis.call('GET', key)
  if not document then return false end
  local state = redis.call('GET', key .. '.state')
  if state and string.sub(state, 1, 40) == redis.sha1hex(document) then return string.sub(state, 42) == 'SUCCESS' end
  if string.sub(document, 1, 11) == '${JSON_HEAD}' then return string.sub(document, 12, 19) == 'SUCCESS"' end
  if string.sub(document, 1, 12) == '${PYTHON_JSON_HEAD}' then return string.sub(document, 13, 20) == 'SUCCESS"' end
  local first = string.byte(document, 1) or 0
  local read, record = false, nil
  if first == 123 then read, record = pcall(cjson.decode, document)
  elseif first >= 128 and first < 144 or first == 222 or first == 223 then read, record = pcall(cmsgpack.unpack, document)
  else return string.find('\\n' .. document, '\\nstatus: SUCCESS\\n', 1, true) ~= nil end
  return read and type(record) == 'table' and record.status == 'SUCCESS'
end
`;

/**
 * Stores documents that say their state.
 * KEYS: the tasks' keys. ARGV: the expiry of all, then the document of each key.
 */
export const storeScript: RedisScript = redisScript(
  "store results",
  `${KEEP_LUA}${IS_SUCCESS_LUA}
local expiry = ARGV[1]
for i, key in ipairs(KEYS) do
  if not is_success(key) then
    local document = ARGV[i + 1]
    keep(key, expiry, document)
    redis.call('PUBLISH', key, document)
  end
end
return redis.status_reply('OK')
`,
);

/**
 * Stores documents that do not say their state.
 * KEYS: the tasks' keys. ARGV: the expiry of all, then the document and the state of each key.
 */
export const storeWithStateScript: RedisScript = redisScript(
  "store results with their states",
  `${KEEP_LUA}${IS_SUCCESS_LUA}
local expiry = ARGV[1]
for i, key in ipairs(KEYS) do
  if not is_success(key) then
    local document = ARGV[2 * i]
    keep(key, expiry, document)
    keep(key .. '.state', expiry, redis.sha1hex(document) .. ' ' .. ARGV[2 * i + 1])
    redis.call('PUBLISH', key, document)
  end
end
return redis.status_reply('OK')
`,
);
