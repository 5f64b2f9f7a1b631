"""A gateway's double for the page: the real web channel and playground routes over a refund conversation by script."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request

from channels.base import Inbound
from channels.web import WebChannel, person_of, session_token
from engine.errors import StoreAway
from engine.flow import FlowDef
from engine.message import Event, Option, Reply, Voice
from gateway.playground.desk import desk_routes
from gateway.playground.routes import playground_routes
from gateway.streams import Pace
from gateway.web import WebDoor, WebSettings, web_routes
from tests.browser.talk import LABELS, OPENERS, ORDERS, Talk
from tests.gateway.refund_flow import REFUND
from tests.gateway.web_desk import MemoryRecords


class WallClock:
    """The time as it is: pages show it."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class DeskDouble(WebChannel):
    """The channel, the intake and the desk in one. Answers wait while `answering` is clear; while `away`
    nothing is taken."""

    def __init__(self) -> None:
        self.records = MemoryRecords()
        super().__init__(self.records, WallClock())
        self.talks: dict[str, Talk] = {}
        self.answering = asyncio.Event()
        self.answering.set()
        self.away = False
        self._taken: set[str] = set()
        self._turns: set[asyncio.Task[None]] = set()

    async def take(self, event: Event) -> None:
        if self.away:
            raise StoreAway("the inbox is away")
        if event.id not in self._taken:
            self._taken.add(event.id)
            turn = asyncio.create_task(self._answer(event))
            self._turns.add(turn)
            turn.add_done_callback(self._turns.discard)

    async def _answer(self, event: Event) -> None:
        assert event.address is not None
        await self.typing(event.address)
        await self.answering.wait()
        talk = self.talks.setdefault(event.address.person, Talk())
        text, offered = talk.take(event.option or event.text)
        options = tuple(Option(label=LABELS[value], token=value) for value in offered)
        await self.send(Reply(id=f"{event.id}:r", address=event.address, text=text, options=options), ())
        if talk.owner == "queue":
            joined = "A person has been asked to join."
            await self.send(Reply(id=f"{event.id}:n", address=event.address, text=joined, voice=Voice.DESK), ())

    async def state_of(self, person: str) -> dict[str, Any] | None:
        return self.talks[person].state() if person in self.talks else None

    def flow(self, name: str) -> FlowDef | None:
        return REFUND if name == REFUND.name else None

    def flows(self) -> Sequence[FlowDef]:
        return (REFUND,)

    def demo(self) -> dict[str, Any]:
        orders = [{"id": number, "item": item, "price": f"${price}"} for number, (item, price) in ORDERS.items()]
        return {"openers": OPENERS, "orders": orders}


@dataclass
class Running:
    """The double at work; `stop` and `start` are what a deploy looks like to a page."""

    desk: DeskDouble
    url: str
    port: int
    _server: _Server | None = None

    async def start(self) -> None:
        self._server = _Server(self.desk, self.port)

    async def stop(self) -> None:
        if self._server:
            await self._server.stop()
        self._server = None


class _Server:
    def __init__(self, desk: DeskDouble, port: int) -> None:
        self._stopping = asyncio.Event()
        self._listening = _listen(port)
        door = WebDoor(
            channel=desk,
            intake=desk,
            records=desk.records,
            clock=WallClock(),
            settings=WebSettings(),
            stopping=self._stopping,
            pace=Pace(poll_s=0.05),
        )
        app = Starlette(routes=[*web_routes(door), *desk_routes(None), *playground_routes(desk, _person)])
        self._server = uvicorn.Server(
            uvicorn.Config(app, lifespan="off", ws="none", log_level="critical", log_config=None)
        )
        self._serving = asyncio.create_task(self._server.serve(sockets=[self._listening]))

    async def stop(self) -> None:
        self._stopping.set()
        self._server.should_exit = True
        await self._serving
        self._listening.close()


@asynccontextmanager
async def running_double() -> AsyncIterator[Running]:
    """The double on a free port of loopback until the block ends."""
    with _listen(0) as probe:
        port = int(probe.getsockname()[1])
    running = Running(desk=DeskDouble(), url=f"http://127.0.0.1:{port}/", port=port)
    await running.start()
    try:
        yield running
    finally:
        await running.stop()


def _listen(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    return listening


def _person(request: Request) -> str | None:
    headers = tuple((name.lower().decode(), value) for name, value in request.headers.raw)
    token = session_token(Inbound(method="GET", path="/", query=b"", headers=headers, body=b""))
    return person_of(token) if token else None
