-- One script because whoever looks must be who takes: of many that saw it due, one gets it (I3).
-- Asked again, the holder of this token gets its grant once more (I8).
local now, token, lease_ms = take(), take(), take()
local row, ends = load(), lease_end()
if ends and row.token == token then
    extend(lease_ms)
    return standing(row)
end
local at = ends or tonumber(redis.call('ZSCORE', due, conversation) or nil)
if not at or at > (ends and real_ms() or tonumber(now)) then
    return false
end
return grant(row, token, lease_ms, ends)
