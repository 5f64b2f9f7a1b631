-- A script because a cluster sends a command where its key is, and a message has none.
return redis.call('PUBLISH', KEYS[1], ARGV[1])
