/**
 * How long a key is kept, as the scripts want it: a whole number of seconds as Celery writes it, `p` and milliseconds where that is not enough,
 * nothing for ever.
 */
export function keyExpiry(expiresMs: number | null): string {
  if (expiresMs === null) return "";
  // Redis refuses 0, and what is to be gone at once may as well be gone soon.
  const milliseconds = Math.max(1, Math.ceil(expiresMs));
  return milliseconds % 1000 === 0 ? String(milliseconds / 1000) : `p${milliseconds}`;
}

/** Lua that writes a key with such an expiry: `keep(key, expiry, value)`. */
export const KEEP_LUA: string = `
local function keep(key, expiry, value)
  if expiry == '' then redis.call('SET', key, value)
  elseif string.sub(expiry, 1, 1) == 'p' then redis.call('PSETEX', key, string.sub(expiry, 2), value)
  else redis.call('SETEX', key, expiry, value) end
end
`;
