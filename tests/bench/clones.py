"""A Redis full of idle conversations: some are really held, then copied under other customers' names.

A copy has every key and every entry of an index that its original has, but for the journal. Its state names its own
customer and order, so it goes on when they write.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import redis

from gateway.stores.redis_keys import conversation_keys
from gateway.stores.redis_states import packed, unpacked
from tests.bench.providers import BOT_TOKEN
from tests.bench.talks import order_of
from tests.redis_servers import RedisServer

FIRST_CHAT = 8_000_000
"""All have seven digits, so that a copy is as long as its original."""
AT_ONCE = 200

COPY = """
local head, seen, seen_ms = ARGV[1], ARGV[2], ARGV[3]
local place = 4
for n = 1, #KEYS, 5 do
    local due, all, h, b, s = unpack(KEYS, n, n + 4)
    local name, score, state = unpack(ARGV, place, place + 2)
    place = place + 3
    redis.call('RESTORE', h, 0, head)
    redis.call('RESTORE', s, seen_ms, seen)
    redis.call('SET', b, state)
    redis.call('ZADD', due, score, name)
    redis.call('ZADD', all, 0, name)
end
"""
"""One script for many copies, because a million of them five commands each would take minutes."""


@dataclass(frozen=True, kw_only=True)
class Original:
    """An idle conversation as it lies in Redis."""

    chat: int
    head: bytes
    seen: bytes
    seen_ms: int
    state: bytes
    due: float


def originals(server: RedisServer, chats: Sequence[int]) -> list[Original]:
    """Those that these customers left. Raises AssertionError where one has keys that a copy would not have."""
    with redis.Redis(port=server.port) as client:
        found = [_original(client, chat) for chat in chats]
        kept = sum(1 for key in client.scan_iter(count=1000) if _of_a_customer(key))
    assert kept == 3 * len(found), f"{kept} keys of {len(found)} conversations, three each were expected"
    return found


def fill(server: RedisServer, of: Sequence[Original], count: int) -> float:
    """Copy them until there are `count`; gives the bytes of Redis's memory that each takes."""
    with redis.Redis(port=server.port) as client:
        client.config_set("appendonly", "no")  # the file is written once, when all are there
        client.config_set("rdbcompression", "no")  # and fast
        copy, empty = client.register_script(COPY), _used(client)
        chats = iter(range(FIRST_CHAT, FIRST_CHAT + count))
        turn = 0
        while some := list(islice(chats, AT_ONCE)):
            _copy(copy, of[turn % len(of)], some)
            turn += 1
        each = (_used(client) - empty) / count
        client.config_set("appendonly", "yes")
        while client.info("persistence")["aof_rewrite_in_progress"]:
            client.execute_command("WAIT", 1, 100)  # replicas there are none, so it waits
    return each


def _original(client: Any, chat: int) -> Original:
    name = _name(chat)
    due, _, _, head, body, _, _, seen = conversation_keys(name)
    return Original(
        chat=chat,
        head=client.dump(head),
        seen=client.dump(seen),
        seen_ms=client.pttl(seen),
        state=unpacked(client.get(body)),
        due=client.zscore(due, name),
    )


def _of_a_customer(key: bytes) -> bool:
    """Journal, and what all share, aside."""
    tail = key.partition(b"}:")[2]
    return b":telegram:" in key and not tail.startswith((b"e:journal", b"u:journal"))


def _copy(copy: Any, original: Original, chats: Sequence[int]) -> None:
    keys: list[bytes] = []
    arguments: list[bytes | int | float] = [original.head, original.seen, original.seen_ms]
    for chat in chats:
        name = _name(chat)
        due, _, all_, head, body, _, _, seen = conversation_keys(name)
        keys += (due, all_, head, body, seen)
        arguments += (name, original.due, packed(_renamed(original, chat)))
    copy(keys=keys, args=arguments)


def _renamed(original: Original, chat: int) -> bytes:
    state = original.state.replace(b"%d" % original.chat, b"%d" % chat)
    return state.replace(order_of(original.chat).encode(), order_of(chat).encode())


def _name(chat: int) -> bytes:
    return f"telegram:{BOT_TOKEN.partition(':')[0]}:{chat}".encode()


def _used(client: Any) -> int:
    return int(client.info("memory")["used_memory"])
