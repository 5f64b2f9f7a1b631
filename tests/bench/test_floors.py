"""The careful floors are as careful as the page says, and the others are not."""

from __future__ import annotations

import asyncio

import pytest
from redis.asyncio import Redis

from tests.bench.floors.shelves import RELEASE, InMemory, InMemoryCareful, InRedis, InRedisCareful, Shelf
from tests.bench.floors.talk import Memory, Said
from tests.redis_servers import RedisServer

pytestmark = pytest.mark.anyio


async def count(memory: Memory) -> Said:
    """One more than the memory knew, after a while in which another message may come between."""
    seen = int(memory.get("seen", "0"))
    await asyncio.sleep(0.02)
    memory["seen"] = str(seen + 1)
    return memory["seen"], None


async def said(shelf: Shelf, *updates: int) -> list[str]:
    """What customer 7 is answered to updates that come all at once, in no order."""
    answers = await asyncio.gather(*(shelf.turn(update, 7, count) for update in updates))
    return sorted(answer[0] for answer in answers if answer)


async def test_a_careful_floor_answers_an_update_once_and_one_message_at_a_time(redis_server: RedisServer) -> None:
    async with Redis.from_url(redis_server.url) as redis:
        for shelf in (InMemoryCareful(), InRedisCareful(redis)):
            assert await said(shelf, 1, 1, 2, 3) == ["1", "2", "3"]
            assert await said(shelf, 3) == []


async def test_a_floor_without_care_lets_two_messages_meet(redis_server: RedisServer) -> None:
    async with Redis.from_url(redis_server.url) as redis:
        for shelf in (InMemory(), InRedis(redis)):
            assert await said(shelf, 1, 1) == ["1", "1"]


async def test_a_lock_that_is_anothers_by_now_is_left_alone(redis_server: RedisServer) -> None:
    redis_server.ask("SET", "lock:7", "theirs")
    assert redis_server.ask("EVAL", RELEASE, 1, "lock:7", "ours") == 0
    assert redis_server.ask("GET", "lock:7") == b"theirs"
