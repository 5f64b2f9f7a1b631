"""A back end on loopback: keeps what it was asked as it came over the wire, and answers, or does not, as it is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import msgspec
from aiohttp import web


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request: `target` is path and query as they were sent, `headers` lower-case names in their order."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return msgspec.json.decode(self.body)

    def header(self, name: str) -> list[str]:
        """Every value of a header."""
        return [value for key, value in self.headers if key == name]


@dataclass(frozen=True, kw_only=True)
class Say:
    """An answer."""

    status: int = 200
    body: bytes = b""
    cookie: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, body: Any, status: int = 200, *, cookie: str = "") -> Say:
        """An answer with a JSON body."""
        return cls(status=status, body=msgspec.json.encode(body), cookie=cookie)


class HangUp:
    """Close the connection without an answer."""


class Silence:
    """Never answer."""


@dataclass(frozen=True, kw_only=True)
class Held:
    """An answer that is held back until it may leave."""

    say: Say
    until: asyncio.Event


@dataclass(frozen=True, kw_only=True)
class Trickle:
    """A status, then bytes without end: one after each pause, or as many at once as are taken."""

    status: int
    pause_s: float = 0.0


Answering = Say | HangUp | Silence | Held | Trickle


@dataclass
class BackendDouble:
    """Answers what `script` says, one after the other, then what `otherwise` makes of the request."""

    script: list[Answering] = field(default_factory=list)
    otherwise: Callable[[Asked], Answering] = lambda asked: Say()
    asked: list[Asked] = field(default_factory=list)
    url: str = ""
    trickled: int = 0
    """Writes of a Trickle that the other side took."""

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Keep the request and answer it."""
        asked = Asked(
            method=request.method,
            target=request.raw_path,
            headers=tuple((name.decode().lower(), value.decode()) for name, value in request.raw_headers),
            body=await request.read(),
        )
        self.asked.append(asked)
        told = self.script.pop(0) if self.script else self.otherwise(asked)
        if isinstance(told, Held):
            await told.until.wait()
            told = told.say
        match told:
            case Say() as said:
                cookie = {"Set-Cookie": said.cookie} if said.cookie else {}
                return web.Response(status=said.status, body=said.body, headers={**said.headers, **cookie})
            case HangUp():
                assert request.transport
                request.transport.abort()
                return web.Response()
            case Silence():
                await asyncio.Event().wait()
                raise AssertionError
            case Trickle() as trickle:
                return await self._trickle(request, trickle)

    async def _trickle(self, request: web.BaseRequest, trickle: Trickle) -> web.StreamResponse:
        response = web.StreamResponse(status=trickle.status)
        await response.prepare(request)
        with suppress(ConnectionError):
            while True:
                await response.write(b" " * (1 if trickle.pause_s else 65_536))
                self.trickled += 1
                await asyncio.sleep(trickle.pause_s)
        return response


@asynccontextmanager
async def backend(
    *script: Answering, otherwise: Callable[[Asked], Answering] = lambda asked: Say()
) -> AsyncIterator[BackendDouble]:
    """A back end that listens until the block ends."""
    double = BackendDouble(script=list(script), otherwise=otherwise)
    server = web.Server(double.answer, access_log=None)
    listening = await asyncio.get_running_loop().create_server(server, "127.0.0.1", 0)
    double.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    try:
        yield double
    finally:
        listening.close()
        await server.shutdown(0.1)
