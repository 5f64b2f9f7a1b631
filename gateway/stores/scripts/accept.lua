-- One script because dedupe, enqueue and grant must be one step: a crash between them would lose or double (I2).
-- Asked again it knows its own call by the token, and says what it said (I8).
local now, since, most_keys = take(), take(), take()
local token, wanted, due_at, lease_ms = take(), take(), take(), take()
local addressed, most_events = take(), take()
local id, event = take(), take()
local keys = { id, unpack(take_many(#ARGV - taken)) }

local version, last_call = unpack(redis.call('HMGET', head, 'v', 'c'))
if not version and addressed == '0' then
    return { 'foreign' }
end
if version then
    if known(keys, since) then
        if last_call ~= token then
            return { 'known' }
        end
        if not holds(token) then
            return { 'fresh' }
        end
        extend(lease_ms)
        return { 'fresh', standing() }
    end
    local waiting = redis.call('LLEN', inbox) / 2
    if waiting >= tonumber(most_events) then
        return { 'full', waiting }
    end
end

remember(keys, now, since, most_keys)
redis.call('RPUSH', inbox, id, event)
redis.call('HSET', head, 'c', token)
if not version then
    redis.call('HSET', head, 'v', 0, 'a', 0, 'd', 0)
    redis.call('ZADD', all, 0, conversation)
end

local ends = lease_end()
if ends and ends > real_ms() then
    return { 'fresh' } -- its holder sees the event when it settles; its schedule is left alone (I6)
end
if wanted == '1' then
    return { 'fresh', grant(token, lease_ms) }
end
if not ends then -- an ended lease is claimable as it is, and only a new holder may end it
    redis.call('ZADD', due, 'LT', due_at, conversation)
end
return { 'fresh' }
