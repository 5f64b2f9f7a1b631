"""The stores every conformance test runs on: one more in `store`'s parameters, and the suite does the rest."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import redis

import gateway.stores
from engine.store import Mailbox, Records
from gateway.clock import TestClock
from gateway.stores.bounds import LEASE_S
from gateway.stores.redis import RedisStore
from gateway.stores.redis_address import RedisAddress
from gateway.stores.redis_keys import schedules
from gateway.stores.redis_mailbox import LEASE_MS
from gateway.stores.redis_scripts import script, verb
from gateway.stores.sqlite import SqliteStore
from tests.lossy_line import lossy_line
from tests.redis_servers import cluster

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "redis.md"
SCRIPTS = [file.stem for file in (Path(gateway.stores.__file__).parent / "scripts").glob("*.lua")]
START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class StoreUnderTest:
    """A store on a clock that stands still until it is advanced. `end_leases` ends each lease no one renewed."""

    mailbox: Mailbox
    records: Records
    clock: TestClock
    end_leases: Callable[[], Awaitable[None]]


@asynccontextmanager
async def on_sqlite(folder: Path) -> AsyncIterator[StoreUnderTest]:
    """The embedded store, with a lease clock of its own."""
    real_s = [0.0]

    async def end_leases() -> None:
        real_s[0] += LEASE_S

    clock = TestClock(START, real=lambda: 0.0)
    store = await SqliteStore.open(folder / "store.db", clock, real=lambda: real_s[0])
    yield StoreUnderTest(mailbox=store.mailbox, records=store.records, clock=clock, end_leases=end_leases)
    await store.close()


@asynccontextmanager
async def on_redis(url: str, server: redis.Redis | redis.RedisCluster) -> AsyncIterator[StoreUnderTest]:
    """The store on a Redis that is emptied first. Its lease clock is the server's own, so ends are moved instead."""
    real_s = [0.0]

    async def end_leases() -> None:
        real_s[0] += LEASE_S
        for _, held in schedules():
            server.eval(
                "for _, name in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do"
                " redis.call('ZINCRBY', KEYS[1], ARGV[1], name) end",
                *(1, held, -LEASE_MS),
            )

    server.flushall()
    clock = TestClock(START, real=lambda: 0.0)
    store = await RedisStore.open(RedisAddress.parse(url), clock, real=lambda: real_s[0])
    yield StoreUnderTest(mailbox=store.mailbox, records=store.records, clock=clock, end_leases=end_leases)
    await store.close()


REDIS_KINDS = ("redis", "lossy", "cluster")
"""One Redis; the same through a line that loses an answer of each connection (I8); a cluster of three."""


@pytest.fixture(params=["sqlite", *(pytest.param(kind, marks=pytest.mark.redis) for kind in REDIS_KINDS)])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[StoreUnderTest]:
    """Each kind of store in turn, empty."""
    async with AsyncExitStack() as opening:
        yield await opening.enter_async_context(await _opened(request, tmp_path, opening))


async def _opened(
    request: pytest.FixtureRequest, folder: Path, opening: AsyncExitStack
) -> AbstractAsyncContextManager[StoreUnderTest]:
    if request.param == "sqlite":
        return on_sqlite(folder)
    if request.param == "cluster":
        port = request.getfixturevalue("redis_cluster")
        return on_redis(f"redis+cluster://127.0.0.1:{port}", redis.RedisCluster("127.0.0.1", port, protocol=2))
    server = redis.Redis.from_url(request.getfixturevalue("redis_url"), protocol=2)
    server.execute_command(*user_of_the_guide())  # type: ignore[no-untyped-call]  # the library's own gap
    port = server.connection_pool.connection_kwargs["port"]
    if request.param == "lossy":
        for text in (made(name).text for name in SCRIPTS for made in (script, verb)):
            server.script_load(text)  # a text that has to be sent first is one answer more
        line = await opening.enter_async_context(lossy_line(port))
        line.loses = lambda answer: answer == 6  # the first three or four are the greeting
        port = line.port
    return on_redis(f"redis://desk:a-long-password@127.0.0.1:{port}/0", server)


def user_of_the_guide() -> list[str]:
    """The command that gives the desk a user: what the guide tells must be enough for all that is tested here (X73)."""
    found = re.search(r"(?m)^ {4}(ACL SETUSER desk .*)$", GUIDE.read_text("utf-8"))
    assert found
    return found[1].split()


@pytest.fixture(scope="session")
def redis_cluster(redis_program: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of one node of a cluster of three."""
    with cluster(redis_program, tmp_path_factory.mktemp("cluster"), 3) as servers:
        yield servers[0].port


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
