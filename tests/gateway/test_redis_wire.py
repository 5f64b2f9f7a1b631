"""The way to Redis: batches, deadlines, repeats, and what becomes of callers when it hangs, fails or goes away."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from signal import SIGCONT, SIGSTOP

import pytest

from engine.errors import StoreAway
from gateway.clock import SystemClock
from gateway.stores.redis import RedisStore
from gateway.stores.redis_address import RedisAddress
from gateway.stores.redis_keys import conversation_keys
from tests.conformance.events import ANN, BEN, granted, ids, message, turn
from tests.lossy_line import lossy_line
from tests.redis_servers import RedisServer

pytestmark = pytest.mark.anyio

ANSWERED_S = 2.0
"""Until every caller has an answer, whatever Redis does (F15)."""


@asynccontextmanager
async def opened(port: int) -> AsyncIterator[RedisStore]:
    """The store there, closed at the end."""
    store = await RedisStore.open(RedisAddress.parse(f"redis://127.0.0.1:{port}/0"), SystemClock())
    try:
        yield store
    finally:
        await store.close()


@pytest.fixture
async def store(redis_server: RedisServer) -> AsyncIterator[RedisStore]:
    async with opened(redis_server.port) as store:
        yield store


async def refusals(store: RedisStore, people: list[str]) -> float:
    """How long it took until all of them were refused."""
    began = time.monotonic()
    asked = (store.mailbox.accept(message("m1", person), want_grant=True) for person in people)
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert {str(answer).partition(";")[0] for answer in answers} == {"Redis does not answer in time"}
    return time.monotonic() - began


def reads(server: RedisServer) -> int:
    """How often the server has read from its connections."""
    return int(server.ask("INFO", "stats")["total_reads_processed"])


async def test_what_one_tick_asks_travels_together(store: RedisStore, redis_server: RedisServer) -> None:
    await granted(store.mailbox, "m1")  # Redis knows the script now
    before = reads(redis_server)
    people = [store.mailbox.accept(message("m1", f"web:{n}"), want_grant=True) for n in range(200)]
    assert all(answer.grant for answer in await asyncio.gather(*people))
    assert reads(redis_server) - before < 40


async def test_F25_a_cancelled_caller_does_not_cancel_what_it_asked(store: RedisStore) -> None:
    asked = asyncio.ensure_future(store.mailbox.accept(message("m1"), want_grant=False))
    await asyncio.sleep(0)
    asked.cancel()
    stored = await store.mailbox.peek(ANN)
    assert asked.cancelled()
    assert stored is not None
    assert ids(stored.inbox) == ["m1"]


async def test_F28_a_text_that_is_none_fails_alone(store: RedisStore) -> None:
    odd = store.records.put("profile", "\ud800", b"x")
    answers = await asyncio.gather(odd, store.records.put("profile", "ann", b"x"), return_exceptions=True)
    assert isinstance(answers[0], UnicodeEncodeError)
    assert answers[1] is True


async def test_F11_scripts_that_redis_has_forgotten_are_told_again(
    store: RedisStore, redis_server: RedisServer
) -> None:
    grant = await granted(store.mailbox, "m1")
    redis_server.ask("SCRIPT", "FLUSH")
    assert (await store.mailbox.commit(grant, turn("m1"))).version == 1


async def test_I8_an_answer_that_is_lost_twice_is_store_away_and_asking_again_says_the_same(
    redis_server: RedisServer,
) -> None:
    async with lossy_line(redis_server.port) as line, opened(line.port) as store:
        grant = await granted(store.mailbox, "m1")
        line.loses = lambda _: True
        with pytest.raises(StoreAway, match="cannot be reached"):
            await store.mailbox.commit(grant, turn("m1", rows=["r1"]))
        assert line.lost == 2
        line.loses = lambda _: False
        again = await store.mailbox.commit(grant, turn("m1", rows=["r1"]))
        assert (again.version, ids(again.outbox)) == (1, ["r1"])


async def test_F15_a_redis_that_hangs_is_store_away_in_time_for_everyone_and_recovers(
    store: RedisStore, redis_server: RedisServer
) -> None:
    await store.ping()
    redis_server.signal(SIGSTOP)
    try:
        waves = []
        for wave in range(4):  # more of them come while the first still wait
            waves.append(asyncio.create_task(refusals(store, [f"web:{wave}/{n}" for n in range(300)])))
            await asyncio.sleep(0.2)
        assert max(await asyncio.gather(*waves)) < ANSWERED_S
    finally:
        redis_server.signal(SIGCONT)
    assert (await store.mailbox.accept(message("late"), want_grant=True)).fresh


async def test_F15_a_slow_line_is_borne_and_one_that_is_too_slow_is_store_away(redis_server: RedisServer) -> None:
    async with lossy_line(redis_server.port) as line, opened(line.port) as store:
        line.delay_s = 0.2
        assert (await store.mailbox.accept(message("m1"), want_grant=True)).grant
        line.delay_s = 3.0
        with pytest.raises(StoreAway, match="in time"):
            await store.mailbox.accept(message("m2", BEN), want_grant=True)
        line.delay_s = 0.0
        assert not (await store.mailbox.accept(message("m2", BEN), want_grant=True)).fresh


async def test_F16_a_script_that_fails_is_store_away_by_its_name_and_not_by_what_it_was_given(
    store: RedisStore, redis_server: RedisServer
) -> None:
    inbox = conversation_keys(ANN.encode())[5]
    redis_server.ask("SET", inbox, "no list")
    with pytest.raises(StoreAway, match=r"refused `accept` at line \d+ \(WRONGTYPE\): .*what else writes") as told:
        await store.mailbox.accept(message("canary"), want_grant=True)
    assert "canary" not in str(told.value)
    assert (await store.mailbox.accept(message("m1", BEN), want_grant=True)).grant


async def test_F25_a_closed_store_is_away_and_what_was_asked_before_is_kept(redis_server: RedisServer) -> None:
    async with opened(redis_server.port) as store:
        people = [store.mailbox.accept(message("m1", f"web:{n}"), want_grant=False) for n in range(200)]
        asked = [asyncio.ensure_future(person) for person in people]
        await asyncio.sleep(0)
        await store.close()
        assert all(answer.fresh for answer in await asyncio.gather(*asked))
        with pytest.raises(StoreAway, match="is closed"):
            await store.ping()
    async with opened(redis_server.port) as store:
        assert len(await store.mailbox.conversations(limit=500)) == 200


async def test_X60_a_wrong_password_is_told_without_it(redis_server: RedisServer) -> None:
    redis_server.ask("CONFIG", "SET", "requirepass", "right")
    with pytest.raises(StoreAway, match="knows no such user and password; correct REDIS_URL") as told:
        await RedisStore.open(RedisAddress.parse(f"redis://:canary@127.0.0.1:{redis_server.port}"), SystemClock())
    assert "canary" not in str(told.value)
