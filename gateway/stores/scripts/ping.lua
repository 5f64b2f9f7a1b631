-- Writes, to know that writing is possible: a full Redis, and one that has become a replica, refuse (F13, F15).
redis.call('HSET', KEYS[1], 'ping', 1)
return 1
