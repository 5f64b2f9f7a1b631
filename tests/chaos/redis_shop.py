"""A process that talks to itself through a Redis that others use too, until it is killed.

Run as `python -m tests.chaos.redis_shop URL LOG NAME`; LOG as in `sqlite_shop`. A Redis that is away is waited for.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from engine.errors import LeaseLost, StoreAway
from gateway.clock import SystemClock
from gateway.stores.redis import RedisStore
from gateway.stores.redis_address import RedisAddress
from tests.chaos.sqlite_shop import Shop

PEOPLE = 8
AGAIN_S = 0.05


async def patiently(step: Callable[[], Awaitable[None]]) -> None:
    """Again and again: what was cut off is found by whoever looks once its lease has ended."""
    while True:
        try:
            await step()
        except (StoreAway, LeaseLost):
            await asyncio.sleep(AGAIN_S)


async def opened(url: str) -> RedisStore:
    """The store, as soon as it is there."""
    while True:
        try:
            return await RedisStore.open(RedisAddress.parse(url), SystemClock())
        except StoreAway:
            await asyncio.sleep(AGAIN_S)


async def main() -> None:
    """Open the store, and go on for ever."""
    url, log, name = sys.argv[1:]
    store = await opened(url)
    shop = Shop(store.mailbox, Path(log))
    people = (f"web:{name}-{n}" for n in range(PEOPLE))
    await asyncio.gather(patiently(shop.sweep), *(patiently(partial(shop.customer, person)) for person in people))


if __name__ == "__main__":
    asyncio.run(main())
