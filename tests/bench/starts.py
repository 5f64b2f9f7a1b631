"""How long it takes from the start of a process until it is ready."""

from __future__ import annotations

from tests.bench.contestants import Contestant, Places, frontdesk, on_redis
from tests.bench.servers import serving
from tests.bench.trials import Maker, World, say


async def start_times(world: World, times: int) -> dict[str, list[float]]:
    """Seconds of each start, by what was started."""
    return {name: [await _ready_s(world, maker) for _ in range(times)] for name, maker in _STARTS.items()}


async def _ready_s(world: World, maker: Maker) -> float:
    contestant = maker(world.places())
    say(f"start: {contestant.name}")
    async with serving(contestant) as server:
        return server.ready_s


def _page_only(places: Places) -> Contestant:
    return frontdesk(places, channels={})


NO_CHANNEL = "on SQLite, no channel but the page"

_STARTS: dict[str, Maker] = {
    NO_CHANNEL: _page_only,
    "on Redis, no channel but the page": lambda places: on_redis(_page_only(places)),
    "on SQLite with Telegram": frontdesk,
}
