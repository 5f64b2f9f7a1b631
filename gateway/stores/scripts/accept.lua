-- One script because dedupe, enqueue and grant must be one step: a crash between them would lose or double (I2).
-- Asked again it knows its own call by the token, and says what it said (I8).
local now, since, most_keys = take(), take(), take()
local token, wanted, due_at, lease_ms = take(), take(), take(), take()
local addressed, most_events = take(), take()
local id, event = take(), take()
local keys = { id, unpack(take_many(#ARGV - taken)) }

local row = load()
if not row.version and addressed == '0' then
    return { 'foreign' }
end
if row.version then
    if known(keys, since) then
        if row.call ~= token then
            return { 'known' }
        end
        if not holds(row, token) then
            return { 'fresh' }
        end
        extend(lease_ms)
        return { 'fresh', standing(row) }
    end
    local waiting = redis.call('LLEN', inbox) / 2
    if waiting >= tonumber(most_events) then
        return { 'full', waiting }
    end
end

remember(keys, now, since, most_keys)
redis.call('RPUSH', inbox, id, event)
if not row.version then
    row = { version = '0', attempts = 0, doubtful = 0 }
    redis.call('ZADD', all, 0, conversation)
end

local ends = lease_end()
local stands = ends and ends > real_ms()
if wanted == '1' and not stands then
    return { 'fresh', grant(row, token, lease_ms, ends) }
end
redis.call('HSET', head, 'v', row.version, 'c', token, 'a', row.attempts, 'd', row.doubtful)
if not ends then -- of one that is leased the schedule is left alone (I6); an ended lease is claimable as it is
    redis.call('ZADD', due, 'LT', due_at, conversation)
end
return { 'fresh' }
