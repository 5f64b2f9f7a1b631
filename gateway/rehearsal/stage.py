"""The stage of a rehearsal: a whole desk in one process, with its own store, clock and a channel that records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import aiohttp
import msgspec

from engine.book import Book
from engine.conversation import Conversation
from engine.desk import DeskDef
from engine.experiments import CONTROL
from engine.flow import ActionDef, FlowDef, content_hash
from engine.memory import NOTHING, Memory, current, person_key
from engine.message import Address, Event, Reply
from engine.notes import Notes
from engine.ports import ERROR, ActionOutcome, Knowledge, Quote
from engine.readers.reading import Reading
from engine.rules.ordered import Rules
from engine.store import JOURNAL
from engine.trials import given, steered
from gateway.actions import ActionRunner, Tries
from gateway.clock import TestClock
from gateway.definitions import DEFINITION, keep, kept
from gateway.delegation import Delegation
from gateway.deskpolicy import desk_policy
from gateway.fates import DOUBT_WAIT_S
from gateway.flowfolder import OURS
from gateway.knowledge import Shelf
from gateway.meaning import KeptMeaning
from gateway.memories import PROFILE, KeptMemories, memory_of
from gateway.metrics import Metrics
from gateway.modelagents import agents_of
from gateway.parts import Parts
from gateway.past import Past, past_of
from gateway.people import People
from gateway.planner import Planner
from gateway.plans import FlowHome, desk_home, make_plans
from gateway.promptfolder import read_prompts
from gateway.rehearsal.cast import CONVERSATION, Agent, Customer, RecordingFace
from gateway.rehearsal.props import CountedActions, Crash, Killed, RecordingChannel, ScriptedModel, Stub, StubbedTask
from gateway.rehearsal.script import CHANNEL
from gateway.rows import encode, read_conversation
from gateway.settings import Settings
from gateway.stores.sqlite import SqliteStore
from gateway.stores.store import Store
from gateway.worker import Worker
from handoff.case import Case
from handoff.page import PageFace, PageRoster
from handoff.sitting import case_in


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """When and where a rehearsal plays, what its flows' `${NAME}` mean, and which rules are switched off in it."""

    now: datetime
    channel: str = CHANNEL
    person: str = "customer"
    address: Address | None = None
    """Of somebody who has written before; else `person` on `channel`."""
    conversation: str = CONVERSATION
    sealed: bool = False
    """Only stubs answer calls: no back end, and no demo system."""
    people: bool = True
    """Does a desk of persons stand behind it?"""
    root: Path = OURS
    """Where the desk's own files are."""
    memory: Memory = NOTHING
    """What is remembered of the customer."""
    variants: Mapping[str, str] = field(default_factory=dict)
    """Experiment -> the variant that is played; of others it is `control`."""
    environ: Mapping[str, str] = field(default_factory=dict)
    without: Sequence[str] = ()


class Stage:
    """Open with `async with`. Its store is a file in `folder`; nothing else outlives a `restart`."""

    def __init__(
        self,
        homes: Sequence[FlowHome],
        desk: DeskDef,
        folder: Path,
        *,
        setting: Setting,
        knowledge: Knowledge | None = None,
    ) -> None:
        self._homes = list(homes)
        self._desk = desk
        self._knowledge = knowledge
        self._path = folder / "desk.db"
        self._environ = setting.environ
        self._rules = Rules(setting.without)
        self._last: Event | None = None
        self._told = 0
        self.clock = TestClock(setting.now, real=lambda: 0.0)
        self._policy = desk_policy(Settings.load(setting.environ), desk)
        self._setting = setting
        self._id = setting.conversation
        address = setting.address or Address(
            channel=setting.channel, account="desk", chat=setting.person, person=setting.person
        )
        self._address = address
        self.customer = Customer(address, self._id, self.clock.now)
        self.agent = Agent(self._policy.queues, self._id, self.clock.now)
        self.received: list[str] = []
        """What the desk was shown, in words."""
        self.versions = {home.flow.name: [content_hash(home.flow)] for home in homes}
        """Flow -> the versions of it that were deployed, oldest first."""
        self.channel = RecordingChannel(setting.address.channel if setting.address else setting.channel)
        self.crash = Crash()
        self.model = ScriptedModel(prompts=read_prompts(setting.root, {home.flow.name: home.folder for home in homes}))
        self.stubs: list[Stub] = []
        self.meant: dict[str, tuple[Quote, ...]] = {}
        """Question -> what answers it by its meaning, where nobody outside is asked."""
        self.completed: defaultdict[str, set[str]] = defaultdict(set)
        """Action -> keys of its completed calls."""

    async def __aenter__(self) -> Stage:
        self._session = aiohttp.ClientSession()
        await self._open()
        if self._setting.memory != NOTHING:
            await self._store.records.put(PROFILE, person_key(self._address), encode(self._setting.memory))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._close()
        await self._session.close()

    @property
    def flows(self) -> tuple[FlowDef, ...]:
        """The flows on this stage."""
        return tuple(home.flow for home in self._homes)

    def action(self, name: str) -> ActionDef | None:
        """An action of a flow or of the desk on this stage."""
        profile = self._desk.profile
        if profile is not None and profile.name == name:
            return profile
        return next((flow.actions[name] for flow in self.flows if name in flow.actions), None)

    async def hear(self, events: Sequence[Event]) -> list[Reply]:
        """All events wait when the turn begins; gives what was sent until everything due now was done."""
        before = len(self.channel.sent)
        self._told = await self._turns()
        self._last = events[-1] if events else self._last
        for event in events:
            await self.arrive(event)
        await self._drain()
        return self.channel.sent[before:]

    async def arrive(self, event: Event) -> None:
        """An event comes in, perhaps while a turn is under way."""
        await self._store.mailbox.accept(event, want_grant=False)

    async def open_store(self) -> Store:
        """What everything is kept in: the embedded store, unless a test plays on another."""
        return await SqliteStore.open(self._path, self.clock)

    async def restart(self) -> None:
        """Kill and start again: nothing but the store goes on."""
        await self._close()
        await self._open()

    async def deploy(self, flow: FlowDef, *, gone: bool) -> None:
        """Start again with this version of a flow; with `gone` no other version of it is kept any more (R58)."""
        version = content_hash(flow)
        self._homes = [replace(home, flow=flow) if home.flow.name == flow.name else home for home in self._homes]
        if version not in self.versions[flow.name]:
            self.versions[flow.name].append(version)
        for other in self.versions[flow.name] if gone else ():
            await self._store.records.drop(DEFINITION, other)
        await self.restart()

    async def case(self) -> Case | None:
        """The conversation's newest case, as committed."""
        return case_in(await self.conversation())

    def again(self) -> Event | None:
        """The last message, to be delivered once more under the same id."""
        return self._last

    async def conversation(self) -> Conversation:
        """As committed."""
        snapshot = await self._store.mailbox.peek(self._id)
        return read_conversation(self._id, snapshot.state if snapshot else b"")

    async def memory(self) -> Memory:
        """What is remembered of the customer now."""
        return current(await memory_of(self._store.records, person_key(self._address)), now=self.clock.now())

    async def rules(self) -> tuple[str, ...]:
        """Ids of the rules that fired since `hear` began: of its turn, and of what came of its calls."""
        return tuple(dict.fromkeys(rule for notes in await self._notes() for rule in notes.rules))

    async def calls(self) -> tuple[tuple[str, str], ...]:
        """Look-ups made since `hear` began, each with its outcome."""
        return tuple(call for notes in await self._notes() for call in notes.calls)

    async def stuck(self) -> bool:
        """Does an event or a row still wait? Then something raised, and the log says why."""
        snapshot = await self._store.mailbox.peek(self._id)
        return snapshot is not None and bool(snapshot.inbox or snapshot.outbox)

    async def _open(self) -> None:
        self._store = await self.open_store()
        records = self._store.records
        await keep(records, self.flows)
        flows, desk = steered(self.flows, self._desk, given(self._setting.variants, CONTROL))
        book = Book(flows, desk, pinned=await kept(records), people=self._setting.people, knowledge=self._knowledge)
        book.meaning = KeptMeaning(self.meant)
        plans = make_plans(
            (*self._homes, *desk_home(self._desk, self._setting.root)), self._environ, self._session, records
        )
        tries = Tries(rehearsed=self._stubbed, pause_s=0.0)

        def reading() -> Reading:
            return book.reading(self.clock.now())

        agents = agents_of(self.model, self._knowledge or Shelf(()), reading, reply_budget=self._desk.reply_budget)
        planner = Planner(self.model, reading)
        delegation = Delegation(agents, planner=planner, records=records, rehearsed=self._stubbed_task)
        runner = ActionRunner(plans, book, self.crash, tries=tries, delegation=delegation)
        self._worker = Worker(
            Parts(
                mailbox=self._store.mailbox,
                records=records,
                book=book,
                rules=self._rules,
                actions=CountedActions(runner, self.completed),
                channels={self.channel.name: self.channel},
                clock=self.clock,
                failpoints=self.crash,
                metrics=Metrics(),
                model=self.model,
                memories=KeptMemories(records, self.clock, always=True),
                people=self._people(PageFace(records, self.clock.now)) if self._setting.people else None,
            )
        )

    def _people(self, face: PageFace) -> People:
        return People(policy=self._policy, face=RecordingFace(face, self.received), roster=PageRoster())

    async def _close(self) -> None:
        await self._worker.stop()
        await self._store.close()

    async def _drain(self) -> None:
        """Until nothing is due. A crash on the way is a kill; what may have been sent then has its wait (F0)."""
        while await self._worker.sweep_once():
            try:
                await self._worker.finished()
            except Killed:
                await self.restart()
                await self._drain()
                self.clock.advance(DOUBT_WAIT_S)

    async def past(self) -> Past | None:
        """The conversation as it was kept so far."""
        return await past_of(self._store, self._id)

    async def _notes(self) -> list[Notes]:
        entries = await self._store.records.read(JOURNAL, self._id, after=self._told)
        return [msgspec.json.decode(entry.blob, type=Notes) for entry in entries]

    async def _turns(self) -> int:
        """The journal's newest place."""
        last = await self._store.records.read(JOURNAL, self._id, last=1)
        return last[-1].seq if last else 0

    def _stubbed_task(self, task: str) -> StubbedTask | None:
        stub = next((one for one in self.stubs if one.action == task and not one.used), None)
        return StubbedTask(stub) if stub else None

    def _stubbed(self, action: ActionDef) -> ActionOutcome | None:
        stub = next((one for one in self.stubs if one.action == action.name and not one.used), None)
        if stub is None and self._setting.sealed:
            return ActionOutcome(outcome=ERROR, detail="nobody answers here", tries=0)
        return stub.play(action) if stub else None
