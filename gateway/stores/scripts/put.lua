-- One script because the version is compared and grows in one step. Asked again it knows its own call (I8).
local record, index = unpack(KEYS)
local key, call, expect, bytes = unpack(ARGV)
local version, last_call = unpack(redis.call('HMGET', record, 'v', 'c'))
version = tonumber(version or 0)
if last_call == call then
    return 1
end
if expect ~= '' and tonumber(expect) ~= version then
    return 0
end
redis.call('HSET', record, 'v', version + 1, 'b', bytes, 'c', call)
if version == 0 then
    redis.call('ZADD', index, 0, key)
end
return 1
