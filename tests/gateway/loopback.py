"""A real server on loopback for one app, a channel that is no provider's, an intake that remembers, and raw sockets."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import aiohttp
from starlette.types import ASGIApp

from channels.base import Answer, Inbound, Kind, Refusal, Verified
from engine.errors import StoreAway
from engine.message import Address, Event, EventKind, Limits, Receipt, Reply, Sent
from engine.ports import Clock
from gateway.app import AppParts, build_app
from gateway.clock import SystemClock
from gateway.health import Health
from gateway.listener import Listener
from gateway.metrics import Metrics
from gateway.server import Server
from gateway.settings import Settings

SECRET = b"the-pigeons-secret"
AUTHENTIC = {"x-pigeon": SECRET.decode(), "content-type": "application/json"}


class Pigeon:
    """A channel: a secret in a header, JSON `{"id": n}` for one event, `{"ids": [...]}` for several, else none.

    `{"coo": words}` is answered with these words.
    """

    kind = Kind(name="pigeon", settings=(), limits=Limits(max_chars=100))

    def __init__(self) -> None:
        self.seen: list[Inbound] = []
        self.acknowledged: list[Verified] = []
        self.provider_answers = asyncio.Event()
        self.provider_answers.set()
        self.answers = Answer()

    def verify(self, request: Inbound) -> Verified | Refusal:
        self.seen.append(request)
        if request.header("x-pigeon") != SECRET:
            return Refusal(status=401, reason="the secret is wrong")
        if request.content_type != "application/json":
            return Refusal(status=415, reason="not JSON")
        try:
            body = json.loads(request.body)
        except ValueError:
            return Refusal(status=400, reason="unreadable")
        return Verified(body=body, urgent=body.get("urgent", True))

    def parse(self, verified: Verified) -> list[Event]:
        return [
            event(str(id))
            for id in verified.body.get("ids", [verified.body[key] for key in ("id",) if key in verified.body])
        ]

    def answer(self, verified: Verified) -> Answer:
        return self.answers

    async def acknowledge(self, verified: Verified) -> None:
        await self.provider_answers.wait()
        self.acknowledged.append(verified)

    async def send(self, reply: Reply, resume: Sequence[str]) -> Receipt:
        return Sent(provider_ids=("1",))

    async def typing(self, address: Address) -> None: ...

    async def open(self) -> None: ...

    async def close(self) -> None: ...


class RememberingIntake:
    """Takes every event once; `away` refuses, `hangs` never returns."""

    def __init__(self) -> None:
        self.taken: dict[str, Event] = {}
        self.away = False
        self.hangs = False
        self.breaks: Exception | None = None

    async def take(self, event: Event) -> None:
        if self.away:
            raise StoreAway("the store is away")
        if self.hangs:
            await asyncio.Event().wait()
        if self.breaks:
            raise self.breaks
        self.taken.setdefault(event.id, event)


class Footprints:
    """Failpoints that only remember where the process was, and what had been taken there."""

    def __init__(self, intake: RememberingIntake) -> None:
        self.reached: list[tuple[str, int]] = []
        self._intake = intake

    def reach(self, name: str) -> None:
        self.reached.append((name, len(self._intake.taken)))


@dataclass
class Front:
    """An app's parts, each to be looked at, and where it listens once it is served."""

    channel: Pigeon = field(default_factory=Pigeon)
    intake: RememberingIntake = field(default_factory=RememberingIntake)
    metrics: Metrics = field(default_factory=Metrics)
    clock: Clock = field(default_factory=SystemClock)
    settings: Settings = field(default_factory=lambda: Settings.load({}))
    store_away: bool = False
    advanced: int = 0

    def __post_init__(self) -> None:
        self.footprints = Footprints(self.intake)
        self.health = Health(self._ping)

    async def _ping(self) -> None:
        if self.store_away:
            raise StoreAway("disk full at /var/lib/somewhere")

    async def _advance(self) -> None:
        self.advanced += 1

    def app(self, **more: object) -> ASGIApp:
        parts = AppParts(
            settings=self.settings,
            clock=self.clock,
            channels={"pigeon": self.channel, "pigeon/status": self.channel},
            intake=self.intake,
            health=self.health,
            failpoints=self.footprints,
            metrics=self.metrics,
            advanced=self._advance,
            **more,  # type: ignore[arg-type] # what a test adds to the parts
        )
        return build_app(parts)


def event(id: str) -> Event:
    """A message of one pigeon."""
    return Event(
        id=id, conversation="pigeon:1", kind=EventKind.MESSAGE, at=datetime(2026, 3, 1, tzinfo=UTC), text="coo"
    )


@asynccontextmanager
async def served(app: ASGIApp, *, http: type[Listener] = Listener) -> AsyncIterator[tuple[str, int]]:
    """The address of `app` behind our listener, configured as `frontdesk serve` does.

    Without uvicorn's main loop, which looks only each 0.1 s whether it should end.
    """
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = Server(app, listening)
        server.config.load()

        def connected() -> Listener:
            return http(config=server.config, server_state=server.server_state, app_state={})

        accepting = await asyncio.get_running_loop().create_server(connected, sock=listening)
        try:
            yield listening.getsockname()
        finally:
            accepting.close()
            for connection in list(server.server_state.connections):
                connection.shutdown()
            await asyncio.gather(*server.server_state.tasks)


@asynccontextmanager
async def browsed(app: ASGIApp) -> AsyncIterator[aiohttp.ClientSession]:
    """A client whose addresses begin at the served app."""
    async with served(app) as (host, port), aiohttp.ClientSession(f"http://{host}:{port}") as client:
        yield client


async def raw(at: tuple[str, int], *chunks: bytes, ended: Callable[[bytes], bool] | None = None) -> bytes:
    """What the server says to these bytes until it hangs up, or until `ended` holds of it."""
    reader, writer = await asyncio.open_connection(*at)
    heard = b""
    try:
        for chunk in chunks:
            writer.write(chunk)
            await writer.drain()
        while not (ended and ended(heard)):
            more = await reader.read(65_536)
            if not more:
                break
            heard += more
    except ConnectionError:
        pass
    finally:
        writer.close()
    return heard


def status(answer: bytes) -> int:
    """The status of a raw answer; 0 for none."""
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else 0
