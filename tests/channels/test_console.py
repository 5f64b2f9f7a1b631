"""The terminal as a channel."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from channels.base import Channel, Inbound, Refusal
from channels.console import ConsoleChannel
from engine.message import Address, EventKind, Option, Reach, Refused, Reply

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
ADDRESS = Address(channel="console", account="terminal", chat="a1", person="a1")


def test_C1_each_line_is_a_message_in_order() -> None:
    channel: Channel = (console := ConsoleChannel(print, session="a1"))
    one, two = (channel.parse(console.heard(text, NOW))[0] for text in ("hello", "\u200b "))
    assert (one.id, one.conversation, one.kind) == ("console:a1:1", "console:terminal:a1", EventKind.MESSAGE)
    assert (one.text, one.at, one.address) == ("hello", NOW, ADDRESS)
    assert (two.order, two.text) == (2, "")


def test_C8_no_request_reaches_a_terminal() -> None:
    request = Inbound(method="POST", path="/webhooks/console", query=b"", headers=(), body=b"{}")
    assert ConsoleChannel(print).verify(request) == Refusal(status=404, reason="the console has no webhook")


async def test_C28_options_are_numbered_on_a_terminal() -> None:
    written: list[str] = []
    options = (Option(label="Yes", token="fd:1:2:yes"), Option(label="No", token="fd:1:2:no"))
    await ConsoleChannel(written.append).send(Reply(id="o1", address=ADDRESS, text="Right?", options=options), ())
    assert written == ["Right?\n\n1. Yes\n2. No\nReply with the number"]


async def test_C37_a_terminal_that_is_gone_is_unreachable() -> None:
    def gone(text: str) -> None:
        raise BrokenPipeError

    receipt = await ConsoleChannel(gone).send(Reply(id="o1", address=ADDRESS, text="Hello"), ())
    assert receipt == Refused(reason="BrokenPipeError", reach=Reach.UNREACHABLE)
