"""What the outbox heeds before it sends: who has opted out, and what delivery reports say (X65, C34, C37)."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from channels.base import Kind
from engine.desk import DeskDef
from engine.message import Event, EventKind, Limits, Reach, Receipt, Refused, Reply, Retry, Sent, Unknown
from gateway.plans import FlowHome
from gateway.rehearsal.props import RecordingChannel
from gateway.rehearsal.stage import Setting, Stage
from tests.engine.flows_for_tests import REFUND

pytestmark = pytest.mark.anyio

LIMITS = Limits(max_chars=100, unknown_wait_s=30.0, opt_back_words=("YES",))
Meanwhile = Callable[[], Awaitable[object]]


@dataclass(slots=True)
class Scripted(RecordingChannel):
    """Answers sends as it is told, then well; `meanwhile` happens during the next send."""

    receipts: deque[Receipt] = field(default_factory=deque)
    resumed: list[tuple[str, ...]] = field(default_factory=list)
    meanwhile: Meanwhile | None = None

    @property
    def kind(self) -> Kind:
        return Kind(name=self.name, settings=(), limits=LIMITS)

    async def send(self, reply: Reply, resume: Sequence[str]) -> Receipt:
        self.resumed.append(tuple(resume))
        if self.meanwhile is not None:
            happens, self.meanwhile = self.meanwhile, None
            await happens()
        receipt = self.receipts.popleft() if self.receipts else None
        if receipt is None and resume:
            return Sent(provider_ids=())
        return receipt or await RecordingChannel.send(self, reply, resume)


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A desk whose channel is scripted."""

    stage: Stage
    channel: Scripted

    def event(self, kind: EventKind, text: str = "", **fields: str) -> Event:
        return replace(self.stage.customer.text(text), kind=kind, fields=fields)

    def report(self, row: str, part: str) -> Event:
        event = self.event(EventKind.RECEIPT, status="sent", ref=row, part=part)
        return replace(event, address=None, addressed=False)

    async def later(self, seconds: float) -> None:
        self.stage.clock.advance(seconds)
        await self.stage.hear([])


@pytest.fixture
async def desk(tmp_path: Path, anyio_backend: str) -> AsyncIterator[Desk]:
    setting = Setting(now=datetime(2026, 3, 2, 15, 15, tzinfo=UTC))
    stage = Stage([FlowHome(flow=REFUND, folder=tmp_path, shipped=False)], DeskDef(), tmp_path, setting=setting)
    stage.channel = channel = Scripted(setting.channel)
    async with stage:
        yield Desk(stage=stage, channel=channel)


async def test_X65_nothing_is_sent_once_a_stop_waits(desk: Desk) -> None:
    stop = desk.event(EventKind.OPT_OUT, "STOP")
    assert await desk.stage.hear([replace(stop, id="m1", kind=EventKind.MESSAGE, order=0, text="refund"), stop]) == []
    assert desk.channel.resumed == []
    conversation = await desk.stage.conversation()
    assert conversation.opted_out
    assert conversation.top is not None, "the run is kept"


async def test_X65_a_row_that_was_queued_before_the_stop_is_dropped(desk: Desk) -> None:
    desk.channel.receipts.append(Retry(reason="busy", after_s=60.0))
    await desk.stage.hear([desk.stage.customer.text("refund")])
    await desk.stage.hear([desk.event(EventKind.OPT_OUT, "STOP")])
    await desk.later(3600)
    assert desk.channel.sent == []
    assert len(desk.channel.resumed) == 1


async def test_X65_a_stop_between_two_parts_keeps_the_second_back(desk: Desk) -> None:
    desk.channel.receipts.append(Sent(provider_ids=("p1",), complete=False))
    stop = desk.event(EventKind.OPT_OUT, "STOP")
    desk.channel.meanwhile = lambda: desk.stage.arrive(stop)
    await desk.stage.hear([desk.stage.customer.text("refund")])
    assert desk.channel.resumed == [()]


async def test_X65_a_start_that_waits_too_counts_if_it_came_later(desk: Desk) -> None:
    await desk.stage.hear([desk.event(EventKind.OPT_OUT, "STOP")])
    stop, start = desk.event(EventKind.OPT_OUT, "STOP"), desk.event(EventKind.OPT_IN, "START")
    replies = await desk.stage.hear([start, stop, desk.stage.customer.text("refund")])
    assert ["Hello" in reply.text for reply in replies] == [True, False]
    assert not (await desk.stage.conversation()).opted_out


async def test_C37_a_provider_that_knew_of_the_opt_out_is_believed(desk: Desk) -> None:
    desk.channel.receipts.append(Refused(reason="21610", reach=Reach.OPTED_OUT))
    await desk.stage.hear([desk.stage.customer.text("refund")])
    assert (await desk.stage.conversation()).opted_out
    assert await desk.stage.hear([desk.stage.customer.text("ORD-12345")]) == []
    assert len(await desk.stage.hear([desk.stage.customer.text("yes")])) == 1


async def test_C34_without_evidence_an_unknown_send_is_repeated_once(desk: Desk) -> None:
    desk.channel.receipts.append(Unknown(reason="no answer"))
    await desk.stage.hear([desk.stage.customer.text("refund")])
    await desk.later(29)
    assert len(desk.channel.resumed) == 1
    await desk.later(2)
    assert len(desk.channel.sent) == 1


async def test_C77_a_report_settles_an_unknown_send(desk: Desk) -> None:
    desk.channel.receipts.append(Unknown(reason="no answer"))
    await desk.stage.hear([desk.stage.customer.text("refund")])
    await desk.stage.hear([desk.report("e1:reply", "p1")])
    await desk.later(3600)
    assert desk.channel.sent == []
    assert desk.channel.resumed == [(), ("p1",)], "the channel says that nothing is left"


async def test_C77_a_report_that_came_during_the_send_settles_it_too(desk: Desk) -> None:
    desk.channel.receipts.append(Unknown(reason="no answer"))
    report = desk.report("e2:reply", "p1")
    desk.channel.meanwhile = lambda: desk.stage.arrive(report)
    await desk.stage.hear([desk.stage.customer.text("refund")])
    await desk.later(3600)
    assert desk.channel.resumed == [(), ("p1",)]


async def test_C77_a_report_of_an_earlier_part_settles_nothing(desk: Desk) -> None:
    desk.channel.receipts += [Sent(provider_ids=("p1",), complete=False), Unknown(reason="no answer")]
    await desk.stage.hear([desk.stage.customer.text("refund")])
    await desk.stage.hear([desk.report("e1:reply", "p1"), desk.report("another", "p2")])
    assert desk.channel.resumed == [(), ("p1",)]
    await desk.later(31)
    assert desk.channel.resumed[2:] == [("p1",)]


async def test_C77_after_a_crash_a_report_tells_that_it_was_sent(desk: Desk) -> None:
    report = desk.report("e2:reply", "p1")
    desk.channel.meanwhile = lambda: desk.stage.arrive(report)
    desk.stage.crash.at = "after_send"
    await desk.stage.hear([desk.stage.customer.text("refund")])
    await desk.later(60)
    assert desk.channel.resumed == [(), ("p1",)]


async def test_a_report_begins_no_conversation(desk: Desk) -> None:
    await desk.stage.hear([desk.report("e1:reply", "p1")])
    assert (await desk.stage.conversation()).turn == 0
