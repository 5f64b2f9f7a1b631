"""How an action's requests leave: over HTTP to the operator's back end, or to a shipped flow's demo system."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Protocol

import aiohttp
import msgspec
import structlog
from multidict import CIMultiDict
from yarl import URL

from channels.line import Line
from engine.actions import Demo, HttpAnswer, Shelf
from engine.errors import StoreAway
from engine.message import USER_AGENT
from engine.store import Records

MAX_ANSWER_BYTES = 10_000_000
"""An action's answer may not be larger, unpacked (X44)."""
CHUNK_BYTES = 65_536

LOST = (aiohttp.ClientError, asyncio.TimeoutError, OSError)
"""A request that may or may not have arrived."""

_log = structlog.get_logger("actions")


class Backend(Protocol):
    """One back end: answers a request, or raises one of LOST."""

    async def request(
        self, method: str, path: str, *, json: Any, headers: Mapping[str, str], timeout_s: float
    ) -> HttpAnswer: ...


class HttpBackend:
    """A real back end at a base URL, which no path can leave. `path` is already encoded; redirects are not followed.

    An answer that is no JSON, or too large, has no body; its status counts all the same.
    """

    def __init__(self, base: str, session: aiohttp.ClientSession) -> None:
        self._base = base.rstrip("/")
        self._line = Line(URL(base), session)

    async def request(
        self, method: str, path: str, *, json: Any, headers: Mapping[str, str], timeout_s: float
    ) -> HttpAnswer:
        """One request within `timeout_s` seconds, body included."""
        sent = CIMultiDict(self._line.headers)
        sent.update({"User-Agent": USER_AGENT, **headers})
        url = URL(self._base + (path if path.startswith(("/", "?")) else f"/{path}"), encoded=True)
        body = b"" if json is None else msgspec.json.encode(json)
        if body:
            sent["Content-Type"] = "application/json"
        if body or method != "GET":
            sent["Content-Length"] = str(len(body))
        request = _head(f"{method} {url.raw_path_qs} HTTP/1.1", sent) + body
        async with asyncio.timeout(timeout_s):
            status, raw = await self._line.ask(request, _whole)
        return HttpAnswer(status_code=status, body=_json(raw))


def _head(first: str, headers: Mapping[str, str]) -> bytes:
    lines = [first, *(f"{name}: {value}" for name, value in headers.items())]
    if any("\r" in line or "\n" in line for line in lines):
        raise ValueError("a header or path of an action's request holds a line break: it would begin another header")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def _whole(content: aiohttp.StreamReader) -> bytes:
    raw = bytearray()
    async for chunk in content.iter_chunked(CHUNK_BYTES):
        raw += chunk
        if len(raw) > MAX_ANSWER_BYTES:
            _log.warning("an answer is too large to be read", limit=MAX_ANSWER_BYTES)
            return b""
    return bytes(raw)


def _json(raw: bytes) -> Any:
    try:
        return msgspec.json.decode(raw) if raw else None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


class DemoBackend:
    """A shipped flow's demo system; what it did is kept in the records, so a restart does not undo it."""

    def __init__(self, demo: Demo, records: Records, name: str) -> None:
        self._demo = demo
        self._shelf = RecordShelf(records, name)

    async def request(
        self, method: str, path: str, *, json: Any, headers: Mapping[str, str], timeout_s: float
    ) -> HttpAnswer:
        """Answer as the real system would."""
        try:
            return await self._demo.answer(method, path, json, headers, self._shelf)
        except StoreAway as away:
            raise ConnectionError("the demo system's shelf is away") from away


class RecordShelf(Shelf):
    """A demo's things, kept as records of kind `demo`."""

    def __init__(self, records: Records, name: str) -> None:
        self._records = records
        self._name = name

    async def take(self, key: str) -> dict[str, Any] | None:
        """What lies under a key."""
        record = await self._records.get("demo", f"{self._name}:{key}")
        return msgspec.json.decode(record.blob, type=dict[str, Any]) if record else None

    async def lay(self, key: str, thing: dict[str, Any]) -> None:
        """Keep a thing under a key."""
        await self._records.put("demo", f"{self._name}:{key}", msgspec.json.encode(thing))
