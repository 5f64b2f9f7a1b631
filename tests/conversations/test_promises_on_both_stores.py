"""Promises kept on both stores, though nothing but the store goes on from one turn to the next (P7, S10)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from engine.message import Event, Reply
from gateway.rehearsal.conversations import rehearse
from gateway.rehearsal.stage import Stage
from gateway.stores import redis_mailbox
from gateway.stores.redis import RedisStore
from gateway.stores.redis_address import RedisAddress
from gateway.stores.store import Store
from tests.conversations.test_promises import GOLDEN, OURS, PLAYED

pytestmark = pytest.mark.anyio

FILES = [*OURS.files, *(file for name in PLAYED for file in sorted(GOLDEN.glob(f"{name}_*.txt")))]


class StartedAnew(Stage):
    """A stage on which every turn begins with a process that has just been started."""

    async def hear(self, events: Sequence[Event]) -> list[Reply]:
        """The next turn, by somebody who knows only what is stored."""
        await self.restart()
        return await super().hear(events)


LEASE_S = 1.0
"""Of a process that was killed in Redis: others wait until it ends."""


@pytest.fixture(params=["sqlite", pytest.param("redis", marks=pytest.mark.redis)])
def stage(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> type[Stage]:
    """Such a stage on each store, empty."""
    if request.param == "sqlite":
        return StartedAnew
    url: str = request.getfixturevalue("redis_url")

    monkeypatch.setattr(redis_mailbox, "LEASE_S", LEASE_S)
    monkeypatch.setattr(redis_mailbox, "LEASE_MS", int(LEASE_S * 1000))

    class OnRedis(StartedAnew):
        async def open_store(self) -> Store:
            return await RedisStore.open(RedisAddress.parse(url), self.clock)

        async def restart(self) -> None:
            await super().restart()
            if await self.stuck():
                await asyncio.sleep(LEASE_S)

    return OnRedis


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parts[-3]}/{file.stem}")
async def test_P7_a_promise_holds_whoever_goes_on_and_whatever_it_is_kept_in(file: Path, stage: type[Stage]) -> None:
    verdict = await rehearse(file, OURS, stage=stage)
    assert verdict.fault is None, f"{file}:{verdict.fault.line}: {verdict.fault.what}"
    assert verdict.failure is None, f"{file}:{verdict.failure.line.number}: {verdict.failure}"


@pytest.mark.skipif(not GOLDEN.is_dir(), reason="the specification does not lie beside this checkout")
def test_every_golden_file_is_played() -> None:
    assert {file.name.partition("_")[0] for file in GOLDEN.glob("G*.txt")} == set(PLAYED)
