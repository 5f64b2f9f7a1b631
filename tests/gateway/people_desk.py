"""A whole desk in one process: a customer, agents on the page's face, a real store and worker, a clock that obeys."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from engine.conversation import Conversation
from engine.desk import DeskDef
from engine.flow import FlowDef
from engine.message import Address, Event, EventKind
from engine.model import Model
from engine.notes import Notes
from engine.ports import Actions, Failpoints
from gateway.clock import TestClock
from gateway.failpoints import FailpointRaised
from gateway.people import People
from gateway.rows import read_conversation
from gateway.stores.store import Store
from gateway.worker import Worker
from handoff import page
from handoff.case import Agent, Case
from handoff.page import PageCard, PageFace, PageLine
from handoff.policy import DeskPolicy
from handoff.ports import DeskFace, TicketSystem
from handoff.sitting import case_in
from tests.engine.flows_for_tests import REFUND
from tests.gateway.work_parts import ADA, Ground, ground

CONVERSATION = "dove:ada"
ANNA, TOM = Agent(id="anna", alias="Anna"), Agent(id="tom", alias="Tom")


class Staff:
    """Two agents, and nobody else."""

    async def agent(self, user: str, team: str) -> Agent | None:
        return {"anna": ANNA, "tom": TOM}.get(user)


@dataclass
class PeopleDesk:
    """What a test does and sees."""

    ground: Ground
    worker: Worker
    name: str
    """Of this opening: ids of events of another one are known already."""
    _count: int = 0

    async def says(self, text: str) -> str:
        """The customer writes; gives what they are sent at once."""
        return await self.happens(EventKind.MESSAGE, text=text)

    async def writes(self, text: str, agent: Agent = ANNA) -> str:
        """An agent writes in the thread; gives what the customer is sent."""
        return await self.happens(EventKind.AGENT_MESSAGE, text=text, address=desk_of(agent))

    async def presses(
        self, button: str, agent: Agent = ANNA, *, seen: int | None = None, held: str = "", **inputs: str
    ) -> str:
        """An agent presses a button of the newest card, and fills in what it asks."""
        case = await self.case()
        version = case.version if seen is None else seen
        value = f"{case.id}:{version}" + (f":{held}" if held else "")
        fields = {"action": f"handoff_{button}", "value": value}
        if inputs:
            fields["inputs"] = msgspec.json.encode(inputs).decode()
        return await self.happens(EventKind.AGENT_ACTION, address=desk_of(agent), fields=fields)

    async def happens(self, kind: EventKind, *, fields: Mapping[str, str] | None = None, **more: Any) -> str:
        """An event comes in and everything that follows is done; gives what the customer was sent."""
        before = len(self.ground.dove.said)
        await self.worker.take(self.event(kind, fields=fields, **more))
        await self.settled()
        return "\n".join(self.ground.dove.said[before:])

    def event(self, kind: EventKind, *, fields: Mapping[str, str] | None = None, **more: Any) -> Event:
        """Something new, of the customer's if nothing else is said."""
        self._count += 1
        id = f"{self.name}{self._count}"
        now, given = self.ground.clock.now(), {"address": ADA, **more}
        told = {"message": id, **(fields or {})}
        return Event(id=id, conversation=CONVERSATION, kind=kind, at=now, order=self._count, fields=told, **given)

    async def settled(self) -> None:
        """Until nothing is due."""
        await self.worker.finished()
        while await self.worker.sweep_once():
            await self.worker.finished()

    async def wait(self, **time: float) -> str:
        """Time passes; gives what the customer was sent meanwhile."""
        before, end = len(self.ground.dove.said), self.ground.clock.now() + timedelta(**time)
        while True:
            await self.settled()
            snapshot = await self.ground.store.mailbox.peek(CONVERSATION)
            due = snapshot.due if snapshot else None
            if due is None or due > end:
                break
            self.ground.clock.advance(max((due - self.ground.clock.now()).total_seconds(), 0.001))
        self.ground.clock.advance(max((end - self.ground.clock.now()).total_seconds(), 0.0))
        await self.settled()
        return "\n".join(self.ground.dove.said[before:])

    async def conversation(self) -> Conversation:
        """As stored."""
        snapshot = await self.ground.store.mailbox.peek(CONVERSATION)
        assert snapshot is not None
        return read_conversation(CONVERSATION, snapshot.state)

    async def case(self) -> Case:
        """The newest case."""
        case = case_in(await self.conversation())
        assert case is not None, "no case was opened"
        return case

    async def card(self) -> PageCard:
        """The newest case's card, as agents see it."""
        card = await page.card(self.ground.store.records, (await self.case()).id)
        assert card is not None, "no card was posted"
        return card

    async def thread(self, who: str | None = None) -> list[str]:
        """The thread's lines, perhaps of one speaker; whispers and marks apart."""
        lines = await self._lines()
        return [line.text for line in lines if not line.whisper and not line.mark and who in (None, line.who)]

    async def whispers(self) -> list[PageLine]:
        """What one agent alone was told."""
        return [line for line in await self._lines() if line.whisper]

    async def marks(self) -> list[tuple[str, str]]:
        """(message, what became of it)."""
        return [(line.of, line.mark) for line in await self._lines() if line.mark]

    async def journal(self) -> list[Notes]:
        """Every turn's notes."""
        entries = await self.ground.store.records.read("journal", CONVERSATION, limit=1000)
        return [msgspec.json.decode(entry.blob, type=Notes) for entry in entries]

    async def _lines(self) -> list[PageLine]:
        return await page.lines(self.ground.store.records, (await self.case()).id)


def desk_of(agent: Agent) -> Address:
    """Where an agent writes from."""
    return Address(channel="page", account="page", chat="page", person=agent.id, thread="t")


@asynccontextmanager
async def people_desk(
    folder: Path,
    *,
    policy: DeskPolicy | None = None,
    flows: Sequence[FlowDef] = (REFUND,),
    desk: DeskDef | None = None,
    actions: Actions | None = None,
    failpoints: Failpoints | None = None,
    tickets: TicketSystem | None = None,
    line: Callable[[DeskFace], DeskFace] = lambda face: face,
    model: Model | None = None,
    opened: Callable[[TestClock], Awaitable[Store]] | None = None,
) -> AsyncIterator[PeopleDesk]:
    """A desk in `folder`; opened again, it goes on where it stood. `line` may stand before its face, and break."""

    def people(store: Store, clock: TestClock) -> People:
        return People(
            policy=policy or DeskPolicy(),
            face=line(PageFace(store.records, clock.now)),
            roster=Staff(),
            tickets=tickets,
            ticket_system="webhook" if tickets else "",
            pseudonym_key=b"k" * 32,
        )

    async with ground(
        folder,
        flows=flows,
        desk=desk,
        actions=actions,
        failpoints=failpoints,
        people=people,
        model=model,
        opened=opened,
    ) as stood_on:
        yield PeopleDesk(stood_on, Worker(stood_on.parts), secrets.token_hex(4))


@dataclass
class Stumbles:
    """A process that stumbles where `at` says, so many times."""

    at: str = ""
    times: int = 1

    def reach(self, name: str) -> None:
        if name == self.at and self.times > 0:
            self.times -= 1
            raise FailpointRaised(name)


async def asked(desk: PeopleDesk) -> str:
    """A customer in a refund asks for a person."""
    await desk.says("I want a refund")
    return await desk.says("I want to talk to a human")


async def claimed(desk: PeopleDesk) -> str:
    """... and Anna has taken the case."""
    await asked(desk)
    return await desk.presses("claim")
