-- One script because only the valid token may give the lease back, and its attempts stay counted (I3, F27).
local token, now, again_at = take(), take(), take()
if holds(token) then
    also_when_full()
    rest(again_at ~= '' and again_at or next_due(now, ''))
end
return 1
