"""The stores that model jobs are tested on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from gateway.clock import TestClock
from gateway.stores.redis import RedisStore
from gateway.stores.redis_address import RedisAddress
from gateway.stores.sqlite import SqliteStore
from gateway.stores.store import Store

Opened = Callable[[TestClock], Awaitable[Store]]


@pytest.fixture(params=["sqlite", pytest.param("redis", marks=pytest.mark.redis)])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Opened:
    """Opens the same store, however often."""
    url = request.getfixturevalue("redis_url") if request.param == "redis" else ""

    async def open_it(clock: TestClock) -> Store:
        if url:
            return await RedisStore.open(RedisAddress.parse(url), clock)
        return await SqliteStore.open(tmp_path / "desk.db", clock)

    return open_it
