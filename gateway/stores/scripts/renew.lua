-- One script because a lease may be extended only while its token is the valid one (I3).
local token, lease_ms = take(), take()
if not holds(token) then
    return 0
end
also_when_full()
extend(lease_ms)
return 1
