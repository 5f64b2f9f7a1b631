"""How a command looks into the desk's store: read-only, beside a `serve` that runs, and what it says of a wrong id."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import TypeVar

import msgspec
import typer

from gateway.clock import SystemClock
from gateway.past import Past, past_of
from gateway.settings import LogLevel, Settings, from_environment
from gateway.stores.opening import look_into
from gateway.stores.store import Store
from gateway.telemetry import start_logs

T = TypeVar("T")


def look(work: Callable[[Store, Settings], Awaitable[T]]) -> T:
    """What `work` finds in the store that the environment names. Raises SettingsError, StoreAway."""
    settings = from_environment()
    start_logs(settings.model_copy(update={"log_level": LogLevel.ERROR}), out=sys.stderr)

    async def looked() -> T:
        store = await look_into(settings, SystemClock())
        try:
            return await work(store, settings)
        finally:
            await store.close()

    return asyncio.run(looked())


def past(id: str) -> Past:
    """A conversation with its turns. Raises BadParameter where there is none of this id."""
    try:
        found = look(lambda store, _: past_of(store, id))
    except msgspec.DecodeError:
        remedy = "read it with the version that wrote it; its next turn sets it aside (F16)"
        raise typer.BadParameter(f"what the store has of {id!r} is unreadable; {remedy}", param_hint="ID") from None
    if found is None:
        raise typer.BadParameter(
            f"the store has no conversation {id!r}; `frontdesk conversations` lists them", param_hint="ID"
        )
    return found
