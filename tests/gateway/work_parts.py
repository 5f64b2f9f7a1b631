"""What a worker stands on, made small: a real store, a clock that obeys, a channel whose provider is a script."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import structlog

from channels.base import Answer, Channel, Inbound, Kind, Refusal, Verified
from engine.book import Book
from engine.desk import DeskDef
from engine.flow import FlowDef
from engine.message import Address, Event, EventKind, Limits, Receipt, Reply, Sent
from engine.model import Model
from engine.ports import ActionOutcome, ActionRequest, Actions, Failpoints
from engine.rules.ordered import Rules
from gateway.clock import TestClock
from gateway.failpoints import Disarmed
from gateway.metrics import Metrics
from gateway.parts import Parts
from gateway.people import People
from gateway.stores.sqlite import SqliteStore
from gateway.stores.store import Store

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ADA = Address(channel="dove", account="loft", chat="ada", person="ada")
BEN = Address(channel="dove", account="loft", chat="ben", person="ben")


class Dove:
    """A channel that keeps every try to send, and answers each as `receipts` of that chat say, then with Sent."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits(max_chars=1000, unknown_wait_s=30.0)
        self.tries: list[tuple[str, tuple[str, ...]]] = []
        """Row id and the parts that had been sent, of every try."""
        self.said: list[str] = []
        """The words of every try."""
        self.receipts: defaultdict[str, deque[Receipt]] = defaultdict(deque)
        self.flying = asyncio.Event()
        self.flying.set()

    @property
    def kind(self) -> Kind:
        return Kind(name="dove", settings=(), limits=self.limits)

    @property
    def sent(self) -> list[str]:
        """Ids of the rows that were tried, in order."""
        return [id for id, _ in self.tries]

    def verify(self, request: Inbound) -> Verified | Refusal:
        return Refusal(status=404, reason="a dove has no door")

    def parse(self, verified: Verified) -> list[Event]:
        return []

    def answer(self, verified: Verified) -> Answer:
        return Answer()

    async def acknowledge(self, verified: Verified) -> None: ...

    async def send(self, reply: Reply, resume: Sequence[str]) -> Receipt:
        await self.flying.wait()
        self.tries.append((reply.id, tuple(resume)))
        self.said.append(reply.text)
        told = self.receipts[reply.address.chat]
        return told.popleft() if told else Sent(provider_ids=(str(len(self.tries)),))

    async def typing(self, address: Address) -> None: ...

    async def open(self) -> None: ...

    async def close(self) -> None: ...


class Yes:
    """Actions that all come to `done`; a call waits while `answering` is clear."""

    def __init__(self) -> None:
        self.requests: list[ActionRequest] = []
        self.answering = asyncio.Event()
        self.answering.set()

    async def run(self, request: ActionRequest) -> ActionOutcome:
        self.requests.append(request)
        await self.answering.wait()
        return ActionOutcome(outcome="done")


@dataclass
class Ground:
    """The parts, and what a test looks at."""

    store: Store
    clock: TestClock
    dove: Dove
    metrics: Metrics
    parts: Parts
    trouble: list[tuple[str, str]] = field(default_factory=list)

    def counted(self, name: str) -> float:
        """A counter of the metrics, such as `sends_total{outcome="dead"}`."""
        lines = self.metrics.render().decode().splitlines()
        return next((float(line.rpartition(" ")[2]) for line in lines if line.startswith(f"frontdesk_{name} ")), 0.0)


@asynccontextmanager
async def ground(
    folder: Path,
    *,
    flows: Sequence[FlowDef] = (),
    desk: DeskDef | None = None,
    actions: Actions | None = None,
    failpoints: Failpoints | None = None,
    channels: Mapping[str, Channel] | None = None,
    people: Callable[[Store, TestClock], People] | None = None,
    model: Model | None = None,
    opened: Callable[[TestClock], Awaitable[Store]] | None = None,
) -> AsyncIterator[Ground]:
    """A store in `folder`, or one that is `opened`, closed at the end; what it held is taken over when it is opened
    again."""
    clock, dove, metrics = TestClock(NOON, real=lambda: 0.0), Dove(), Metrics()
    trouble: list[tuple[str, str]] = []
    store = await opened(clock) if opened else await SqliteStore.open(folder / "desk.db", clock)
    parts = Parts(
        mailbox=store.mailbox,
        records=store.records,
        book=Book(list(flows), desk, people=people is not None),
        rules=Rules(),
        actions=actions or Yes(),
        channels=channels or {"dove": dove},
        clock=clock,
        failpoints=failpoints or Disarmed(),
        metrics=metrics,
        people=people(store, clock) if people else None,
        model=model,
        trouble=lambda channel, reason: trouble.append((channel, reason)),
    )
    try:
        with structlog.testing.capture_logs():
            yield Ground(store=store, clock=clock, dove=dove, metrics=metrics, parts=parts, trouble=trouble)
    finally:
        await store.close()


def words(id: str, text: str, *, conversation: str = "dove:ada", order: int = 0) -> Event:
    """What a customer wrote."""
    return Event(
        id=id,
        conversation=conversation,
        kind=EventKind.MESSAGE,
        at=NOON,
        order=order,
        address=ADA if conversation == "dove:ada" else BEN,
        text=text,
    )
