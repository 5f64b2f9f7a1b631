"""What the suite needs to know of each channel: how a genuine request looks, and what its readers saw."""

from __future__ import annotations

import hashlib
import hmac
import html
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from channels.base import Channel, Inbound, Verified
from channels.console import ConsoleChannel
from channels.slack import SlackChannel, SlackKeys
from channels.slack_places import Roles
from channels.telegram import TelegramChannel
from engine.message import Address
from tests.channels import slack_double as slack
from tests.channels.telegram_double import BOT_ID, TOKEN, telegram_double

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
PAYLOADS = Path(__file__).parent / "payloads"

Headers = tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, kw_only=True)
class Webhook:
    """How requests are signed: `sign` gives a body's headers, `mark` names the one that proves it."""

    path: str
    mark: str
    sign: Callable[[bytes], Headers]
    denied: int
    content_type: str

    def request(self, body: bytes, headers: Headers | None = None) -> Inbound:
        """A POST, well signed unless told otherwise."""
        given = self.sign(body) if headers is None else headers
        return Inbound(method="POST", path=self.path, query=b"", headers=given, body=body)


@dataclass(frozen=True, kw_only=True)
class Case:
    """An open channel, whom it may write to, what has arrived there, and something a person said."""

    channel: Channel
    address: Address
    arrived: Callable[[], list[str]]
    said: Verified
    webhook: Webhook | None = None


SECRET = "conformance-secret_1"


@asynccontextmanager
async def _telegram() -> AsyncIterator[Case]:
    async with telegram_double() as double:
        channel = TelegramChannel(TOKEN, SECRET, double.url, now=lambda: NOW)
        await channel.open()
        webhook = Webhook(
            path="/webhooks/telegram",
            mark="x-telegram-bot-api-secret-token",
            sign=lambda body: (
                ("content-type", b"application/json"),
                ("x-telegram-bot-api-secret-token", SECRET.encode()),
            ),
            denied=401,
            content_type="application/json",
        )
        said = channel.verify(webhook.request((PAYLOADS / "telegram" / "press.json").read_bytes()))
        assert isinstance(said, Verified)
        yield Case(
            channel=channel,
            address=Address(channel="telegram", account=BOT_ID, chat="991000000001", person="991000000001"),
            arrived=lambda: [str(body["text"]) for body in double.asked("sendMessage")],
            said=said,
            webhook=webhook,
        )
        await channel.close()


@asynccontextmanager
async def _console() -> AsyncIterator[Case]:
    written: list[str] = []
    channel = ConsoleChannel(written.append)
    yield Case(
        channel=channel,
        address=Address(channel="console", account="terminal", chat="local", person="local"),
        arrived=lambda: written,
        said=channel.heard("Hello", NOW),
    )


def slack_signed(body: bytes) -> Headers:
    """As Slack signs; the content type is that of the body."""
    stamp = str(int(NOW.timestamp())).encode()
    mac = hmac.new(SECRET.encode(), b"v0:" + stamp + b":" + body, hashlib.sha256).hexdigest()
    form = body.startswith((b"payload=", b"token=", b"ssl_check="))
    return (
        ("content-type", b"application/x-www-form-urlencoded" if form else b"application/json"),
        ("x-slack-request-timestamp", stamp),
        ("x-slack-signature", f"v0={mac}".encode()),
    )


@asynccontextmanager
async def _slack() -> AsyncIterator[Case]:
    async with slack.slack_double() as double:
        keys = SlackKeys(token=slack.TOKEN, secret=SECRET, api_url=double.url)
        channel = SlackChannel(keys, Roles(desk={slack.DESK}), now=lambda: NOW)
        await channel.open()
        webhook = Webhook(
            path="/webhooks/slack",
            mark="x-slack-signature",
            sign=slack_signed,
            denied=401,
            content_type="application/json",
        )
        said = channel.verify(webhook.request((PAYLOADS / "slack" / "press.json").read_bytes()))
        assert isinstance(said, Verified)
        yield Case(
            channel=channel,
            address=Address(channel="slack", account=slack.TEAM, chat="D0ILSE0001", person="U0ILSE0001"),
            arrived=lambda: [html.unescape(str(body["text"])) for body in double.asked("chat.postMessage")],
            said=said,
            webhook=webhook,
        )
        await channel.close()


CASES: Mapping[str, Callable[[], AbstractAsyncContextManager[Case]]] = {
    "telegram": _telegram,
    "slack": _slack,
    "console": _console,
}
"""A new channel adds itself here, and its payloads to its folder."""

WEBHOOKED = ("telegram", "slack")
"""Those of them that providers post to."""
