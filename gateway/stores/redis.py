"""The production store: one Redis, its sentinels or a cluster, shared by any number of processes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import structlog

from engine.ports import Clock
from engine.store import Mailbox, Records
from gateway.stores.redis_address import RedisAddress
from gateway.stores.redis_checks import Concern, concerns, refuse_fatal
from gateway.stores.redis_connections import Connections, connections_to
from gateway.stores.redis_faults import FAULTS, away
from gateway.stores.redis_grants import Moment, micros
from gateway.stores.redis_keys import META
from gateway.stores.redis_mailbox import RedisMailbox
from gateway.stores.redis_news import RedisNews
from gateway.stores.redis_records import RedisRecords
from gateway.stores.redis_scripts import script
from gateway.stores.redis_wire import Wire
from gateway.stores.store import News

OPEN_WITHIN_S = 5.0

_log = structlog.get_logger("frontdesk.redis")


class RedisStore:
    """A mailbox and records in Redis. Made by `open`, inside the running loop that will use it."""

    name = "Redis"

    def __init__(self, connections: Connections, clock: Clock, real: Callable[[], float]) -> None:
        def moment() -> Moment:
            return Moment(micros(clock.now()), real())

        self._connections = connections
        self._wire = Wire(connections.lanes)
        self.mailbox: Mailbox = RedisMailbox(self._wire, moment)
        self.records: Records = RedisRecords(self._wire)
        self.news: News | None = RedisNews(self._wire, connections.listening)

    @classmethod
    async def open(
        cls, address: RedisAddress, clock: Clock, *, real: Callable[[], float] = time.monotonic
    ) -> RedisStore:
        """Connect, and see that this Redis is one to keep conversations in.

        Timers and dues follow `clock`; leases follow Redis's own, and their ends are told in `real` seconds (F22).
        Raises SettingsError where nothing may be kept, StoreAway when it is not there; warns of the rest (F14).
        """
        store, found = await cls.examined(address, clock, real=real)
        try:
            refuse_fatal(found)
        except BaseException:
            await store.close()
            raise
        for concern in found:
            _log.warning(f"REDIS_URL: {concern}")
        return store

    @classmethod
    async def examined(
        cls, address: RedisAddress, clock: Clock, *, real: Callable[[], float] = time.monotonic
    ) -> tuple[RedisStore, list[Concern]]:
        """The store, with what is to be said against it. Raises StoreAway."""
        store = cls(connections_to(address), clock, real)
        try:
            async with asyncio.timeout(OPEN_WITHIN_S):
                return store, await concerns(store._connections, store._wire, address.shape)
        except FAULTS as fault:
            await store.close()
            raise away(fault) from None
        except BaseException:
            await store.close()
            raise

    async def ping(self) -> None:
        """Write something, to know that writing is possible. Raises StoreAway when it is not (F13, F15)."""
        await self._wire.run(script("ping"), (META,))

    async def close(self) -> None:
        """Finish what was asked for and hang up; every later call raises StoreAway."""
        await self._wire.close()
        await self._connections.close()
