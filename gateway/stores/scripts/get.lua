-- A record's version and bytes, nothing where there is none.
return redis.call('HMGET', KEYS[1], 'v', 'b')
