-- One script because whoever looks must be who takes: of many that saw it due, one gets it (I3).
-- Asked again, the holder of this token gets its grant once more (I8).
local now, token, lease_ms = take(), take(), take()
local ends = lease_end()
if ends then
    if holds(token) then
        extend(lease_ms)
        return standing()
    elseif ends > real_ms() then
        return false
    end
else
    local at = redis.call('ZSCORE', due, conversation)
    if not at or tonumber(at) > tonumber(now) then
        return false
    end
end
return grant(token, lease_ms)
