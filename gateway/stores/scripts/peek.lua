-- One script so that what is looked at is of one moment.
local row = load()
if not row.version then
    return false
end
return { row.timer or '', redis.call('ZSCORE', due, conversation) or '', unpack(standing(row)) }
