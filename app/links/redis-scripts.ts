// Each script runs atomically in Redis. Its first lines name KEYS and ARGV.

/** Stores a link unless its code is taken. Returns 1 when stored. */
export const CREATE = `
local link, owned = KEYS[1], KEYS[2]
local record, createdAt, code = ARGV[1], ARGV[2], ARGV[3]
if not redis.call('SET', link, record, 'NX') then return 0 end
redis.call('ZADD', owned, createdAt, code)
return 1
`;

/** Removes a link of this owner. Returns its record, or false when the owner has no such link. */
export const REMOVE = `
local link, owned, visits = KEYS[1], KEYS[2], KEYS[3]
local owner, code, changed = ARGV[1], ARGV[2], ARGV[3]
local record = redis.call('GET', link)
if not record or string.match(record, '[^\\n]*$') ~= owner then return false end
redis.call('DEL', link)
redis.call('ZREM', owned, code)
redis.call('HDEL', visits, code)
redis.call('PUBLISH', changed, code)
return record
`;

/** Stores a link without an owner, unless a visitor has the code. Returns 1 when it was stored, 0 when nothing changed. */
export const SEED = `
local link = KEYS[1]
local record, location, code, changed = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local stored = redis.call('GET', link)
if stored and (string.sub(stored, -1) ~= '\\n' or string.match(stored, '^[^\\n]*') == location) then return 0 end
redis.call('SET', link, record)
redis.call('PUBLISH', changed, code)
return 1
`;
