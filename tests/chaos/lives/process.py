"""One process of the gateway: a worker with its doors, and a way to the store that ends with it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import msgspec

from engine.message import Event
from engine.notes import Notes
from engine.ports import Clock
from engine.store import Accepted, Change, Grant, Mailbox, Settlement, Snapshot
from gateway.deskdoor import DeskDoor
from gateway.parts import Parts
from gateway.rows import read_conversation, read_event, read_row
from gateway.worker import Worker
from tests.chaos.lives.ground import Died, Mortal
from tests.chaos.lives.history import Arrival, Committed, History


class Watched:
    """The mailbox as one process reaches it: never again once it is dead. What it commits is written down."""

    def __init__(self, inner: Mailbox, mortal: Mortal, history: History, clock: Clock) -> None:
        self._inner, self._mortal, self._history, self._clock = inner, mortal, history, clock

    async def accept(self, event: Event, *, want_grant: bool, delay_s: float = 0.0) -> Accepted:
        self._mortal.alive()
        accepted = await self._inner.accept(event, want_grant=want_grant, delay_s=delay_s)
        fresh = accepted.fresh and accepted.taken
        self._history.arrivals.append(Arrival(number=self._history.number(), event=event, fresh=fresh))
        return accepted

    async def claim(self, limit: int) -> list[Grant]:
        self._mortal.alive()
        return await self._inner.claim(limit)

    async def renew(self, grants: Sequence[Grant]) -> list[Grant]:
        self._mortal.alive()
        return await self._inner.renew(grants)

    async def commit(self, grant: Grant, change: Change) -> Grant:
        self._mortal.alive()
        committed = await self._inner.commit(grant, change)
        waiting = dict(grant.inbox)
        self._history.commits.append(
            Committed(
                number=self._history.number(),
                at=self._clock.now(),
                before=read_conversation(grant.conversation, grant.state),
                after=read_conversation(grant.conversation, change.state),
                events=tuple(read_event(waiting[id]) for id in change.consumed if id in waiting),
                rows=tuple(read_row(blob).body for _, blob in change.outbox),
                notes=msgspec.json.decode(change.entry[1], type=Notes) if change.entry else None,
                timer=change.timer,
            )
        )
        return committed

    async def settle(self, grant: Grant, settlement: Settlement, *, keep: bool) -> Grant | None:
        self._mortal.alive()
        return await self._inner.settle(grant, settlement, keep=keep)

    async def release(self, grant: Grant, *, again_at: datetime | None = None) -> None:
        self._mortal.alive()
        await self._inner.release(grant, again_at=again_at)

    async def park(self, grant: Grant) -> None:
        self._mortal.alive()
        await self._inner.park(grant)

    async def erase(self, conversation: str) -> bool:
        self._mortal.alive()
        return await self._inner.erase(conversation)

    async def peek(self, conversation: str) -> Snapshot | None:
        return await self._inner.peek(conversation)

    async def conversations(self, after: str = "", limit: int = 100) -> list[str]:
        return await self._inner.conversations(after, limit)


class _Worker(Worker):
    """What a dead process had in hand ends without a word."""

    async def _work(self, grant: Grant) -> None:
        with suppress(Died):
            await super()._work(grant)


@dataclass(frozen=True, kw_only=True)
class Process:
    """It works until it dies. `door` begins at once on what comes; `porch` only takes it in."""

    mortal: Mortal
    worker: Worker
    door: DeskDoor
    porch: DeskDoor

    @classmethod
    def started(cls, parts: Parts, mortal: Mortal, chance: random.Random) -> Process:
        """A process on these parts, which are its own from now on."""
        worker = _Worker(parts, chance=chance)
        doors = [DeskDoor(taker, parts.records, parts.metrics) for taker in (worker, Worker(parts, serve=False))]
        return cls(mortal=mortal, worker=worker, door=doors[0], porch=doors[1])
