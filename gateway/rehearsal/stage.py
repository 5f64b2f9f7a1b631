"""The stage of a rehearsal: a whole desk in one process, with its own store, clock and a channel that records."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import aiohttp
import msgspec

from channels.base import Answer, Inbound, Kind, Refusal, Verified
from engine.book import Book
from engine.conversation import Conversation
from engine.desk import DeskDef
from engine.flow import ActionDef, FlowDef
from engine.message import Address, Attachment, Event, EventKind, Limits, Receipt, Reply, Sent
from engine.ports import ERROR, ActionOutcome, ActionRequest, Actions
from engine.rules.ordered import Rules
from engine.turn import Notes
from gateway.actions import ActionRunner, Tries
from gateway.clock import TestClock
from gateway.facts import facts_of
from gateway.metrics import Metrics
from gateway.parts import Parts
from gateway.plans import FlowHome, make_plans
from gateway.rows import read_conversation
from gateway.stores.sqlite import SqliteStore
from gateway.worker import Worker


class Killed(BaseException):
    """The process died here: nothing between this line and a restart may tidy up."""


@dataclass(slots=True)
class Stub:
    """What the next call of an action comes to, in the back end's place."""

    outcome: str
    body: object = None
    used: bool = False


@dataclass(slots=True)
class RecordingChannel:
    """A channel whose provider is a list. Keeps what was sent, with its options."""

    name: str
    sent: list[Reply] = field(default_factory=list)

    @property
    def kind(self) -> Kind:
        return Kind(name=self.name, settings=(), limits=Limits(max_chars=100_000))

    def verify(self, request: Inbound) -> Verified | Refusal:
        return Refusal(status=404, reason="a rehearsal has no door")

    def parse(self, verified: Verified) -> list[Event]:
        return []

    def answer(self, verified: Verified) -> Answer:
        """Nothing but the status."""
        return Answer()

    async def acknowledge(self, verified: Verified) -> None:
        return None

    async def send(self, reply: Reply, resume: Sequence[str]) -> Receipt:
        self.sent.append(reply)
        return Sent(provider_ids=(str(len(self.sent)),))

    async def typing(self, address: Address) -> None:
        return None

    async def open(self) -> None:
        return None

    async def close(self) -> None:
        return None


class _Crashing:
    """Kills at one place, once."""

    def __init__(self) -> None:
        self.at = ""

    def reach(self, name: str) -> None:
        if name == self.at:
            self.at = ""
            raise Killed(name)


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """When and where a rehearsal plays, and which rules are switched off in it."""

    now: datetime
    channel: str = "web"
    environ: Mapping[str, str] = field(default_factory=dict)
    without: Sequence[str] = ()


class Stage:
    """Open with `async with`; `restart` is a kill and a new start on the same store."""

    def __init__(
        self,
        homes: Sequence[FlowHome],
        desk: DeskDef,
        folder: Path,
        *,
        setting: Setting,
    ) -> None:
        self._homes = homes
        self._desk = desk
        self._path = folder / "desk.db"
        self._environ = setting.environ
        self.clock = TestClock(setting.now, real=lambda: 0.0)
        self.rules = Rules(setting.without)
        self.channel = RecordingChannel(setting.channel)
        self.stubs: dict[str, list[Stub]] = {}
        self.completed: dict[str, set[str]] = {}
        self.crash = _Crashing()
        self._numbers = itertools.count(1)
        self._person = Address(channel=setting.channel, account="desk", chat="customer", person="customer")
        self._last: Event | None = None

    async def __aenter__(self) -> Stage:
        self._session = aiohttp.ClientSession()
        await self._open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._worker.stop()
        await self._store.close()
        await self._session.close()

    async def _open(self) -> None:
        self._store = await SqliteStore.open(self._path, self.clock)
        book = Book([home.flow for home in self._homes], self._desk)
        plans = make_plans(self._homes, self._environ, self._session, self._store.records)
        tries = Tries(rehearsed=self._stubbed, pause_s=0.0)
        runner = ActionRunner(plans, book.version, self.crash, tries=tries)
        parts = Parts(
            mailbox=self._store.mailbox,
            records=self._store.records,
            book=book,
            rules=self.rules,
            actions=_Counted(runner, self.completed),
            channels={self.channel.name: self.channel},
            clock=self.clock,
            failpoints=self.crash,
            metrics=Metrics(),
        )
        self._worker = Worker(parts)

    def _stubbed(self, action: ActionDef) -> ActionOutcome | None:
        stub = next((s for s in self.stubs.get(action.name, []) if not s.used), None)
        if stub is None:
            return None
        stub.used = True
        match stub.outcome:
            case "timeout":
                return ActionOutcome(outcome=ERROR, certain=False, detail="timeout")
            case "unknown":
                return ActionOutcome(outcome=ERROR, certain=False, detail="timed out after sending", tries=0)
            case "error":
                return ActionOutcome(outcome=ERROR, detail="error", tries=0)
            case word:
                return ActionOutcome(outcome=word, facts=facts_of(action, stub.body))

    async def restart(self) -> None:
        """Kill and start again: nothing but the store goes on."""
        await self._worker.stop()
        await self._store.close()
        await self._open()

    async def hear(self, events: Sequence[Event]) -> list[Reply]:
        """All events wait when the turn begins; gives what was sent until everything due now was done."""
        before = len(self.channel.sent)
        for event in events:
            await self._store.mailbox.accept(event, want_grant=False)
        await self.drain()
        return self.channel.sent[before:]

    async def drain(self) -> None:
        """Until nothing is due. A crash on the way is a kill; the restart goes on."""
        while True:
            found = await self._worker.sweep_once()
            try:
                await self._worker.finished()
            except Killed:
                await self.restart()
                continue
            if not found:
                return

    def text(self, text: str) -> Event:
        """A message of the customer."""
        return self._event(EventKind.MESSAGE, text=text)

    def media(self, kind: str, caption: str) -> Event:
        """A message with an attachment; `empty` has nothing at all."""
        attachments = () if kind == "empty" else (Attachment(kind=kind),)
        return msgspec.structs.replace(self._event(EventKind.MESSAGE, text=caption), attachments=attachments)

    def press(self, label: str, back: int) -> Event | None:
        """Pressing a label of the `back`-newest reply that offers it; None when none does."""
        offers = [o for reply in reversed(self.channel.sent) for o in reply.options if o.label == label]
        if len(offers) < back:
            return None
        return msgspec.structs.replace(self._event(EventKind.OPTION), option=offers[back - 1].token)

    def again(self) -> Event | None:
        """The last message, delivered once more under the same id."""
        return self._last

    def _event(self, kind: EventKind, text: str = "") -> Event:
        number = next(self._numbers)
        self._last = Event(
            id=f"e{number}",
            conversation="rehearsal",
            kind=kind,
            at=self.clock.now(),
            order=number,
            address=self._person,
            text=text,
        )
        return self._last

    async def conversation(self) -> Conversation:
        """As committed."""
        snapshot = await self._store.mailbox.peek("rehearsal")
        return read_conversation("rehearsal", snapshot.state if snapshot else b"")

    async def notes(self) -> Notes | None:
        """Of the newest turn."""
        last = await self._store.records.read("journal", "rehearsal", last=1)
        return msgspec.json.decode(last[-1].blob, type=Notes) if last else None

    def flow(self, name: str) -> FlowDef:
        """A flow on this stage."""
        return next(home.flow for home in self._homes if home.flow.name == name)


class _Counted:
    """Counts completed calls by key."""

    def __init__(self, actions: Actions, completed: dict[str, set[str]]) -> None:
        self._actions = actions
        self._completed = completed

    async def run(self, request: ActionRequest) -> ActionOutcome:
        outcome = await self._actions.run(request)
        if outcome.outcome != ERROR:
            self._completed.setdefault(request.action, set()).add(request.key)
        return outcome
