"""Stopping in order, starting twice, and a disk without room: nothing that was promised is lost (F25, F35, F37)."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest

from tests.chaos.customers import TelegramCustomer, WebCustomer, play, story, submitted, whole_talk
from tests.chaos.desk import Desk
from tests.chaos.disks import Allowance, Disk, small_disk
from tests.chaos.doubles import Doubles

pytestmark = pytest.mark.anyio

MISCONFIGURED = 2
PATIENCE_S = 20.0


@pytest.fixture
async def desk(world: Doubles, tmp_path: Path) -> AsyncIterator[Desk]:
    """A desk that has its page only, started."""
    desk = Desk(tmp_path / "data", world)
    await desk.start()
    yield desk
    await desk.kill()


async def readiness(http: aiohttp.ClientSession, desk: Desk) -> tuple[int, dict[str, bool]]:
    """The status of /readyz, and whether each part is well."""
    async with http.get(f"{desk.url}/readyz") as answer:
        parts = (await answer.json())["parts"]
        return answer.status, {name: part["ok"] for name, part in parts.items()}


async def test_F25_a_stop_between_two_messages_forgets_nothing(desk: Desk, http: aiohttp.ClientSession) -> None:
    ada = await WebCustomer.arrive(desk, http, number=1)
    for step, _ in enumerate(story(ada.order)):
        await play(ada, step, step + 1)
        assert (await desk.stop()).code == 0
        await desk.start()
    assert len(await whole_talk(ada)) == len(story(ada.order))


async def test_F25_a_turn_under_way_ends_before_the_process_does(
    desk: Desk, world: Doubles, http: aiohttp.ClientSession
) -> None:
    ada = await WebCustomer.arrive(desk, http, number=2)
    await play(ada, 0, 4)
    world.shop.answering.clear()
    assert await ada.say("yes") == 202
    async with asyncio.timeout(PATIENCE_S):
        await world.shop.news.until(lambda: bool(world.shop.refunds))
    desk.signal(signal.SIGTERM)
    async with asyncio.timeout(PATIENCE_S):
        while (await readiness(http, desk))[0] == 200:  # the signal is on its way
            continue
    world.shop.answering.set()
    assert (await desk.stop()).code == 0
    calls = len(world.shop.calls)

    await desk.start()
    assert (await whole_talk(ada))[4:] == [submitted(ada.order)]
    assert len(world.shop.calls) == calls, "the turn had ended, so nothing was left to repeat"


async def test_F25_a_turn_that_is_cut_off_goes_on_in_the_next_process(
    desk: Desk, world: Doubles, http: aiohttp.ClientSession
) -> None:
    ada = await WebCustomer.arrive(desk, http, number=3)
    await play(ada, 0, 4)
    world.shop.answering.clear()
    assert await ada.say("yes") == 202
    async with asyncio.timeout(PATIENCE_S):
        await world.shop.news.until(lambda: bool(world.shop.refunds))
    assert (await desk.stop()).code == 0

    world.shop.answering.set()
    await desk.start()
    await ada.heard(submitted(ada.order))
    assert (await whole_talk(ada))[4:] == [submitted(ada.order)]
    assert len(world.shop.refunded(ada.order)) == 1
    assert not world.shop.keyless()


async def test_F25_a_process_may_be_stopped_as_soon_as_it_says_that_it_is_ready(desk: Desk) -> None:
    assert (await desk.stop()).code == 0


async def test_F37_a_second_process_on_the_same_data_is_refused_with_the_remedy(
    desk: Desk, world: Doubles, http: aiohttp.ClientSession
) -> None:
    second = Desk(desk.data, world)
    await second.launch()
    ended = await second.ended()
    assert ended.code == MISCONFIGURED
    [sentence] = ended.complained.splitlines()
    assert "in use by another process" in sentence
    assert "FRONTDESK_DATA_DIR" in sentence
    assert not ended.said

    ada = await WebCustomer.arrive(desk, http, number=4)
    await play(ada, 0, len(story(ada.order)))


@pytest.fixture(params=["full", "forbidden"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    """A disk that can be filled: a real one, and one that everybody can have."""
    if request.param == "forbidden":
        yield Allowance(tmp_path / "data")
        return
    with small_disk(tmp_path / "disk") as small:
        if small is None:
            pytest.skip("a small disk cannot be mounted -> run as root where mounting is allowed")
        yield small


async def test_F35_a_full_disk_is_said_and_what_was_refused_is_taken_once_there_is_room(
    disk: Disk, world: Doubles, http: aiohttp.ClientSession
) -> None:
    desk = Desk(disk.folder, world, telegram=True)
    await desk.start()
    try:
        ada = TelegramCustomer(desk, world.telegram, http, number=5)
        await play(ada, 0, 4)
        disk.fill(desk.pid)
        assert await ada.say("yes") == 503
        assert await readiness(http, desk) == (503, {"store": False, "web": True, "telegram": True})
        assert not world.shop.refunds

        disk.make_room(desk.pid)
        assert await ada.again() == 200
        await ada.heard(submitted(ada.order))
        assert (await readiness(http, desk))[0] == 200
        assert (await whole_talk(ada))[4:] == [submitted(ada.order)]
        assert len(world.shop.refunded(ada.order)) == 1
        assert (await desk.stop()).code == 0
    finally:
        await desk.kill()
