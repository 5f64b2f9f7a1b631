"""A life at the desk: one customer, two agents and a stranger, through all weathers, on processes that come and go."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import structlog

from engine.book import Book
from engine.conversation import Conversation
from engine.message import Event, EventKind
from engine.rules.ordered import Rules
from engine.store import Snapshot
from gateway import outbox, parcels
from gateway.metrics import Metrics
from gateway.parts import Parts
from gateway.people import People
from gateway.rows import read_conversation
from gateway.stores.sqlite import SqliteStore
from handoff.case import Case
from handoff.page import PageFace
from handoff.policy import DeskPolicy, Tickets
from handoff.sitting import case_in
from tests.chaos.lives.ground import Leases, Mortal, TwoWayClock, open_store
from tests.chaos.lives.history import History
from tests.chaos.lives.process import Process, Watched
from tests.chaos.lives.world import ADA, CONVERSATION, REFUND, Desk24, Face, Loft, Meanwhile, Roster, Shop, Weather
from tests.engine.flows_for_tests import SIGNUP

MONDAY = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MOST_ROUNDS = 400
"""Of work, until everything must have come to rest."""
KEYS_LIVE = timedelta(hours=40)
"""How long a second copy of an event is still known for one (F2), with room for clocks that are set back."""


class Broken(AssertionError):
    """A rule did not hold."""


@dataclass
class Life:
    """What the deeds in customer.py and agents.py are done to."""

    seed: int
    folder: Path
    policy: DeskPolicy
    chance: random.Random
    clock: TwoWayClock = field(default_factory=lambda: TwoWayClock(MONDAY, real=lambda: 0.0))
    leases: Leases = field(default_factory=Leases)
    history: History = field(default_factory=History)
    meanwhile: Meanwhile = field(default_factory=Meanwhile)
    metrics: Metrics = field(default_factory=Metrics)
    processes: list[Process] = field(default_factory=list)
    stamps: dict[str, datetime] = field(default_factory=dict)
    """When each event that we made was first sent."""
    _count: int = 0

    def __post_init__(self) -> None:
        self.weather = Weather(self.seed)
        self.loft = Loft(self.weather, self.history, self.meanwhile, self.leases)
        self.face = Face(self.weather, self.history)
        self.tickets = Desk24(self.weather, self.history) if self.policy.ticket is not Tickets.OFF else None

    # processes

    def open(self, *, processes: int) -> None:
        """The store, and so many processes on it."""
        self.store: SqliteStore = open_store(self.folder / "life.db", self.clock, self.leases)
        self.loft.store = self.store
        self.face.records = self.store.records
        self.face.page = PageFace(self.store.records, self.clock.now)
        self.processes = [self._started() for _ in range(processes)]

    async def restarts(self) -> None:
        """A deployment: everybody stops in order, and all begins anew on the same file."""
        for process in self.processes:
            await process.worker.stop()
        await self.store.close()
        self.open(processes=len(self.processes))

    def _started(self) -> Process:
        mortal = Mortal()
        people = People(
            policy=self.policy,
            face=self.face,
            roster=Roster(),
            tickets=self.tickets,
            ticket_system="webhook" if self.tickets else "",
            pseudonym_key=b"k" * 32,
        )
        parts = Parts(
            mailbox=Watched(self.store.mailbox, mortal, self.history, self.clock),
            records=self.store.records,
            book=book(),
            rules=Rules(),
            actions=Shop(self.weather, self.history, self.meanwhile, mortal),
            channels={"loft": self.loft},
            clock=self.clock,
            failpoints=mortal,
            metrics=self.metrics,
            people=people,
        )
        return Process.started(parts, mortal, random.Random(f"{self.seed}:{self.history.era}"))

    # what comes in

    def event(self, kind: EventKind, *, order: int = 0, **more: Any) -> Event:
        """Something new, with an id of its own."""
        self._count += 1
        id = f"e{self._count}"
        self.stamps[id] = self.clock.now()
        return Event(
            id=id, conversation=CONVERSATION, kind=kind, at=self.clock.now(), order=order + self._count, **more
        )

    def known(self, event: Event) -> bool:
        """Would a second copy of it be known for one?"""
        return self.clock.now() - self.stamps[event.id] < KEYS_LIVE

    async def takes(self, event: Event, *, work: bool = True) -> None:
        """It comes to the door of one of the processes, which begins on it, or only keeps it."""
        process = self.chance.choice([process for process in self.processes if not process.mortal.dead])
        await (process.door if work else process.porch).take(event)

    def while_waiting(self, happens: Callable[[], Awaitable[None]]) -> None:
        """It happens while a process waits for an answer of the world."""
        self.meanwhile.waiting.append(happens)

    # what is done about it

    async def works(self) -> None:
        """Until nothing is in anybody's hands. What somebody left behind who was struck is free once their leases are
        over, and whoever died has a successor."""
        while True:
            before = self.history.number()
            for place, process in enumerate(self.processes):
                await process.worker.finished()
                if process.mortal.struck:
                    self.leases_end()
                    process.mortal.struck = False
                if process.mortal.dead:
                    self.processes[place] = self._started()
            if self.history.number() == before + 1:
                return

    def leases_end(self) -> None:
        """Whoever holds something holds it no more; what became of their rows nobody else knows."""
        self.leases.end()
        self.history.era += 1

    async def rests(self) -> None:
        """Until nothing is due."""
        for _ in range(MOST_ROUNDS):
            await self.works()
            if not await self.chance.choice(self.processes).worker.sweep_once():
                return
        raise Broken("I6: the schedule never comes to rest")

    async def passes(self, seconds: float) -> None:
        """Time passes while the processes are up: each due time is met as it comes, unless there are very many."""
        end = self.clock.now() + timedelta(seconds=seconds)
        for _ in range(12):
            await self.rests()
            due = (await self.look()).due
            if due is None or due > end:
                break
            self._moves_to(due)
        self._moves_to(end)
        await self.rests()

    async def settles(self) -> None:
        """Calm weather, until nothing waits any more."""
        self.meanwhile.waiting.clear()
        for process in self.processes:
            process.mortal.disarm()
        self.weather.calm, self.weather.away = True, False
        for _ in range(MOST_ROUNDS):
            await self.rests()
            snapshot = await self.look()
            if not snapshot.inbox and not snapshot.outbox:
                self.weather.calm = False
                return
            if snapshot.due is None:
                raise Broken(f"I6: {len(snapshot.inbox)} events and {len(snapshot.outbox)} rows wait for nothing")
            self._moves_to(snapshot.due)
        raise Broken("F8: what waits never leaves, though the world is well")

    def _moves_to(self, until: datetime) -> None:
        self.clock.move(max((until - self.clock.now()).total_seconds(), 0.001))

    # what can be seen

    async def look(self) -> Snapshot:
        """The conversation as stored."""
        snapshot = await self.store.mailbox.peek(CONVERSATION)
        if snapshot is None:
            raise Broken("I1: the conversation is gone")
        return snapshot

    async def conversation(self) -> Conversation:
        """What the store holds of it."""
        snapshot = await self.store.mailbox.peek(CONVERSATION)
        return read_conversation(CONVERSATION, snapshot.state if snapshot else b"")

    async def case(self) -> Case | None:
        """The newest case."""
        return case_in(await self.conversation())


@cache
def book() -> Book:
    """Two flows, and people behind them."""
    return Book([REFUND, SIGNUP], people=True)


@asynccontextmanager
async def life(
    folder: Path, seed: int, policy: DeskPolicy, monkeypatch: pytest.MonkeyPatch, *, processes: int = 1
) -> AsyncIterator[Life]:
    """A life that begins on a Monday at noon."""
    lived = Life(seed=seed, folder=folder, policy=policy, chance=random.Random(seed))
    for sender in (parcels, outbox):
        monkeypatch.setattr(sender, "time", lived.leases)
    lived.open(processes=processes)
    try:
        with structlog.testing.capture_logs():
            await lived.takes(lived.event(EventKind.MESSAGE, address=ADA, text="hello"))
            await lived.rests()
            yield lived
    finally:
        await lived.store.close()
