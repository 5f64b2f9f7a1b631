"""HTTP on loopback that costs next to nothing, so that the rig is never what is measured."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import httptools

LOST = 0
"""In the place of a status: the answer never arrived."""


class Asked(NamedTuple):
    """One request: which of our processes sent it, and when it was read."""

    by: str
    method: str
    path: str
    key: str
    body: bytes
    at: float


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a double says, and after how many seconds. LOST cuts the connection instead.

    `note` is what the double remembers of it until it is told how the answer went.
    """

    status: int = 200
    body: bytes = b"{}"
    after_s: float = 0.0
    note: Any = None


class House(Protocol):
    """A double behind the door."""

    def answer(self, asked: Asked) -> Answer:
        """Act, and say what to answer."""
        ...

    def answered(self, asked: Asked, answer: Answer, status: int) -> None:
        """It was answered with `status`; LOST when nobody was there to hear it, or the connection was cut."""
        ...


@asynccontextmanager
async def listening(house: House, *, by: str) -> AsyncIterator[str]:
    """A door for one of our processes; gives its address. Every request through it is marked with `by`."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(house, by), "127.0.0.1", 0, backlog=512)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


class _Connection(asyncio.Protocol):
    """One keep-alive connection; its client waits for each answer before it asks again."""

    def __init__(self, house: House, by: str) -> None:
        self._house, self._by = house, by
        self._parser: Any = httptools.HttpRequestParser(self)
        self._path, self._key, self._body = "", "", b""
        self._transport: Any = None  # uvloop's own kind, which no class of asyncio covers
        self._open: tuple[Asked, Answer] | None = None
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._close(LOST)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        self._path, self._key, self._body = url.decode(), "", b""

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"idempotency-key":
            self._key = value.decode()

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        method = self._parser.get_method().decode()
        asked = Asked(self._by, method, self._path, self._key, self._body, time.time())
        answer = self._house.answer(asked)
        self._open = (asked, answer)
        if answer.after_s:
            self._timer = asyncio.get_running_loop().call_later(answer.after_s, self._say, answer)
        else:
            self._say(answer)

    def _say(self, answer: Answer) -> None:
        if answer.status == LOST:
            self._transport.abort()
        else:
            head = f"HTTP/1.1 {answer.status} OK\r\ncontent-type: application/json\r\n"
            self._transport.write(f"{head}content-length: {len(answer.body)}\r\n\r\n".encode() + answer.body)
        self._close(answer.status)

    def _close(self, status: int) -> None:
        if self._open is not None:
            self._house.answered(*self._open, status)
            self._open = None


class Lines:
    """Keep-alive connections to one address, as many as are needed at once."""

    def __init__(self, address: str, head: str, *, within_s: float) -> None:
        self._host, _, port = address.removeprefix("http://").partition(":")
        self._port = int(port)
        self._head = f"{head}host: {self._host}:{port}\r\ncontent-type: application/json\r\n"
        self._within_s = within_s
        self._free: deque[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = deque()

    async def post(self, body: bytes) -> int:
        """The status of the answer; LOST when there was none in time. What is answered must have no body."""
        line, heard = None, False
        try:
            async with asyncio.timeout(self._within_s):
                line = self._free.pop() if self._free else await asyncio.open_connection(self._host, self._port)
                reader, writer = line
                writer.write(f"{self._head}content-length: {len(body)}\r\n\r\n".encode() + body)
                answer = await reader.readuntil(b"\r\n\r\n")
                heard = True
        except (OSError, TimeoutError, EOFError):
            return LOST
        finally:  # also where whoever waited has gone
            if line is not None and not heard:
                line[1].close()
        self._free.append(line)
        return int(answer.split(b" ", 2)[1])

    def close(self) -> None:
        """Hang up."""
        while self._free:
            self._free.pop()[1].close()
