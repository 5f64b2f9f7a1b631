"""The open page: a person's items as server-sent events, each once and in order, while the page reads (C92, C93)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass

from starlette.responses import StreamingResponse
from starlette.types import Message, Send

from channels.web import STREAM, STREAM_TAIL, WebChannel
from engine.errors import StoreAway
from engine.store import Entry, Records

TYPING = b'event: typing\ndata: {"kind":"notice","typing":true}\n\n'
BEAT = b": beat\n\n"
RETRY = b"retry: 1000\n\n"
"""The page's wait before it connects again, in milliseconds."""


@dataclass(frozen=True, kw_only=True)
class Pace:
    """`poll_s` is how late another process's reply may be; with `patience_s`, how long a page may stop reading before
    it is dropped, it bounds the end of a stream at shutdown (2 s, C93)."""

    poll_s: float = 1.0
    beat_s: float = 15.0
    patience_s: float = 2.0


@dataclass(frozen=True, kw_only=True)
class Streams:
    """Follows people's streams in Records. `stopping` is set when the service begins to stop."""

    channel: WebChannel
    records: Records
    stopping: asyncio.Event
    pace: Pace = Pace()

    async def follow(self, person: str, after: int | None) -> AsyncGenerator[bytes, None]:
        """Frames of every item behind `after` (None: of the last 50), then of what comes, until the service stops.

        While the store is away it waits; nothing is skipped.
        """
        yield RETRY
        time = asyncio.get_running_loop().time
        beat_at = time() + self.pace.beat_s
        with self.channel.audience.listening(person) as listener:
            while not self.stopping.is_set():
                entries = await self._news(person, after)
                for entry in entries:
                    yield _frame(entry)
                    after = entry.seq
                if entries:
                    continue
                if await listener.wait(self.pace.poll_s):
                    yield TYPING
                if time() >= beat_at:
                    yield BEAT
                    beat_at = time() + self.pace.beat_s

    async def _news(self, person: str, after: int | None) -> Sequence[Entry]:
        with suppress(StoreAway):
            if after is None:
                return await self.records.read(STREAM, person, last=STREAM_TAIL)
            return await self.records.read(STREAM, person, after=after)
        return ()


class EventStream(StreamingResponse):
    """Frames as an answer. A page that leaves a write waiting for `patience_s` is dropped: it will connect again and
    name the last item it saw."""

    media_type = "text/event-stream"

    def __init__(self, frames: AsyncGenerator[bytes, None], patience_s: float, headers: dict[str, str]) -> None:
        super().__init__(frames, headers=headers)
        self._frames = frames
        self._patience_s = patience_s

    async def stream_response(self, send: Send) -> None:
        """Send until the frames end, the page leaves or stops reading."""

        async def send_soon(message: Message) -> None:
            async with asyncio.timeout(self._patience_s):
                await send(message)

        with suppress(TimeoutError):
            async with aclosing(self._frames):
                await super().stream_response(send_soon)


def last_seen(header: str | None, query: str | None) -> int | None:
    """The seq a page saw last: the header of a reconnect before the address of the first connect; None if neither."""
    named = [int(value) for value in (header, query) if value and re.fullmatch(r"[0-9]{1,15}", value)]
    return named[0] if named else None


def _frame(entry: Entry) -> bytes:
    return b"id: %d\nevent: message\ndata: %b\n\n" % (entry.seq, entry.blob)
