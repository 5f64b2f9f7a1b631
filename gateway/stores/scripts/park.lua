-- One script because only the valid token may take a conversation out of the schedule (I3, F27).
local token = take()
if holds(token) then
    also_when_full()
    redis.call('HSET', head, 'a', 0)
    rest('')
end
return 1
