-- What is due in one partition, with when: ended leases by this server's clock, the rest by the gateway's. A script for
-- that clock alone; it grants nothing.
local due, held = unpack(KEYS)
local now, limit = unpack(ARGV)
local time = redis.call('TIME')
local real_ms = time[1] * 1000 + math.floor(time[2] / 1000)
return {
    redis.call('ZRANGEBYSCORE', held, '-inf', real_ms, 'WITHSCORES', 'LIMIT', 0, limit),
    redis.call('ZRANGEBYSCORE', due, '-inf', now, 'WITHSCORES', 'LIMIT', 0, limit),
}
