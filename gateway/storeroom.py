"""The store, looked at for `frontdesk doctor`: can it be opened and written, and may conversations be kept in it?"""

from __future__ import annotations

from pathlib import Path

from channels.base import Finding
from engine.errors import SettingsError, StoreAway
from gateway.clock import SystemClock
from gateway.settings import Settings
from gateway.stores.opening import redis_store
from gateway.stores.redis_address import RedisAddress
from gateway.stores.sqlite import SqliteStore
from gateway.stores.sqlite_file import StoreTaken

AGAIN = "mend that, and run this again"


async def store(settings: Settings, file: Path) -> tuple[bool, list[Finding]]:
    """Does another process have it, as a running desk does? And how is it?

    Of Redis nobody knows who else has it open, so it counts as taken.
    """
    if settings.redis is None:
        return await _embedded(file)
    try:
        return True, await _shared(settings.redis)
    except SettingsError as error:
        return True, [_failed(str(error))]
    except StoreAway as away:
        return True, [_failed(str(away))]


async def _embedded(path: Path) -> tuple[bool, list[Finding]]:
    try:
        opened = await SqliteStore.open(path, SystemClock())
    except StoreTaken:
        return True, [Finding.ok("store", f"{path} is in use, as it is while `serve` runs here")]
    except SettingsError as error:
        return False, [_failed(str(error))]
    try:
        await opened.ping()
    except StoreAway as error:
        return False, [Finding.failed("store", str(error), AGAIN)]
    finally:
        await opened.close()
    return False, [Finding.ok("store", f"{path} can be written")]


async def _shared(address: RedisAddress) -> list[Finding]:
    opened, concerns = await redis_store().examined(address, SystemClock())
    try:
        await opened.ping()
    finally:
        await opened.close()
    found = [
        (Finding.failed if concern.fatal else Finding.warning)("store", f"Redis: {concern.what}", concern.remedy)
        for concern in concerns
    ]
    return found or [Finding.ok("store", "Redis can be written, and keeps what it is given")]


def _failed(sentence: str) -> Finding:
    fault, _, remedy = sentence.partition("; ")
    return Finding.failed("store", fault, remedy or AGAIN)
