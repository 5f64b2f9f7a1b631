"""What the suite needs to know of each channel: how a genuine request looks, and what its readers saw."""

from __future__ import annotations

import hashlib
import hmac
import html
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from channels.base import Channel, Inbound, Verified
from channels.console import ConsoleChannel
from channels.slack import SlackChannel, SlackKeys
from channels.slack_places import Roles
from channels.sms import SmsChannel
from channels.sms_account import Account
from channels.sms_segments import cost
from channels.split import utf16_units
from channels.telegram import TelegramChannel
from engine.message import Address
from tests.channels import slack_double as slack
from tests.channels import twilio_double as twilio
from tests.channels.telegram_double import BOT_ID, TOKEN, telegram_double

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
PAYLOADS = Path(__file__).parent / "payloads"

Headers = tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, kw_only=True)
class Webhook:
    """How requests look: `sign` gives the headers of a body for a path, `mark` names the one that proves it.

    `payloads` is their folder; `below` says which payloads, by a part of their name, go to an address below `path`.
    `decode` and `encode` turn a body into JSON values and back.
    """

    path: str
    mark: str
    sign: Callable[[bytes, str], Headers]
    denied: int
    content_type: str
    payloads: str
    unreadable: Mapping[str, bytes]
    below: Mapping[str, str] = field(default_factory=dict)
    suffix: str = ".json"
    decode: Callable[[bytes], Any] = json.loads
    encode: Callable[[Any], bytes] = lambda value: json.dumps(value).encode()

    def request(self, body: bytes, headers: Headers | None = None, *, payload: str = "") -> Inbound:
        """A POST, well signed unless told otherwise."""
        path = self.path + "".join(tail for part, tail in self.below.items() if part in payload)
        given = self.sign(body, path) if headers is None else headers
        return Inbound(method="POST", path=path, query=b"", headers=given, body=body)

    def load(self, payload: str) -> bytes:
        """The body of one of our own payloads."""
        return (PAYLOADS / self.payloads / f"{payload}{self.suffix}").read_bytes()


@dataclass(frozen=True, kw_only=True)
class Case:
    """An open channel, whom it may write to, what has arrived there, and something a person said.

    `size` measures a part in the channel's unit; `room` is about how many characters fill one.
    """

    channel: Channel
    address: Address
    arrived: Callable[[], list[str]]
    said: Verified
    webhook: Webhook | None = None
    size: Callable[[str], int] = len
    room: int = 20_000


SECRET = "conformance-secret_1"

_UNREADABLE_JSON = {
    "no id": b"{}",
    "empty": b"",
    "not UTF-8": b"\xff\xfe{}",
    "UTF-16": '{"update_id": 1}'.encode("utf-16"),
    "cut": b'{"update_id": 1, "mess',
    "array": b"[]",
    "string": b'"x"',
    "null": b"null",
    "id a string": b'{"update_id": "1"}',
    "id true": b'{"update_id": true}',
    "id a float": b'{"update_id": 1.5}',
    "id negative": b'{"update_id": -1}',
    "id beyond 2^53": b'{"update_id": 9007199254740993}',
    "id of 5000 digits": b'{"update_id": ' + b"9" * 5000 + b"}",
    "too deep": b'{"update_id": 1, "message": ' + b"[" * 200_000,
}


@asynccontextmanager
async def _telegram() -> AsyncIterator[Case]:
    async with telegram_double() as double:
        channel = TelegramChannel(TOKEN, SECRET, double.url, now=lambda: NOW)
        await channel.open()
        webhook = Webhook(
            path="/webhooks/telegram",
            mark="x-telegram-bot-api-secret-token",
            sign=lambda body, path: (
                ("content-type", b"application/json"),
                ("x-telegram-bot-api-secret-token", SECRET.encode()),
            ),
            denied=401,
            content_type="application/json",
            payloads="telegram",
            unreadable=_UNREADABLE_JSON,
        )
        said = channel.verify(webhook.request(webhook.load("press")))
        assert isinstance(said, Verified)
        yield Case(
            channel=channel,
            address=Address(channel="telegram", account=BOT_ID, chat="991000000001", person="991000000001"),
            arrived=lambda: [str(body["text"]) for body in double.asked("sendMessage")],
            said=said,
            webhook=webhook,
            size=utf16_units,
            room=4096,
        )
        await channel.close()


@asynccontextmanager
async def _sms() -> AsyncIterator[Case]:
    async with twilio.twilio_double() as double:
        account = Account(sid=twilio.SID, token=twilio.TOKEN, number=twilio.NUMBER)
        channel = SmsChannel(account, "https://desk.example", double.url, now=lambda: NOW)
        await channel.open()

        def signed(body: bytes, path: str) -> Headers:
            parameters = parse_qsl(body.decode(), keep_blank_values=True, errors="surrogateescape")
            signature = account.signature(f"https://desk.example{path}", parameters)
            return ("content-type", b"application/x-www-form-urlencoded"), ("x-twilio-signature", signature)

        ours = f"AccountSid={twilio.SID}"
        webhook = Webhook(
            path="/webhooks/sms",
            mark="x-twilio-signature",
            sign=signed,
            denied=403,
            content_type="application/x-www-form-urlencoded",
            payloads="twilio",
            unreadable={
                "no id": ours.encode(),
                "id of another thing": f"{ours}&MessageSid=CA{'0' * 32}".encode(),
                "not UTF-8": f"{ours}&MessageSid=SM{'0' * 32}&Body=%ff".encode(),
                "a parameter too many": f"{ours}&MessageSid=SM{'0' * 32}".encode() + b"&a=" * 199,
            },
            below={"_status_": "/status"},
            suffix=".txt",
            decode=lambda body: dict(parse_qsl(body.decode(), keep_blank_values=True)),
            encode=lambda value: urlencode(value, errors="surrogatepass").encode(),
        )
        said = channel.verify(webhook.request(webhook.load("text")))
        assert isinstance(said, Verified)
        yield Case(
            channel=channel,
            address=Address(channel="sms", account=twilio.NUMBER, chat="+16505551401", person="+16505551401"),
            arrived=lambda: double.bodies,
            said=said,
            webhook=webhook,
            size=cost,
            room=250,
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


def slack_signed(body: bytes, path: str) -> Headers:
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
            payloads="slack",
            unreadable={name: body for name, body in _UNREADABLE_JSON.items() if not name.startswith(("id", "no id"))},
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
    "sms": _sms,
    "slack": _slack,
    "console": _console,
}
"""A new channel adds itself here, and its payloads to its folder."""

WEBHOOKED = ("telegram", "sms", "slack")
"""Those of them that providers post to."""
