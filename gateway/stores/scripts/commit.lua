-- One script because a turn is one write: state, version, consumed events, rows, timer, journal (I3, I4, I5, I14).
-- A version that is one ahead under the same token is this very turn, applied before its answer was lost (I8).
local token, made_on, state, timer = take(), take(), take(), take()
local entry, told = take(), take()
local row = load()
if row.token ~= token then
    return { 'lost' }
end
local following = tostring(made_on + 1)
if row.version == following then
    return { 'held', standing(row, following) }
end
if row.version ~= made_on or not lease_end() then
    return { 'lost', row.version }
end

redis.call('SET', body, state)
redis.call('HSET', head, 'v', following, 'a', 0, 'n', timer)
row.version, row.attempts = following, 0
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
if entry ~= '' then
    enter(KEYS[9], KEYS[10], KEYS[11], entry, told)
end
return { 'held', standing(row, following) }
