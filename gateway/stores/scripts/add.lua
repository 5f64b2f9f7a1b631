-- One script because an entry and its number are one write.
local entries, places, counter = unpack(KEYS)
local id, bytes = unpack(ARGV)
return enter(entries, places, counter, id, bytes)
