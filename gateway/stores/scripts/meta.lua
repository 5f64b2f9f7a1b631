-- One script so that of many that start at once the first says how things are kept, and all read the same.
redis.call('HSETNX', KEYS[1], 'partitions', ARGV[1])
redis.call('HSETNX', KEYS[1], 'schema', ARGV[2])
return redis.call('HMGET', KEYS[1], 'partitions', 'schema')
