"""A primary dies and its replica takes over, by three sentinels and by nobody's hand (F12)."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from engine.errors import LeaseLost, StoreAway
from gateway.clock import SystemClock
from gateway.stores.redis import RedisStore
from gateway.stores.redis_address import RedisAddress
from tests.conformance.events import granted, ids, message, turn
from tests.redis_servers import watched

pytestmark = pytest.mark.anyio

DOWN_AFTER_MS = 1_000
WORKS_AGAIN_S = 5.0
LOADED_S = 10.0
"""More, for a machine that has others to serve."""


async def test_F12_the_store_works_again_on_the_new_primary_and_no_token_crosses(
    redis_program: str, tmp_path: Path
) -> None:
    with watched(redis_program, tmp_path, down_after_ms=DOWN_AFTER_MS) as ([primary, replica], sentinels):
        hosts = ",".join(f"127.0.0.1:{port}" for port in sentinels)
        store = await RedisStore.open(RedisAddress.parse(f"redis+sentinel://{hosts}/desk/0"), SystemClock())
        grant = await granted(store.mailbox, "m1")
        primary.ask("WAIT", 1, 5_000)
        primary.kill()
        began = time.monotonic()
        while True:
            try:
                after = await store.mailbox.commit(grant, turn("m1", rows=["r1"]))
                break
            except StoreAway:
                assert time.monotonic() - began < WORKS_AGAIN_S + LOADED_S
                await asyncio.sleep(0.05)
        assert (after.version, ids(after.outbox)) == (1, ["r1"])
        assert replica.ask("ROLE")[0] == b"master"
        assert not (await store.mailbox.accept(message("m1"), want_grant=True)).fresh

        primary.start()  # it comes back as what it was, until a sentinel tells it otherwise
        other = await RedisStore.open(RedisAddress.parse(f"redis+sentinel://{hosts}/desk/0"), SystemClock())
        await store.mailbox.release(after)
        (taken,) = await other.mailbox.claim(1)
        with pytest.raises(LeaseLost):
            await store.mailbox.commit(after, turn())
        assert (await other.mailbox.commit(taken, turn())).version == 2
        await other.close()
        await store.close()
