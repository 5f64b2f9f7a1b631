-- How one conversation stands: goes before each of its verbs, because scripts know no imports.
--
-- Dues and timers are microseconds of the gateway's clock, leases milliseconds of this server's own (F22). A time is
-- handed on as the text it came in: tostring() of a number this large would lose its last digits.
-- Inbox and outbox are lists of id, bytes, id, bytes, …; the first `d` rows of the outbox are doubtful (F0).
local due, held, all, head, body, inbox, outbox, seen = unpack(KEYS)

local taken = 0
local function take()
    taken = taken + 1
    return ARGV[taken]
end

local conversation = take()

-- A full Redis refuses every write that may take memory, until the script has made one that takes none (F13). What
-- only gives back, or ends what is under way, begins with this; all else must begin with a write that is refused.
local function also_when_full()
    redis.call('ZREM', due, conversation)
end

local function real_ms()
    local time = redis.call('TIME')
    return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function lease_end()
    return tonumber(redis.call('ZSCORE', held, conversation) or nil)
end

local function extend(lease_ms)
    redis.call('ZADD', held, real_ms() + lease_ms, conversation)
end

local function holds(token)
    return redis.call('HGET', head, 'k') == token and lease_end() ~= nil
end

-- The state is left out for a holder that has it already: one that knows the version.
local function standing(their_version)
    local version, attempts, doubtful = unpack(redis.call('HMGET', head, 'v', 'a', 'd'))
    local state = version ~= their_version and redis.call('GET', body)
    local events, rows = redis.call('LRANGE', inbox, 0, -1), redis.call('LRANGE', outbox, 0, -1)
    return { version, state, events, rows, attempts, doubtful }
end

-- A new holder. A lease that is still written down ended without `settle`, so any row may have been sent.
local function grant(token, lease_ms)
    local attempts, doubtful = unpack(redis.call('HMGET', head, 'a', 'd'))
    if lease_end() then
        doubtful = redis.call('LLEN', outbox) / 2
    end
    redis.call('HSET', head, 'k', token, 'a', attempts + 1, 'd', doubtful)
    redis.call('ZREM', due, conversation)
    extend(lease_ms)
    return standing()
end

local function append(list, items)
    for first = 1, #items, 1000 do
        redis.call('RPUSH', list, unpack(items, first, math.min(first + 999, #items)))
    end
end

local function take_many(count)
    local items = {}
    for n = 1, count do
        items[n] = take()
    end
    return items
end

local function take_set()
    local set = {}
    for _ = 1, tonumber(take()) do
        set[take()] = true
    end
    return set
end

local function known(keys, since)
    for _, key in ipairs(keys) do
        local at = redis.call('ZSCORE', seen, key)
        if at and tonumber(at) > tonumber(since) then
            return true
        end
    end
    return false
end

-- At most `most` keys of a conversation; beyond it the older half goes. The whole set leaves `since` after the last one.
local function remember(keys, now, since, most)
    for _, key in ipairs(keys) do
        redis.call('ZADD', seen, now, key)
    end
    redis.call('ZREMRANGEBYSCORE', seen, '-inf', since)
    if redis.call('ZCARD', seen) > tonumber(most) then
        redis.call('ZREMRANGEBYRANK', seen, 0, math.floor(most / 2) - 1)
    end
    redis.call('PEXPIRE', seen, math.ceil((now - since) / 1000))
end

local function earliest(one, other)
    if one == '' then
        return other
    end
    return (other == '' or tonumber(one) < tonumber(other)) and one or other
end

-- When there is work again, '' for never: events, and rows that wait for no time, are work for now.
local function next_due(now, row_due)
    if redis.call('EXISTS', inbox) == 1 or (row_due == '' and redis.call('EXISTS', outbox) == 1) then
        return now
    end
    return earliest(row_due, redis.call('HGET', head, 'n') or '')
end

local function rest(at)
    redis.call('ZREM', held, conversation)
    if at ~= '' then
        redis.call('ZADD', due, at, conversation)
    end
end
