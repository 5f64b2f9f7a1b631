"""Every verb through a line that loses its answer once: it was carried out, is asked again, and says the same (I8)."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from engine.store import Accepted, Grant, Settlement
from gateway.clock import TestClock
from gateway.stores.redis import RedisStore
from gateway.stores.redis_address import RedisAddress
from tests.conformance.events import ANN, BEN, given, granted, message, receipt, turn
from tests.lossy_line import lossy_line
from tests.redis_servers import RedisServer

pytestmark = pytest.mark.anyio

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
LATER = START + timedelta(hours=1)
SETTLED = Settlement(done=("r1",), again=(("r2", b"anew"),), events=(receipt("r1:sent"),), due=LATER)


async def turned(store: RedisStore) -> Grant:
    """A turn that was committed, with two rows to send."""
    return await store.mailbox.commit(await granted(store.mailbox, "m1"), turn("m1", rows=["r1", "r2"], timer=LATER))


async def waiting(store: RedisStore) -> Grant:
    """A conversation that is due, given back."""
    grant = await granted(store.mailbox, "m1")
    await store.mailbox.release(grant)
    return grant


STEPS: dict[str, tuple[Callable[[RedisStore], Awaitable[Grant]], Callable[[RedisStore, Grant], Awaitable[Any]]]] = {
    "accept and grant": (turned, lambda s, _: s.mailbox.accept(message("n1", BEN), want_grant=True)),
    "accept for later": (turned, lambda s, _: s.mailbox.accept(message("n1", BEN), want_grant=False, delay_s=5)),
    "accept while held": (turned, lambda s, _: s.mailbox.accept(message("n1"), want_grant=True)),
    "accept a known one": (turned, lambda s, _: s.mailbox.accept(message("m1"), want_grant=True)),
    "accept a foreign one": (turned, lambda s, _: s.mailbox.accept(receipt("n1", BEN), want_grant=True)),
    "claim": (waiting, lambda s, _: s.mailbox.claim(10)),
    "renew": (turned, lambda s, grant: s.mailbox.renew([grant])),
    "commit": (turned, lambda s, grant: s.mailbox.commit(grant, turn(rows=["r3"], state=b"two"))),
    "settle and keep": (turned, lambda s, grant: s.mailbox.settle(grant, SETTLED, keep=True)),
    "settle and go on": (turned, lambda s, grant: s.mailbox.settle(grant, SETTLED, keep=False)),
    "settle and rest": (turned, lambda s, grant: s.mailbox.settle(grant, Settlement(done=("r1", "r2")), keep=False)),
    "release": (turned, lambda s, grant: s.mailbox.release(grant)),
    "release until": (turned, lambda s, grant: s.mailbox.release(grant, again_at=LATER)),
    "park": (turned, lambda s, grant: s.mailbox.park(grant)),
    "peek": (turned, lambda s, _: s.mailbox.peek(ANN)),
    "conversations": (turned, lambda s, _: s.mailbox.conversations()),
    "put": (turned, lambda s, _: s.records.put("profile", "ann", b"two")),
    "put a new one": (turned, lambda s, _: s.records.put("profile", "ben", b"one", expect=0)),
    "put on a version": (turned, lambda s, _: s.records.put("profile", "ann", b"two", expect=1)),
    "add": (turned, lambda s, _: s.records.add("journal", "ann", "t2", b"two")),
    "drop": (turned, lambda s, _: s.records.drop("profile", "ann")),
    "get": (turned, lambda s, _: s.records.get("profile", "ann")),
    "read": (turned, lambda s, _: s.records.read("journal", "ann")),
    "scan": (turned, lambda s, _: s.records.scan("profile")),
}


@pytest.mark.parametrize("verb", STEPS)
async def test_I8_a_verb_says_and_leaves_the_same_when_its_answer_was_lost(
    redis_server: RedisServer, verb: str
) -> None:
    assert await outcome(redis_server, verb, lost=False) == await outcome(redis_server, verb, lost=True)


async def outcome(server: RedisServer, verb: str, *, lost: bool) -> list[Any]:
    """What the verb said, and all that is stored then; tokens apart, which are never the same."""
    server.ask("FLUSHALL")
    async with lossy_line(server.port) as line:
        clock = TestClock(START, real=lambda: 0.0)
        address = RedisAddress.parse(f"redis://127.0.0.1:{line.port}/0")
        store = await RedisStore.open(address, clock, real=lambda: 0.0)
        before, step = STEPS[verb]
        await store.records.put("profile", "ann", b"one")
        await store.records.add("journal", "ann", "t1", b"one")
        grant = await before(store)
        answers = itertools.count()
        line.loses = lambda _: lost and next(answers) == 0
        said = await step(store, grant)
        assert line.lost == lost
        line.loses = lambda _: False
        left = [
            *[await store.mailbox.peek(person) for person in (ANN, BEN)],
            *[await store.records.get("profile", person) for person in ("ann", "ben")],
            await store.records.read("journal", "ann"),
        ]
        clock.advance(7_200)
        left.append([nameless(grant) for grant in await store.mailbox.claim(10)])
        await store.close()
    return [nameless(said), *left]


def nameless(said: Any) -> Any:
    """Without tokens."""
    match said:
        case Grant():
            return replace(said, token="")
        case Accepted(grant=Grant()):
            return replace(said, grant=nameless(given(said)))
        case list():
            return [nameless(one) for one in said]
        case _:
            return said
