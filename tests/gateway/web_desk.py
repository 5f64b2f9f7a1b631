"""The web channel's routes on a real server on loopback, over records in memory, and a page to visit them with."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import msgspec
import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from channels.web import WebChannel
from engine.errors import StoreAway
from engine.message import Address, Event, Reply
from engine.store import Entry, Record
from gateway.streams import Pace
from gateway.web import WebDoor, WebSettings, web_routes

QUICK = Pace(poll_s=0.01, beat_s=0.02, patience_s=2.0)
"""So that no test waits for a timer."""
WOKEN_ONLY = Pace(poll_s=3600.0, beat_s=3600.0)
"""So that what arrives cannot have been polled."""


class FakeClock:
    """Time that moves when told."""

    def __init__(self) -> None:
        self._now = datetime(2026, 3, 2, 15, 15, tzinfo=UTC)

    def now(self) -> datetime:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


class MemoryRecords:
    """Records in memory, with the promises of the Protocol; `away` makes every verb raise StoreAway."""

    def __init__(self) -> None:
        self.away = False
        self._records: dict[tuple[str, str], Record] = {}
        self._entries: dict[tuple[str, str], list[Entry]] = {}

    async def get(self, kind: str, key: str) -> Record | None:
        await self._answer()
        return self._records.get((kind, key))

    async def put(self, kind: str, key: str, blob: bytes, *, expect: int | None = None) -> bool:
        await self._answer()
        stored = self._records.get((kind, key))
        version = stored.version if stored else 0
        if expect is not None and expect != version:
            return False
        self._records[kind, key] = Record(key=key, version=version + 1, blob=blob)
        return True

    async def add(self, kind: str, key: str, id: str, blob: bytes) -> int:
        await self._answer()
        entries = self._entries.setdefault((kind, key), [])
        for entry in entries:
            if entry.id == id:
                return entry.seq
        entries.append(Entry(seq=len(entries) + 1, id=id, blob=blob))
        return len(entries)

    async def read(
        self, kind: str, key: str, *, after: int = 0, limit: int = 100, last: int | None = None
    ) -> list[Entry]:
        await self._answer()
        entries = [entry for entry in self._entries.get((kind, key), []) if entry.seq > after]
        return entries[:limit] if last is None else entries[len(entries) - min(last, len(entries)) :]

    async def scan(self, kind: str, prefix: str = "", *, after: str = "", limit: int = 100) -> list[Record]:
        await self._answer()
        keys = sorted(key for of, key in self._records if of == kind and key.startswith(prefix) and key > after)
        return [self._records[kind, key] for key in keys[:limit]]

    async def drop(self, kind: str, key: str) -> None:
        await self._answer()
        self._records.pop((kind, key), None)
        self._entries.pop((kind, key), None)

    async def _answer(self) -> None:
        await asyncio.sleep(0)  # a store is never answered within the same step
        if self.away:
            raise StoreAway


class Inbox:
    """The intake: keeps each event once, as a mailbox does."""

    def __init__(self) -> None:
        self.away = False
        self.events: dict[str, Event] = {}
        self.takes = 0

    async def take(self, event: Event) -> None:
        await asyncio.sleep(0)
        if self.away:
            raise StoreAway
        self.takes += 1
        self.events.setdefault(event.id, event)


@dataclass
class WebDesk:
    """A running server and what it stands on."""

    records: MemoryRecords
    channel: WebChannel
    url: str = ""
    clock: FakeClock = field(default_factory=FakeClock)
    inbox: Inbox = field(default_factory=Inbox)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def reply(self, page: Page, text: str, **fields: Any) -> None:
        """Send a reply as the outbox would; its id is its text unless named."""
        address = Address(channel="web", account="site", chat=page.person, person=page.person)
        await self.channel.send(Reply(**{"id": text, "address": address, "text": text, **fields}), ())


@asynccontextmanager
async def web_desk(
    records: MemoryRecords | None = None, settings: WebSettings | None = None, pace: Pace = QUICK
) -> AsyncIterator[WebDesk]:
    """Serve the routes until the block ends; streams are told to end first."""
    records, clock = records or MemoryRecords(), FakeClock()
    desk = WebDesk(records=records, clock=clock, channel=WebChannel(records, clock))
    door = WebDoor(
        channel=desk.channel,
        intake=desk.inbox,
        records=records,
        clock=desk.clock,
        settings=settings or WebSettings(),
        stopping=desk.stopping,
        pace=pace,
    )
    config = uvicorn.Config(
        Starlette(routes=web_routes(door)), log_level="critical", proxy_headers=False, log_config=None
    )
    config.load()
    state = ServerState()
    server = await asyncio.get_running_loop().create_server(
        lambda: HttpToolsProtocol(config=config, server_state=state, app_state={}), "127.0.0.1", 0
    )
    desk.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield desk
    finally:
        desk.stopping.set()
        server.close()
        for connection in list(state.connections):
            connection.shutdown()
        await asyncio.gather(*state.tasks)
        await server.wait_closed()


class Page:
    """A browser's tab: its cookies, its Origin, and what it reads of the stream."""

    def __init__(self, client: aiohttp.ClientSession, url: str) -> None:
        self._client = client
        self.url = url
        self.person = ""

    async def post(self, path: str, body: bytes = b"", **headers: str | None) -> Answer:
        """POST with our own Origin and JSON, unless said otherwise; a header that is None is left out."""
        named = {"origin": self.url, "content_type": "application/json", **headers}
        sent = {name.replace("_", "-"): value for name, value in named.items() if value is not None}
        skip = [] if "content-type" in sent else ["Content-Type"]
        async with self._client.post(self.url + path, data=body, headers=sent, skip_auto_headers=skip) as response:
            return Answer(response.status, dict(response.headers), await response.read())

    async def begin(self) -> Answer:
        """Ask for a session and remember whose it is."""
        answer = await self.post("/web/session")
        self.person = answer.json.get("conversation", "").rpartition(":")[2]
        return answer

    async def say(self, id: str, **fields: Any) -> Answer:
        """Post a message."""
        return await self.post("/web/messages", msgspec.json.encode({"id": id, **fields}))

    @asynccontextmanager
    async def events(self, query: str = "", **headers: str) -> AsyncIterator[Stream]:
        """Open the stream."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self._client.get(self.url + "/web/events" + query, headers=sent) as response:
            yield Stream(response)


@dataclass(frozen=True)
class Answer:
    """A whole answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, str]:
        return dict(msgspec.json.decode(self.body or b"{}"))


@dataclass(frozen=True)
class Stream:
    """An open stream, read frame by frame."""

    response: aiohttp.ClientResponse

    async def frame(self) -> dict[str, str]:
        """The next frame's fields; a comment is under ""; {} is the stream's end."""
        fields: dict[str, str] = {}
        async for line in self.response.content:
            name, _, value = line.decode().rstrip("\n").partition(":")
            if name or value:
                fields[name] = value.strip()
            elif fields:
                return fields
        return {}

    async def frames(self, event: str) -> AsyncIterator[dict[str, Any]]:
        """Frames of one event name, until the stream ends; `data` is decoded."""
        while frame := await self.frame():
            if frame.get("event") == event:
                yield {**frame, "data": msgspec.json.decode(frame["data"])}

    async def items(self, count: int) -> list[dict[str, Any]]:
        """The next `count` messages."""
        found: list[dict[str, Any]] = []
        if not count:
            return found
        async for frame in self.frames("message"):
            found.append(frame)
            if len(found) == count:
                break
        return found

    async def texts(self, count: int) -> list[str]:
        """What the next `count` messages say."""
        return [item["data"]["text"] for item in await self.items(count)]


@asynccontextmanager
async def page(desk: WebDesk, *, begun: bool = True) -> AsyncIterator[Page]:
    """A page of its own browser, with a session unless not `begun`."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as client:
        visited = Page(client, desk.url)
        if begun:
            assert (await visited.begin()).status == 201
        yield visited
