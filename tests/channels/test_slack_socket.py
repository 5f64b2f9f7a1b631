"""Socket Mode against a real socket: taken first, acknowledged then, and never in a loop."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from channels.slack import SlackChannel, SlackKeys
from channels.slack_places import Roles
from channels.slack_standing import SOCKET_AWAY_NOTE, SOCKET_REFUSED_NOTE
from engine.errors import DeliveryError, StoreAway
from engine.message import Event
from tests.channels.slack_double import (
    APP_TOKEN,
    DESK,
    PAYLOADS,
    TOKEN,
    SlackDouble,
    Told,
    gives,
    payload,
    raw,
    says,
    slack_double,
)

pytestmark = pytest.mark.anyio

REFRESH = {"type": "disconnect", "reason": "refresh_requested", "debug_info": {"host": "applink-7"}}


class Taken:
    """An intake that remembers, and refuses or hangs when told to."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.away = False
        self.hold: asyncio.Event | None = None
        self.holding = asyncio.Event()

    async def __call__(self, event: Event) -> None:
        if self.hold:
            self.holding.set()
            await self.hold.wait()
        if self.away:
            raise StoreAway("the store is away")
        self.events.append(event)


@pytest.fixture
def taken() -> Taken:
    return Taken()


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
async def double(anyio_backend: str) -> AsyncIterator[SlackDouble]:
    async with slack_double() as found:
        yield found


@asynccontextmanager
async def listening(
    double: SlackDouble, taken: Taken, told: Told, *, roles: Roles | None = None, attempt_s: float = 0.01
) -> AsyncIterator[None]:
    """A channel that listens until the block ends."""
    keys = SlackKeys(token=TOKEN, app_token=APP_TOKEN, api_url=double.url)
    channel = SlackChannel(keys, roles or Roles(desk={DESK}), trouble=told.append)
    channel.attempt_s = attempt_s
    await channel.open()
    task = asyncio.create_task(channel.listen(taken))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await channel.close()


async def acknowledged(double: SlackDouble, *ids: str) -> None:
    await double.until(lambda: {*ids} <= {said["envelope_id"] for said in double.answers()})


def test_C3_bolt_is_loaded_only_where_a_socket_is_wanted() -> None:
    code = (
        "import asyncio, sys\n"
        "from channels.slack import SlackChannel, SlackKeys\n"
        "async def main():\n"
        "    channel = SlackChannel(SlackKeys(token='xoxb-1', api_url='http://127.0.0.1:1/api/'))\n"
        "    await channel.open()\n"
        "    await channel.close()\n"
        "asyncio.run(main())\n"
        "sys.exit('slack_bolt' in sys.modules or 'slack_sdk' not in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("stem", "kind"),
    [("dm", "message"), ("mention", "message"), ("desk_reply", "agent_message"), ("desk_claim", "agent_action"),
     ("press", "option"), ("choice_from_list", "option"), ("desk_view", "agent_action"), ("command", "agent_action"),
     ("desk_shortcut", "agent_action"), ("edited", "edited"), ("photo", "message")],
)  # fmt: skip
async def test_H43_what_a_socket_brings_is_what_a_webhook_brings(
    double: SlackDouble, taken: Taken, told: Told, stem: str, kind: str
) -> None:
    async with listening(double, taken, told):
        await double.connected()
        await double.delivers(payload(stem))
        await acknowledged(double, "e1")
    assert [event.kind for event in taken.events] == [kind]
    expected = json.loads((PAYLOADS / "expected.json").read_bytes())[stem]
    assert taken.events[0].conversation == expected.get("conversation", taken.events[0].conversation)


async def test_C54_every_authentic_payload_is_acknowledged(double: SlackDouble, taken: Taken, told: Told) -> None:
    stems = [
        path.stem for path in sorted(PAYLOADS.glob("*.json")) if path.stem not in {"expected", "press_without_actions"}
    ]
    async with listening(double, taken, told):
        await double.connected()
        for stem in stems:
            await double.delivers(payload(stem), id=stem)
        await double.delivers({}, id="empty")
        await double.delivers({"type": "event_callback", "event": 7}, id="odd")
        await double.delivers({"type": "dialog_submission", "callback_id": "x", "user": 7, "team": []}, id="old")
        await acknowledged(double, *stems, "empty", "odd", "old")


async def test_C53_what_was_not_taken_is_not_acknowledged_and_comes_again(
    double: SlackDouble, taken: Taken, told: Told
) -> None:
    async with listening(double, taken, told):
        await double.connected()
        taken.away = True
        await double.delivers(payload("dm"), id="refused")
        await double.delivers(payload("join"), id="needs nothing")
        await acknowledged(double, "needs nothing")
        taken.away = False
        await double.delivers(payload("dm"), id="again")
        await acknowledged(double, "again")
    assert {said["envelope_id"] for said in double.answers()} == {"needs nothing", "again"}
    assert len(taken.events) == 1


async def test_C63_a_press_by_socket_shows_the_choice(double: SlackDouble, taken: Taken, told: Told) -> None:
    async with listening(double, taken, told):
        await double.connected()
        await double.delivers(payload("press"), kind="interactive")
        await double.until(lambda: bool(double.asked("chat.update")))


async def test_C50_a_command_is_answered_in_its_acknowledgement(double: SlackDouble, taken: Taken, told: Told) -> None:
    async with listening(double, taken, told, roles=Roles()):
        await double.connected()
        await double.delivers(payload("command"), kind="slash_commands")
        await acknowledged(double, "e1")
    (said,) = double.answers()
    assert said["payload"]["response_type"] == "ephemeral"


async def test_C56_a_refreshed_line_is_opened_at_once_and_what_was_under_way_is_acknowledged(
    double: SlackDouble, taken: Taken, told: Told
) -> None:
    taken.hold = asyncio.Event()
    async with listening(double, taken, told, attempt_s=3600):
        await double.connected()
        await double.delivers(payload("dm"), id="under way")
        await taken.holding.wait()
        await double.says(REFRESH)
        taken.hold.set()
        await double.connected(2)
        await double.delivers(payload("mention"), id="after")
        await acknowledged(double, "under way", "after")
    assert [(line, said["envelope_id"]) for line, said in double.acknowledged] == [(1, "under way"), (2, "after")]
    assert told == []


async def test_C56_a_broken_line_is_opened_anew_with_another_ticket(
    double: SlackDouble, taken: Taken, told: Told
) -> None:
    async with listening(double, taken, told):
        await double.connected()
        await double.drops()
        await double.connected(2)
        await double.delivers(payload("dm"))
        await acknowledged(double, "e1")
    assert told == [SOCKET_AWAY_NOTE, ""]


async def test_C56_a_refused_app_token_is_told_and_not_asked_about_in_a_loop(
    double: SlackDouble, taken: Taken, told: Told
) -> None:
    double.will("apps.connections.open", *[says("invalid_auth")] * 50)
    async with listening(double, taken, told, attempt_s=3600):
        await told.comes_to(SOCKET_REFUSED_NOTE)
        for _ in range(50):
            await asyncio.sleep(0)
    assert told == [SOCKET_REFUSED_NOTE]
    assert len(double.asked("apps.connections.open")) == 1


async def test_C56_whatever_keeps_the_line_shut_it_is_tried_again(
    double: SlackDouble, taken: Taken, told: Told
) -> None:
    shut = (
        says("invalid_auth"),
        says("ratelimited", 429),
        raw(503, b"<html>", "text/html"),
        double.cut,
        gives(),
        gives(url="ws://127.0.0.1:1/"),
        gives(url=double.url),
        gives(url=double.address("used up")),
        gives(url="http://[bad"),
    )
    double.will("apps.connections.open", *shut)
    async with listening(double, taken, told):
        await double.connected()
        await double.delivers(payload("dm"))
        await acknowledged(double, "e1")
    assert told == [SOCKET_REFUSED_NOTE, SOCKET_AWAY_NOTE, ""]
    assert len(double.asked("apps.connections.open")) == len(shut) + 1


@pytest.mark.parametrize("noise", ["", "{", "[]", '"x"', '{"type": 7}', '{"envelope_id": "e0"}', '{"type": "later"}'])
async def test_C56_noise_on_the_line_is_passed_over(double: SlackDouble, taken: Taken, told: Told, noise: str) -> None:
    async with listening(double, taken, told):
        await double.connected()
        await double.says(noise)
        await double.delivers(payload("dm"))
        await acknowledged(double, "e1")


async def test_C52_what_bolt_would_read_from_the_environment_changes_nothing(
    double: SlackDouble, taken: Taken, told: Told, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("CLIENT_ID", "CLIENT_SECRET", "BOT_TOKEN", "SIGNING_SECRET", "VERIFICATION_TOKEN", "SCOPES"):
        monkeypatch.setenv(f"SLACK_{name}", "another")
    async with listening(double, taken, told):
        await double.connected()
        await double.delivers(payload("dm"))
        await acknowledged(double, "e1")
    assert len(taken.events) == 1
    assert list(tmp_path.iterdir()) == []


async def test_C58_our_own_echo_is_acknowledged_and_no_more(double: SlackDouble, taken: Taken, told: Told) -> None:
    async with listening(double, taken, told):
        await double.connected()
        for stem in ("own_echo", "own_echo_without_bot_id", "another_bot"):
            await double.delivers(payload(stem), id=stem)
        await acknowledged(double, "own_echo", "own_echo_without_bot_id", "another_bot")
    assert taken.events == []


async def test_a_channel_that_is_not_open_does_not_listen() -> None:
    channel = SlackChannel(SlackKeys(token=TOKEN, app_token=APP_TOKEN))
    with pytest.raises(DeliveryError):
        await channel.listen(Taken())
