"""The stores every conformance test runs on: add a factory to FACTORIES, and the suite does the rest."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.ports import Mailbox, Records
from gateway.clock import TestClock
from gateway.stores.bounds import LEASE_S
from gateway.stores.sqlite import SqliteStore

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class StoreUnderTest:
    """A store on a clock that stands still until it is advanced. `end_leases` ends each lease no one renewed."""

    mailbox: Mailbox
    records: Records
    clock: TestClock
    end_leases: Callable[[], Awaitable[None]]


@asynccontextmanager
async def sqlite(folder: Path) -> AsyncIterator[StoreUnderTest]:
    """The embedded store, with a lease clock of its own."""
    real_s = [0.0]

    async def end_leases() -> None:
        real_s[0] += LEASE_S

    clock = TestClock(START, real=lambda: 0.0)
    store = await SqliteStore.open(folder / "store.db", clock, real=lambda: real_s[0])
    yield StoreUnderTest(mailbox=store.mailbox, records=store.records, clock=clock, end_leases=end_leases)
    await store.close()


Factory = Callable[[Path], AbstractAsyncContextManager[StoreUnderTest]]
FACTORIES: dict[str, Factory] = {"sqlite": sqlite}


@pytest.fixture(params=FACTORIES)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[StoreUnderTest]:
    """Each kind of store in turn, empty."""
    async with FACTORIES[request.param](tmp_path) as opened:
        yield opened


@pytest.fixture
def mailbox(store: StoreUnderTest) -> Mailbox:
    """Its mailbox."""
    return store.mailbox


@pytest.fixture
def records(store: StoreUnderTest) -> Records:
    """Its records."""
    return store.records


@pytest.fixture
def clock(store: StoreUnderTest) -> TestClock:
    """The clock its timers and dues follow; it stands at 2026-03-01 09:00 UTC."""
    return store.clock


@pytest.fixture
def end_leases(store: StoreUnderTest) -> Callable[[], Awaitable[None]]:
    """Let LEASE_S of real time pass, as the store sees it."""
    return store.end_leases
