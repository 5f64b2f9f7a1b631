"""The store that the settings name, for `serve`, for `work` and for commands beside them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import SettingsError
from engine.ports import Clock
from gateway.settings import Settings
from gateway.stores.sqlite import SqliteStore
from gateway.stores.store import Store

if TYPE_CHECKING:
    from gateway.stores.redis import RedisStore

STORE_FILE = "frontdesk.db"
"""The embedded store's file in FRONTDESK_DATA_DIR."""
NOT_INSTALLED = (
    "REDIS_URL is set, but the package `redis` is not installed; "
    "start with `make run`, or install it: pip install '.[redis]'"
)


async def open_store(settings: Settings, file: Path, clock: Clock) -> Store:
    """Redis where REDIS_URL is set, else the embedded store in `file`. Raises SettingsError, StoreAway."""
    if settings.redis is None:
        return await SqliteStore.open(file, clock)
    return await redis_store().open(settings.redis, clock)


async def look_into(settings: Settings, clock: Clock) -> Store:
    """The desk's store for a command that only reads, beside a `serve` that runs or without one. Raises SettingsError,
    StoreAway."""
    if settings.redis is None:
        return await SqliteStore.look(settings.data_dir / STORE_FILE, clock)
    return await redis_store().open(settings.redis, clock)


def redis_store() -> type[RedisStore]:
    """The store on Redis. Raises SettingsError where its package is missing."""
    try:
        from gateway.stores.redis import RedisStore  # noqa: PLC0415 - its package comes with the setting
    except ModuleNotFoundError as missing:
        raise SettingsError(NOT_INSTALLED) from missing
    return RedisStore
