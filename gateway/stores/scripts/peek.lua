-- One script so that what is looked at is of one moment.
if redis.call('EXISTS', head) == 0 then
    return false
end
return { redis.call('HGET', head, 'n') or '', redis.call('ZSCORE', due, conversation) or '', unpack(standing()) }
