"""What bolt costs a webhook, and how slack_sdk's own socket client tries again: the figures of slack-and-bolt.md.

python tests/bench/slack_ways_in.py [--rounds 5000] [--seconds 3]
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a script, from anywhere

from channels.base import Verified
from channels.payload import Json, decoded
from channels.slack import SlackChannel, SlackKeys
from channels.slack_delivery import Delivery
from channels.slack_places import Us
from channels.slack_socket import bolt_app
from channels.slack_wire import Wire
from tests.channels.slack_double import APP_TOKEN, TEAM, TOKEN, SlackDouble, gives, says, slack_double

DM = Path(__file__).parents[1] / "conformance" / "payloads" / "slack" / "dm.json"
PING_S = 0.2
"""The client's ping interval here; slack_bolt's handler has 10 s."""


async def main() -> None:
    """Run it and print three lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5000)
    parser.add_argument("--seconds", type=float, default=3.0, help="how long the socket client may try")
    options = parser.parse_args()
    body, now = DM.read_bytes(), datetime.now(UTC)
    channel = SlackChannel(SlackKeys(token=TOKEN))

    async def take(payload: Json) -> Json:
        channel.parse(Verified(body=Delivery(payload=payload, received=now)))
        return {}

    async with aiohttp.ClientSession() as http:
        app = bolt_app(Wire(TOKEN, "http://127.0.0.1:1/api/", http, 10.0), TOKEN, lambda: Us(team=TEAM), take)
        began = time.process_time()
        for _ in range(options.rounds):
            found = decoded(body)
            assert isinstance(found, dict)
            await take(found)
        ours = (time.process_time() - began) / options.rounds
        headers: dict[str, str | Sequence[str]] = {"content-type": "application/json"}
        began = time.process_time()
        for _ in range(options.rounds):
            assert (await app.async_dispatch(AsyncBoltRequest(body=body.decode(), headers=headers))).status == 200
        through_bolt = (time.process_time() - began) / options.rounds
    print(f"an event read: {ours * 1e6:.0f} us; the same through bolt: {through_bolt * 1e6:.0f} us")  # noqa: T201
    for what, answer in (("a refused token", says("invalid_auth")), ("a socket that does not open", None)):
        async with slack_double() as double:
            used_up = answer or gives(url=double.address("used up"))
            double.will("apps.connections.open", *[used_up] * 1000)
            await _tries(double, options.seconds)
            asked = len(double.asked("apps.connections.open"))
            print(  # noqa: T201
                f"slack_sdk, {what}: {asked} addresses asked for, {double.knocks} sockets tried "
                f"in {options.seconds:g} s, ping interval {PING_S} s"
            )


async def _tries(double: SlackDouble, seconds: float) -> None:
    """Let slack_bolt's own handler try."""
    quiet = logging.getLogger("slack_ways_in")
    quiet.setLevel(logging.CRITICAL + 1)
    client = AsyncWebClient(token=TOKEN, base_url=double.url, retry_handlers=[], logger=quiet)
    app = AsyncApp(client=client, logger=quiet, signing_secret="")
    handler = AsyncSocketModeHandler(app, APP_TOKEN, ping_interval=PING_S)
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await handler.connect_async()  # type: ignore[no-untyped-call] # as slack_bolt ships it
    await handler.close_async()  # type: ignore[no-untyped-call] # as slack_bolt ships it


if __name__ == "__main__":
    asyncio.run(main())
