"""Slack on loopback: its Web API and its sockets. It remembers what it was asked, and answers well or badly as told."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from aiohttp import web

TOKEN = "xoxb-double-token"
APP_TOKEN = "xapp-double-token"
TEAM, APP, BOT_USER, BOT_ID = "T0FDESK01", "A0FDESK01", "U0FDBOT01", "B0FDBOT01"
DESK = "C0AGENTS1"
FORM = "application/x-www-form-urlencoded"
PATIENCE_S = 10.0
"""How long a test waits for what must come."""

PAYLOADS = Path(__file__).parents[1] / "conformance" / "payloads" / "slack"

FORMS_ONLY = {
    *("conversations.history", "conversations.replies", "conversations.info", "users.info"),
    "usergroups.users.list",
    *("files.getUploadURLExternal", "files.completeUploadExternal"),
}
"""Methods that find no arguments in JSON (Slack docs, "Accepted content types" of each)."""

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
Double = TypeVar("Double", bound="SlackDouble")


def payload(stem: str) -> dict[str, Any]:
    """One of the payloads that this double's workspace delivers."""
    found: dict[str, Any] = json.loads((PAYLOADS / f"{stem}.json").read_bytes())
    return found


class Told(list[str]):
    """What a channel says of its standing, in order."""

    def __init__(self) -> None:
        super().__init__()
        self._news = asyncio.Event()

    def append(self, note: str) -> None:
        super().append(note)
        self._news.set()

    async def comes_to(self, note: str) -> None:
        """Until this is the last that was said."""
        async with asyncio.timeout(PATIENCE_S):
            while self[-1:] != [note]:
                self._news.clear()
                await self._news.wait()


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request: method name and its arguments."""

    method: str
    body: dict[str, Any]


class SlackDouble:
    """Every call succeeds unless `will` has lined up other answers for its method."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.url = ""
        self.knocks = 0
        """How often a socket was asked for."""
        self.released = asyncio.Event()
        self.acknowledged: list[tuple[int, dict[str, Any]]] = []
        """(which connection, what was said on it)."""
        self._planned: dict[str, deque[Answer]] = defaultdict(deque)
        self._sockets: list[web.WebSocketResponse] = []
        self._tickets: set[str] = set()
        self._news = asyncio.Condition()

    def will(self, method: str, *answers: Answer) -> None:
        """The next calls of `method` get these, in order."""
        self._planned[method].extend(answers)

    def asked(self, method: str) -> list[dict[str, Any]]:
        """Bodies of the calls of `method`."""
        return [call.body for call in self.calls if call.method == method]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        wanted = APP_TOKEN if method == "apps.connections.open" else TOKEN
        assert request.headers["authorization"] == f"Bearer {wanted}"
        body, form = await _fields(request, method), request.content_type == FORM
        async with self._news:
            self.calls.append(Call(method=method, body=body))
            self._news.notify_all()
        if method in FORMS_ONLY and not form:
            return await says("invalid_arguments")(request)
        planned = self._planned[method]
        return await (planned.popleft() if planned else self.well)(request)

    async def well(self, request: web.Request) -> web.StreamResponse:
        """Act, and say so."""
        method, body = request.match_info["method"], self.calls[-1].body
        told: dict[str, Any] = {"ok": True}
        if method == "auth.test":
            told |= {"team_id": TEAM, "user_id": BOT_USER, "bot_id": BOT_ID, "app_id": APP}
        elif method == "chat.postMessage":
            told |= {"channel": body["channel"], "ts": f"1795260000.{len(self.asked(method)):06d}"}
        elif method == "apps.connections.open":
            ticket = str(len(self.asked(method)))
            self._tickets.add(ticket)
            told |= {"url": self.address(ticket)}
        return web.json_response(told)

    def address(self, ticket: str) -> str:
        """Where a socket is asked for."""
        return f"{self.url.replace('http', 'ws').removesuffix('api/')}link?ticket={ticket}"

    async def link(self, request: web.Request) -> web.StreamResponse:
        """A socket; its ticket counts once."""
        self.knocks += 1
        ticket = request.query["ticket"]
        if ticket not in self._tickets:
            return web.Response(status=403)
        self._tickets.remove(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1})
        async with self._news:
            self._sockets.append(socket)
            number = len(self._sockets)
            self._news.notify_all()
        async for message in socket:
            async with self._news:
                self.acknowledged.append((number, json.loads(message.data)))
                self._news.notify_all()
        return socket

    async def until(self, true: Callable[[], bool]) -> None:
        """Until so much has come in."""
        async with asyncio.timeout(PATIENCE_S), self._news:
            await self._news.wait_for(true)

    async def connected(self, number: int = 1) -> None:
        """Until so many sockets have been opened in all."""
        await self.until(lambda: len(self._sockets) >= number)

    async def delivers(self, payload: object, id: str = "e1", kind: str = "events_api") -> None:
        """An envelope on the newest socket."""
        await self.says({"envelope_id": id, "type": kind, "accepts_response_payload": True, "payload": payload})

    async def says(self, message: object) -> None:
        """Any message on the newest socket."""
        await self._sockets[-1].send_str(message if isinstance(message, str) else json.dumps(message))

    async def drops(self) -> None:
        """The newest socket is gone without a word."""
        transport = self._sockets[-1]._req and self._sockets[-1]._req.transport
        assert transport
        transport.abort()

    def answers(self) -> list[dict[str, Any]]:
        """What was said on the sockets."""
        return [said for _, said in self.acknowledged]

    def serves(self, app: web.Application) -> None:
        """What it listens to."""
        app.router.add_post("/api/{method}", self.answer)
        app.router.add_get("/link", self.link)

    # the ways to go wrong; each is an Answer

    async def lost(self, request: web.Request) -> web.StreamResponse:
        """Act, and drop the line before saying so."""
        await self.well(request)
        return await self.cut(request)

    async def hang(self, request: web.Request) -> web.StreamResponse:
        """Accept, and never answer."""
        await self.released.wait()
        return web.Response()

    async def drip(self, request: web.Request) -> web.StreamResponse:
        """A byte now and then, for ever."""
        response = web.StreamResponse(headers={"content-type": "application/json"})
        await response.prepare(request)
        while not self.released.is_set():
            await response.write(b" ")
            await asyncio.sleep(0.02)
        return response

    async def cut(self, request: web.Request) -> web.StreamResponse:
        """Drop the line without a word."""
        assert request.transport
        request.transport.abort()
        return web.Response()

    async def cut_midway(self, request: web.Request) -> web.StreamResponse:
        """Drop the line in the middle of the answer."""
        response = web.StreamResponse(headers={"content-length": "100", "content-type": "application/json"})
        await response.prepare(request)
        await response.write(b'{"ok": tr')
        assert request.transport
        request.transport.abort()
        return response


async def _fields(request: web.Request, method: str) -> dict[str, Any]:
    """What was asked. JSON counts for nothing where Slack takes forms alone: it drops what it cannot read."""
    if request.content_type == FORM:
        return {name: str(value) for name, value in (await request.post()).items()}
    asked: dict[str, Any] = json.loads(await request.read() or b"{}")
    return {} if method in FORMS_ONLY else asked


def says(error: str, status: int = 200, **headers: str) -> Answer:
    """Slack's error envelope."""
    return raw(status, json.dumps({"ok": False, "error": error}).encode(), **headers)


def gives(**told: Any) -> Answer:
    """A success with these fields."""
    return raw(200, json.dumps({"ok": True, **told}).encode())


def raw(status: int, body: bytes, content_type: str = "application/json", **headers: str) -> Answer:
    """Any status with any body."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(status=status, body=body, content_type=content_type, headers=named)

    return answer


@asynccontextmanager
async def slack_double() -> AsyncIterator[SlackDouble]:
    """A double that listens until the block ends."""
    async with listening(SlackDouble()) as double:
        yield double


@asynccontextmanager
async def listening(double: Double) -> AsyncIterator[Double]:
    """The double listens until the block ends."""
    app = web.Application()
    double.serves(app)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    double.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    try:
        yield double
    finally:
        double.released.set()
        await runner.cleanup()
