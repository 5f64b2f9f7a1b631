-- How an entry is appended: goes before each verb that does it, because scripts know no imports.
--
-- Looked for, numbered and appended in one step: once per id (I8).
-- The partition's counter is never turned back: no number is used twice, also not after `drop` (I14).
local function enter(entries, places, counter, id, bytes)
    local place = redis.call('HGET', places, id)
    if place then
        return tonumber(place)
    end
    place = redis.call('INCR', counter)
    redis.call('HSET', places, id, place)
    redis.call('XADD', entries, place .. '-0', 'i', id, 'b', bytes)
    return place
end
