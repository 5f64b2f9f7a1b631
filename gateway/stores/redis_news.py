"""Words from process to process over Redis: each is a reason to look sooner, and may be lost with nothing lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress

from redis.asyncio.connection import ConnectionPool

from gateway.stores.redis_faults import FAULTS
from gateway.stores.redis_grants import new_token
from gateway.stores.redis_keys import NEWS
from gateway.stores.redis_lanes import Answer, connected
from gateway.stores.redis_scripts import script
from gateway.stores.redis_wire import Wire

LISTEN_AGAIN_S = 1.0
"""After the line was cut; meanwhile polls and sweeps find what there is."""


class RedisNews:
    """Tells all other processes on this Redis, and hears them; not itself."""

    def __init__(self, wire: Wire, pools: Sequence[ConnectionPool]) -> None:
        self._wire = wire
        self._pools = pools
        self._me = new_token()
        self._telling: set[asyncio.Future[Answer]] = set()

    def tell(self, word: str) -> None:
        """Say it to whoever listens now. Fails silently."""
        with suppress(*FAULTS):
            told = self._wire.run(script("tell"), (NEWS,), self._me + b" " + word.encode())
            self._telling.add(told)
            told.add_done_callback(self._told)

    async def hear(self, told: Callable[[str], None]) -> None:
        """Call `told` with each word, until cancelled."""
        while True:
            for pool in self._pools:
                with suppress(*FAULTS):
                    await self._listen(pool, told)
                await asyncio.sleep(LISTEN_AGAIN_S)

    async def _listen(self, pool: ConnectionPool, told: Callable[[str], None]) -> None:
        connection = await connected(pool)
        try:
            await connection.send_command("SUBSCRIBE", NEWS)
            while True:
                kind, _, said = await connection.read_response()
                who, _, word = said.partition(b" ") if kind == b"message" else (self._me, b"", b"")
                if who != self._me:
                    told(word.decode())
        finally:
            await connection.disconnect(nowait=True)

    def _told(self, told: asyncio.Future[Answer]) -> None:
        self._telling.discard(told)
        if not told.cancelled():
            told.exception()
