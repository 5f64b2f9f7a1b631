"""kill -9 wherever a turn can be cut: one refund, one answer, nobody else disturbed (F0, F6).

One desk lives through all of it: each test finds it as the death before left it, arms one place, and customers come who
were never there before. Telegram carries the places that only a webhook has and those where a provider's answer can be
lost; the page carries the rest, where an item that is stored is sent, and so is never seen twice (C93).
"""

from __future__ import annotations

import itertools
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import aiohttp
import pytest

from gateway.failpoints import PLACES
from tests.chaos.customers import Customer, TelegramCustomer, WebCustomer, play, story, submitted, whole_talk
from tests.chaos.desk import Desk
from tests.chaos.doubles import Doubles, doubles

pytestmark = pytest.mark.anyio

OVER_TELEGRAM = ("received", "accepted", "before_send", "after_send", "before_settle@2")
OVER_THE_PAGE = (*(place for place in PLACES if place not in OVER_TELEGRAM), "before_commit@2", "after_commit@2")
"""The yes makes two turns: the first commits to the call, the second (`@2`) hears its result and answers."""
MAY_REPEAT = frozenset({"after_send", "before_settle@2"})
"""Where the provider's answer dies with us: one more copy of the same words is allowed (F0)."""
LAST = 4
"""The step of the story that spends money."""


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A running desk, its surroundings, and how the next customer comes."""

    desk: Desk
    world: Doubles
    arrive: Callable[[], Awaitable[Customer]]


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """One loop for the module: the scenes live through all of its tests."""
    return "asyncio"


@pytest.fixture(scope="module")
async def world() -> AsyncIterator[Doubles]:
    """Telegram and the shop."""
    async with doubles() as both:
        yield both


@pytest.fixture(scope="module")
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """The network of every customer. No cookies of its own: each page keeps its."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


@pytest.fixture(scope="module")
async def chat_scene(
    world: Doubles, http: aiohttp.ClientSession, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Scene]:
    """A desk on Telegram."""
    desk, numbers = Desk(tmp_path_factory.mktemp("chat") / "data", world, telegram=True), itertools.count()

    async def arrive() -> Customer:
        return TelegramCustomer(desk, world.telegram, http, number=next(numbers))

    yield Scene(desk=desk, world=world, arrive=arrive)
    await desk.kill()


@pytest.fixture(scope="module")
async def page_scene(
    world: Doubles, http: aiohttp.ClientSession, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Scene]:
    """A desk that has its page only."""
    desk, numbers = Desk(tmp_path_factory.mktemp("page") / "data", world), itertools.count()

    async def arrive() -> Customer:
        return await WebCustomer.arrive(desk, http, number=next(numbers))

    yield Scene(desk=desk, world=world, arrive=arrive)
    await desk.kill()


@pytest.mark.parametrize("place", OVER_TELEGRAM)
async def test_F0_a_death_on_telegram_costs_nobody_anything(place: str, chat_scene: Scene) -> None:
    await die_and_finish(place, chat_scene, most_copies=2 if place in MAY_REPEAT else 1)


@pytest.mark.parametrize("place", OVER_THE_PAGE)
async def test_F0_a_death_behind_the_page_costs_nobody_anything(place: str, page_scene: Scene) -> None:
    await die_and_finish(place, page_scene, most_copies=1)


def test_F0_every_place_has_its_death() -> None:
    assert {place.partition("@")[0] for place in OVER_TELEGRAM + OVER_THE_PAGE} == set(PLACES)


async def die_and_finish(place: str, scene: Scene, *, most_copies: int) -> None:
    """Four people are in the middle of their stories; the first one's last yes kills the process at `place`."""
    desk, shop = scene.desk, scene.world.shop
    if not desk.running:
        await desk.start()
    subject = await scene.arrive()
    others = [await scene.arrive() for _ in range(3)]
    await play(subject, 0, LAST)
    for steps, other in enumerate(others, start=1):
        await play(other, 0, steps)
    assert (await desk.stop()).code == 0

    await desk.start(failpoint=place)
    status = await subject.say("yes")
    assert (await desk.ended()).code == -signal.SIGKILL
    await desk.start()
    if not 200 <= status < 300:
        assert 200 <= await subject.again() < 300
    await subject.heard(submitted(subject.order), after=LAST)
    assert 200 <= await subject.again() < 300

    _, *copies = replies = (await whole_talk(subject))[LAST - 1 :]
    assert set(copies) == {submitted(subject.order)}, replies
    assert 1 <= len(copies) <= most_copies
    assert len(shop.refunded(subject.order)) == 1
    for steps, other in enumerate(others, start=1):
        told = story(other.order)
        await play(other, steps, len(told))
        replies = await whole_talk(other)
        assert len(replies) == len(told), replies
        assert all(words in reply for reply, (_, words) in zip(replies, told, strict=True))
        assert len(shop.refunded(other.order)) == 1
    assert not shop.keyless()
