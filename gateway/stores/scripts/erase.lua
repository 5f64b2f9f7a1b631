-- One script so that nothing of a conversation outlives the rest of it, and its holder loses nothing (X62, I3).
local ends = lease_end()
if ends and ends > real_ms() then
    return 0
end
redis.call('DEL', head, body, inbox, outbox, seen)
redis.call('ZREM', due, conversation)
redis.call('ZREM', held, conversation)
redis.call('ZREM', all, conversation)
return 1
