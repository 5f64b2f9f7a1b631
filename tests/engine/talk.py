"""A talk with the engine alone: turns over a stored conversation, look-ups from a table, no store, no clock."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import msgspec

from engine.book import Book
from engine.conversation import Conversation
from engine.desk import DeskDef
from engine.flow import FlowDef
from engine.flowfile import read_flow
from engine.frame import Frame
from engine.memory import NOTHING, Learned, Memory, learn, person_key
from engine.message import NO_LIMITS, Address, Attachment, Event, EventKind, Limits, Reply
from engine.model import Model
from engine.ports import NO_SPANS, ActionOutcome, ActionRequest, Knowledge, Spans
from engine.rules.ordered import Rules
from engine.timers import next_due
from engine.turn import Turn, take_turn

START = datetime(2026, 3, 2, 15, 15, tzinfo=UTC)
ANN = Address(channel="web", account="desk", chat="ann", person="ann")


class NoFailpoints:
    def reach(self, name: str) -> None:
        return None


@dataclass
class Table:
    """Answers actions from a table: (action, value of its first slot) or action -> outcome."""

    answers: Mapping[str, ActionOutcome | Sequence[ActionOutcome]] = field(default_factory=dict)
    asked: list[ActionRequest] = field(default_factory=list)

    async def run(self, request: ActionRequest) -> ActionOutcome:
        self.asked.append(request)
        number = str(request.values.get("order_number", ""))
        answer = self.answers.get(f"{request.action}:{number}") or self.answers.get(request.action)
        if answer is None:
            return ActionOutcome(outcome="not_found")
        if isinstance(answer, ActionOutcome):
            return answer
        return answer[min(len([r for r in self.asked if r.action == request.action]), len(answer)) - 1]


@dataclass
class Remembering:
    """What is remembered of people, with no store: of somebody new it is not even asked."""

    known: dict[str, Memory] = field(default_factory=dict)
    recalled: int = 0

    async def recall(self, person: Address, *, acquainted: bool) -> Memory:
        self.recalled += 1
        return self.known.get(person_key(person), NOTHING)

    def learn(self, new: Learned, *, now: datetime) -> None:
        """A run was done."""
        self.known[new.person] = learn(self.known.get(new.person, NOTHING), new, now=now)


@dataclass
class World:
    book: Book
    rules: Rules
    actions: Table
    failpoints: NoFailpoints = field(default_factory=NoFailpoints)
    carries: Limits = NO_LIMITS
    model: Model | None = None
    memories: Remembering = field(default_factory=Remembering)
    spans: Spans = NO_SPANS

    def limits(self, address: Address | None) -> Limits:
        """What the customer's channel can carry."""
        return self.carries


def flow(text: str) -> FlowDef:
    """A flow from YAML; fails on any problem."""
    read = read_flow(text, "flow.yaml")
    assert read.flow is not None, read.problems
    assert not [problem for problem in read.problems if not problem.warning], read.problems
    return read.flow


class Talk:
    """One conversation; `say` takes a turn and gives the reply's text. Every turn is a store round trip (P7)."""

    def __init__(
        self,
        *flows: FlowDef,
        answers: Mapping[str, ActionOutcome | Sequence[ActionOutcome]] | None = None,
        desk: DeskDef | None = None,
        without: Sequence[str] = (),
        carries: Limits = NO_LIMITS,
        people: bool = False,
        knowledge: Knowledge | None = None,
        model: Model | None = None,
    ) -> None:
        book = Book(flows, desk, people=people, knowledge=knowledge)
        self.world = World(book, Rules(without), Table(answers or {}), carries=carries, model=model)
        self.stored = b""
        self.turns: list[Turn] = []
        self.replies: list[Reply] = []
        self.now = START
        self._number = 0

    def say(self, *texts: str) -> str:
        """The customer writes; several texts were all waiting."""
        return self.hear(*map(self.writes, texts))

    def writes(self, text: str) -> Event:
        """A message that is not heard yet."""
        return self._event(EventKind.MESSAGE, text=text)

    def send(self, kind: str, caption: str = "") -> str:
        """The customer sends an attachment."""
        event = self._event(EventKind.MESSAGE, text=caption)
        return self.hear(msgspec.structs.replace(event, attachments=(Attachment(kind=kind),)))

    def opt(self, kind: EventKind, text: str = "", **fields: str) -> str:
        """The customer opts out or in, as the channel heard it; or the provider reports something."""
        return self.hear(msgspec.structs.replace(self._event(kind, text=text), fields=fields))

    def press(self, label: str, reply: int = -1) -> str:
        """The customer presses an option of a reply."""
        token = next(option.token for option in self.replies[reply].options if option.label == label)
        return self.hear(msgspec.structs.replace(self._event(EventKind.OPTION), option=token))

    def hear(self, *events: Event) -> str:
        """One turn of these events, and of the results of what it calls."""
        before = len(self.replies)
        waiting = list(events)
        self._ring()
        while waiting:
            turn, results = self._turn(waiting)
            waiting = [*results, *(event for event in waiting if event.id not in turn.consumed)]
        return "\n".join(reply.text for reply in self.replies[before:])

    def wait(self, **time: float) -> str:
        """Time passes, and clocks ring; gives what is said meanwhile."""
        before = len(self.replies)
        end = self.now + timedelta(**time)
        while (due := next_due(self.conversation, self.world.book)) is not None and due <= end:
            self.now = due
            self._ring()
        self.now = end
        return "\n".join(reply.text for reply in self.replies[before:])

    def _ring(self) -> None:
        """The tick that fell due before what comes now."""
        due = next_due(self.conversation, self.world.book)
        if due is not None and due <= self.now:
            self._turn([Event(id=f"tick:{due}", conversation="talk", kind=EventKind.TICK, at=due)])

    def _turn(self, events: Sequence[Event]) -> tuple[Turn, list[Event]]:
        turn = asyncio.run(take_turn(events, self.conversation, self.world, now=self.now))
        return turn, self.keep(turn)

    def keep(self, turn: Turn) -> list[Event]:
        """Store a turn and do what leaves with it; gives the results of its calls, which are to be heard next."""
        self.stored = msgspec.json.encode(turn.conversation)
        self.turns.append(turn)
        for effect in turn.outbox:
            if isinstance(effect, Learned):
                self.world.memories.learn(effect, now=self.now)
        self.replies += [effect for effect in turn.outbox if isinstance(effect, Reply)]
        return [self._result(effect) for effect in turn.outbox if isinstance(effect, ActionRequest)]

    def _result(self, request: ActionRequest) -> Event:
        outcome = asyncio.run(self.world.actions.run(request))
        fields = {
            "key": request.key,
            "outcome": outcome.outcome,
            "facts": msgspec.json.encode(outcome.facts).decode(),
            "certain": "yes" if outcome.certain else "no",
        }
        if outcome.given:
            fields["given"] = msgspec.json.encode(outcome.given).decode()
        return msgspec.structs.replace(self._event(EventKind.RESULT), fields=fields)

    def _event(self, kind: EventKind, text: str = "") -> Event:
        self._number += 1
        self.now += timedelta(seconds=1)
        return Event(
            id=f"e{self._number}",
            conversation="talk",
            kind=kind,
            at=self.now,
            order=self._number,
            address=ANN,
            text=text,
        )

    @property
    def conversation(self) -> Conversation:
        """As stored."""
        if not self.stored:
            return Conversation(id="talk")
        return msgspec.json.decode(self.stored, type=Conversation)

    @property
    def left(self) -> bytes:
        """What all turns sent and noted."""
        return msgspec.json.encode([(turn.outbox, turn.notes) for turn in self.turns])

    @property
    def top(self) -> Frame:
        """The active run."""
        found = self.conversation.top
        assert found is not None, "no run is active"
        return found

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules of the newest turn."""
        return self.turns[-1].notes.rules

    def value(self, slot: str) -> object:
        """A settled slot's value in the active run, else None."""
        held = self.top.slots.get(slot)
        return held.value if held and held.settled else None

    @property
    def options(self) -> list[str]:
        """Labels offered by the newest reply."""
        return [option.label for option in self.replies[-1].options]
