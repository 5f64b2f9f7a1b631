-- One script because a turn is one write: state, version, consumed events, rows, timer (I3, I4, I5).
-- A version that is one ahead under the same token is this very turn, applied before its answer was lost (I8).
local token, made_on, state, timer = take(), take(), take(), take()
local holder, version = unpack(redis.call('HMGET', head, 'k', 'v'))
if holder ~= token then
    return { 'lost' }
end
local following = tonumber(made_on) + 1
if tonumber(version) == following then
    return { 'held', standing(version) }
end
if version ~= made_on or not lease_end() then
    return { 'lost', version }
end

redis.call('SET', body, state)
redis.call('HSET', head, 'v', following, 'a', 0, 'n', timer)
local consumed, events, left = take_set(), redis.call('LRANGE', inbox, 0, -1), {}
for n = 1, #events, 2 do
    if not consumed[events[n]] then
        left[#left + 1] = events[n]
        left[#left + 1] = events[n + 1]
    end
end
if #left < #events then
    redis.call('DEL', inbox)
    append(inbox, left)
end
append(outbox, take_many(#ARGV - taken))
return { 'held', standing(tostring(following)) }
