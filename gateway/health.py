"""Is the service alive, ready, or stopping: each part by name (DESIGN 8, F15)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from engine.errors import StoreAway

PING_S = 1.5
"""A store that takes longer to answer is away: /readyz itself must answer within 2 s (F15)."""

STORE = "store"


@dataclass(frozen=True, kw_only=True)
class Part:
    """How one part is. `note` is a sentence of ours for strangers to read: no address, person or version (X16)."""

    ok: bool
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Readiness:
    """What /readyz says: 503 without the store or while stopping; other parts are only named."""

    stopping: bool
    parts: dict[str, Part] = field(default_factory=dict)

    @property
    def ready(self) -> bool:
        return not self.stopping and self.parts[STORE].ok


class Health:
    """Collects what the parts report of themselves and asks the store. One per process.

    `ping` returns when the store can write and raises StoreAway when not. `stopping` is set once, for ever: workers
    then claim nothing new and streams end.
    """

    def __init__(self, ping: Callable[[], Awaitable[None]], kind: str = "") -> None:
        """`kind` is what the store is called."""
        self.stopping = asyncio.Event()
        self._ping = ping
        self._kind = kind
        self._asking: asyncio.Task[Part] | None = None
        self._parts: dict[str, Part] = {}

    def report(self, part: str, *, ok: bool, note: str = "") -> None:
        """A part says how it is; it stays so until it says otherwise."""
        self._parts[part] = Part(ok=ok, note=note)

    def stop(self) -> None:
        """The service begins to stop."""
        self.stopping.set()

    async def look(self) -> Readiness:
        """All parts as they are now; answers within PING_S."""
        return Readiness(stopping=self.stopping.is_set(), parts={STORE: await self._store(), **self._parts})

    async def _store(self) -> Part:
        # However many ask, one question is under way: a hanging store must not collect them.
        if self._asking is None or self._asking.done():
            self._asking = asyncio.ensure_future(self._asked())
        try:
            return await asyncio.wait_for(asyncio.shield(self._asking), PING_S)
        except TimeoutError:
            return Part(ok=False, note="the store does not answer")

    async def _asked(self) -> Part:
        try:
            await self._ping()
        except StoreAway:
            return Part(ok=False, note="the store is away")
        return Part(ok=True, note=self._kind)
