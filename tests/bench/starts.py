"""How long it takes from the start of a process until it is ready.

python -m tests.bench.starts [--times 5]
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace

import uvloop

from tests.bench.contestants import Contestant, Places, frontdesk, on_redis
from tests.bench.figures import markdown, spread
from tests.bench.providers import desk_accounts, listening
from tests.bench.servers import serving
from tests.bench.trials import Maker, World, say

NO_CHANNEL = "no channel but the page"

Starts = dict[str, list[float]]
"""Seconds of each start, by what was started."""


async def start_times(world: World, times: int) -> Starts:
    """Each so often."""
    async with listening(desk_accounts) as accounts:
        others = {
            "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
            "TWILIO_AUTH_TOKEN": "bench-twilio-token",
            "TWILIO_PHONE_NUMBER": "+14155550100",
            "TWILIO_API_URL": accounts,
            "SLACK_BOT_TOKEN": "xoxb-bench-token",
            "SLACK_SIGNING_SECRET": "bench-signing-secret",
            "SLACK_API_URL": f"{accounts}/api",
        }

        def page_only(places: Places) -> Contestant:
            return frontdesk(places, channels={})

        def all_channels(places: Places) -> Contestant:
            desk = frontdesk(places)
            return replace(desk, environ={**desk.environ, **others})

        makers: dict[str, Maker] = {
            f"SQLite, {NO_CHANNEL}": page_only,
            f"Redis, {NO_CHANNEL}": lambda places: on_redis(page_only(places)),
            "SQLite, with Telegram": frontdesk,
            "SQLite, with Telegram, SMS and Slack": all_channels,
            "Redis, with Telegram, SMS and Slack": lambda places: on_redis(all_channels(places)),
        }
        return {name: [await _ready_s(world, name, maker) for _ in range(times)] for name, maker in makers.items()}


def table(starts: Starts) -> str:
    """As Markdown."""
    return markdown(["", "seconds"], [[name, spread(seconds, 2)] for name, seconds in starts.items()])


async def _ready_s(world: World, name: str, maker: Maker) -> float:
    say(f"start: {name}")
    async with serving(maker(world.places())) as server:
        return server.ready_s


async def _measured(times: int) -> Starts:
    async with World() as world:
        return await start_times(world, times)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    sys.stdout.write(f"{table(uvloop.run(_measured(parser.parse_args().times)))}\n")


if __name__ == "__main__":
    main()
