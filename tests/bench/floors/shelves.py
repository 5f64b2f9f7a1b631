"""Where the floors keep their customers: in memory or in Redis, each with and without a lock and dedupe."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from secrets import token_hex
from typing import Any, Protocol

import msgspec
from redis.asyncio import Redis

from tests.bench.floors.talk import Memory, Said

SEEN_S = 48 * 3600
LOCK_MS = 30_000
"""Longer than a turn ever lasts."""
AGAIN_S = 0.005
"""Between two tries for a lock that another message of the chat holds."""

RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"
"""One script so that a lock that ended meanwhile, and is another's now, is left alone."""

Answering = Callable[[Memory], Awaitable[Said]]


class Shelf(Protocol):
    """One message of a customer, their memory around it."""

    async def turn(self, update: int, chat: int, answering: Answering) -> Said | None:
        """What `answering` says, its changes kept; None for an update that was seen before."""
        ...


class InMemory:
    """A crash forgets everybody. A repeated update is answered twice, two messages of a chat meet in one memory."""

    def __init__(self) -> None:
        self._memories: dict[int, Memory] = {}

    async def turn(self, update: int, chat: int, answering: Answering) -> Said | None:
        """See Shelf."""
        return await answering(self._memories.setdefault(chat, {"at": "new"}))


class InMemoryCareful(InMemory):
    """With a lock per chat and a set of the updates it has seen."""

    def __init__(self) -> None:
        super().__init__()
        self._locks: dict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._seen: set[int] = set()

    async def turn(self, update: int, chat: int, answering: Answering) -> Said | None:
        """See Shelf."""
        if update in self._seen:
            return None
        self._seen.add(update)
        async with self._locks[chat]:
            return await super().turn(update, chat, answering)


class InRedis:
    """GET before, SET after: two messages of a chat may overwrite one another, a repeated update is answered twice."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def turn(self, update: int, chat: int, answering: Answering) -> Said | None:
        """See Shelf."""
        memory = _memory(await self._redis.get(f"talk:{chat}"))
        said = await answering(memory)
        await self._redis.set(f"talk:{chat}", msgspec.json.encode(memory))
        return said


class InRedisCareful:
    """Two pipelines a turn: dedupe, lock and memory in the first, memory and release in the second.

    The reply is sent after the release, so that the customer's next message finds the chat free.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._release = ""

    async def turn(self, update: int, chat: int, answering: Answering) -> Said | None:
        """See Shelf."""
        self._release = self._release or await self._redis.script_load(RELEASE)
        lock, token = f"lock:{chat}", token_hex(8)
        fresh, held, stored = await self._begin(update, chat, token)
        while fresh and not held:
            await asyncio.sleep(AGAIN_S)
            _, held, stored = await self._begin(update, chat, token)
        last = self._redis.pipeline(transaction=False)
        try:
            if not fresh:
                return None
            memory = _memory(stored)
            said = await answering(memory)
            last.set(f"talk:{chat}", msgspec.json.encode(memory))
            return said
        finally:
            if held:
                last.evalsha(self._release, 1, lock, token)
                await last.execute()

    async def _begin(self, update: int, chat: int, token: str) -> list[Any]:
        first = self._redis.pipeline(transaction=False)
        first.set(f"seen:{update}", 1, nx=True, ex=SEEN_S)
        first.set(f"lock:{chat}", token, nx=True, px=LOCK_MS)
        first.get(f"talk:{chat}")
        return await first.execute()


def shelf_of(url: str | None, *, careful: bool) -> Shelf:
    """In Redis where there is one."""
    if url is None:
        return InMemoryCareful() if careful else InMemory()
    redis = Redis.from_url(url)
    return InRedisCareful(redis) if careful else InRedis(redis)


def _memory(stored: bytes | str | None) -> Memory:
    return _DECODER.decode(stored) if stored else {"at": "new"}


_DECODER = msgspec.json.Decoder(Memory)
