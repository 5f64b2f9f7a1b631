"""Telegram and a shop that cost next to nothing to ask, so that what is measured is the gateway."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl

import httptools
import msgspec

BOT_TOKEN = "990000000700:bench-token"
ITEM = "Wireless headphones"

_ME = msgspec.json.encode(
    {"ok": True, "result": {"id": 990000000700, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}}
)
_SENT = msgspec.json.encode({"ok": True, "result": {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}}})
_ORDER = msgspec.json.encode({"item": ITEM, "amount": "79.99", "currency": "USD"})

_US = msgspec.json.encode(
    {"ok": True, "team_id": "T0BENCH", "user_id": "U0BENCH", "bot_id": "B0BENCH", "app_id": "A0BENCH"}
)

Answer = Callable[[str, bytes], tuple[int, bytes]]
"""Path and body of a request to status and JSON."""


class _Message(msgspec.Struct):
    """What we read of sendMessage."""

    chat_id: int
    text: str


class Telegram:
    """Tells whoever waits for a chat's next message its text, and when it came."""

    def __init__(self) -> None:
        self.url = ""
        self.unasked = 0
        """Messages that nobody was waiting for: a repeated or invented reply."""
        self._waiting: dict[int, asyncio.Future[tuple[str, float]]] = {}
        self._json = msgspec.json.Decoder(_Message)

    def next_message(self, chat: int) -> asyncio.Future[tuple[str, float]]:
        """Text and time (time.perf_counter) of the chat's next message. Ask before you provoke it."""
        future: asyncio.Future[tuple[str, float]] = asyncio.get_running_loop().create_future()
        self._waiting[chat] = future
        return future

    def answer(self, path: str, body: bytes) -> tuple[int, bytes]:
        """The Bot API."""
        if not path.endswith("/sendMessage"):
            return 200, _ME
        message = self._json.decode(body) if body.startswith(b"{") else _of_form(body)
        waiting = self._waiting.pop(message.chat_id, None)
        if waiting is None:
            self.unasked += 1
        else:
            waiting.set_result((message.text, time.perf_counter()))
        return 200, _SENT


def _of_form(body: bytes) -> _Message:
    fields = dict(parse_qsl(body.decode()))
    return _Message(chat_id=int(fields["chat_id"]), text=fields["text"])


class Shop:
    """Knows every order and refunds it; books every appointment."""

    def __init__(self) -> None:
        self.url = ""

    def answer(self, path: str, body: bytes) -> tuple[int, bytes]:
        """GET /orders/…, POST /refunds and POST /bookings."""
        if path in {"/refunds", "/bookings"}:
            return 201, b"{}"
        return 200, _ORDER


def desk_accounts(path: str, body: bytes) -> tuple[int, bytes]:
    """Slack's and Twilio's APIs, which are only asked who we are."""
    return 200, _US


@asynccontextmanager
async def listening(answer: Answer) -> AsyncIterator[str]:
    """An HTTP/1.1 server on loopback; gives its address."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(answer), "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


class _Connection(asyncio.Protocol):
    """One keep-alive connection: httptools calls back, each complete request is answered at once."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._parser: Any = httptools.HttpRequestParser(self)
        self._path, self._body = "", b""
        self._transport: Any = None  # uvloop's own kind, which no class of asyncio covers

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        self._path, self._body = url.decode(), b""

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        status, content = self._answer(self._path, self._body)
        head = f"HTTP/1.1 {status} OK\r\ncontent-type: application/json\r\ncontent-length: {len(content)}\r\n\r\n"
        self._transport.write(head.encode() + content)
