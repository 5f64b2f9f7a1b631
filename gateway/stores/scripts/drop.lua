-- One script so that a record never outlives its entries, nor they their index (X62).
local record, index, entries, places = unpack(KEYS)
redis.call('DEL', record, entries, places)
redis.call('ZREM', index, ARGV[1])
return 1
