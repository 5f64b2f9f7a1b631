-- Entries behind a place: the oldest first, or the newest first when only those are asked for.
local entries = KEYS[1]
local after, limit, newest = unpack(ARGV)
local first = string.format('%.0f', after + 1)
if newest == '1' then
    return redis.call('XREVRANGE', entries, '+', first, 'COUNT', limit)
end
return redis.call('XRANGE', entries, first, '+', 'COUNT', limit)
