-- One script because what came of rows, what arrived meanwhile and who works next are one decision (I6).
-- The token stays when the lease goes, so a repeat finds its own work done and says the same (I8).
local token, known_version, now, since, most_keys = take(), take(), take(), take(), take()
local lease_ms, keep, row_due = take(), take(), take()
local done, changed, anew = take_set(), take_many(2 * tonumber(take())), {}
if redis.call('HGET', head, 'k') ~= token then
    return { 'lost' }
end
if not lease_end() then
    return { 'rest' }
end

also_when_full()
for n = 1, #changed, 2 do
    anew[changed[n]] = changed[n + 1]
end
if next(done) or next(anew) then
    local rows, left = redis.call('LRANGE', outbox, 0, -1), {}
    local doubtful = tonumber(redis.call('HGET', head, 'd'))
    local still_doubtful = doubtful
    for n = 1, #rows, 2 do
        if not done[rows[n]] then
            left[#left + 1] = rows[n]
            left[#left + 1] = anew[rows[n]] or rows[n + 1]
        elseif n < 2 * doubtful then
            still_doubtful = still_doubtful - 1
        end
    end
    redis.call('DEL', outbox)
    append(outbox, left)
    redis.call('HSET', head, 'd', still_doubtful)
end
while taken < #ARGV do
    local event, keys = take(), take_many(tonumber(take()))
    if not known(keys, since) then
        remember(keys, now, since, most_keys)
        redis.call('RPUSH', inbox, keys[1], event)
    end
end
if keep == '1' then
    return { 'held', standing(known_version) }
end

local at = next_due(now, row_due)
if at ~= '' and tonumber(at) <= tonumber(now) then
    redis.call('HSET', head, 'a', 1, 'd', 0)
    extend(lease_ms)
    return { 'held', standing(known_version) }
end
-- A grant that ends in order is no failure, even if it only tried a row that must wait: attempts start anew (F8).
redis.call('HSET', head, 'a', 0, 'd', 0)
rest(at)
return { 'rest' }
