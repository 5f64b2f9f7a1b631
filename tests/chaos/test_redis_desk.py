"""Two desks on one Redis: what one of them leaves half done the other finishes, and who stalls has lost (F5, F6)."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.chaos.customers import TelegramCustomer, play, submitted, whole_talk
from tests.chaos.desk import Desk
from tests.chaos.doubles import Doubles
from tests.redis_servers import RedisServer

pytestmark = pytest.mark.anyio

LAST = 4
"""The step of the story that spends money."""


@pytest.fixture
async def desks(world: Doubles, redis_server: RedisServer, tmp_path: Path) -> AsyncIterator[list[Desk]]:
    """Two of them; the second one is started."""
    desks = [Desk(tmp_path / name, world, telegram=True, redis_url=redis_server.url) for name in ("one", "other")]
    await desks[1].start()
    yield desks
    for desk in desks:
        await desk.kill()


@pytest.mark.parametrize(("place", "most_copies"), [("before_commit@5", 1), ("after_send@5", 2)])
async def test_F6_what_a_killed_desk_was_doing_is_finished_by_the_other(
    desks: list[Desk], world: Doubles, http: aiohttp.ClientSession, place: str, most_copies: int
) -> None:
    one, other = desks
    await one.start(failpoint=place)
    ada = TelegramCustomer(one, world.telegram, http, number=1)
    await play(ada, 0, LAST)
    await ada.say("yes")
    assert (await one.ended()).code == -signal.SIGKILL
    await ada.heard(submitted(ada.order), after=LAST)
    ada.turn_to(other)
    copies = (await whole_talk(ada))[LAST:]
    assert set(copies) == {submitted(ada.order)}
    assert len(copies) <= most_copies
    assert len(world.shop.refunded(ada.order)) == 1


async def test_F5_a_desk_that_stalls_in_a_turn_and_wakes_has_lost_it(
    desks: list[Desk], world: Doubles, http: aiohttp.ClientSession
) -> None:
    one, other = desks
    await one.start(failpoint="before_commit@5:stop")
    ada = TelegramCustomer(one, world.telegram, http, number=2)
    await play(ada, 0, LAST)
    await ada.say("yes")
    await ada.heard(submitted(ada.order), after=LAST)
    one.signal(signal.SIGCONT)
    ended = await one.stop()
    assert ended.code == 0
    assert "a lease was lost" in ended.said
    ada.turn_to(other)
    assert (await whole_talk(ada))[LAST:] == [submitted(ada.order)]
    assert len(world.shop.refunded(ada.order)) == 1
