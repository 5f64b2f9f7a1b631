"""The worker on a real store: poison is set aside, results come first, stopping loses nothing, bad records are kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from engine.lines import LINES
from engine.message import Event
from engine.ports import ActionOutcome, ActionRequest
from engine.store import Change
from gateway.flowfolder import read_folder
from gateway.quarantine import Kept, Quarantine
from gateway.rows import read_conversation
from gateway.turns import MOST_RAISES, Turns
from gateway.worker import MOST_GRANTS, Worker
from tests.gateway.work_parts import Ground, ground, words

pytestmark = pytest.mark.anyio

ADA, BEN = "dove:ada", "dove:ben"
LAMP = {"item_name": "Desk lamp", "amount": {"amount": "34.50", "currency": "USD"}}


class PoisonedShop:
    """The refund flow's actions; a look-up of ORD-666 breaks the turn, and all wait while `answering` is clear."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.reached = asyncio.Event()
        self.answering = asyncio.Event()
        self.answering.set()

    async def run(self, request: ActionRequest) -> ActionOutcome:
        self.calls.append(f"{request.action} {request.values.get('order_number')}")
        self.reached.set()
        await self.answering.wait()
        if request.values.get("order_number") == "ORD-666":
            raise RuntimeError("poison")
        if request.action == "submit_refund":
            return ActionOutcome(outcome="done")
        return ActionOutcome(outcome="found", facts=LAMP)


@pytest.fixture
async def shop() -> PoisonedShop:
    return PoisonedShop()


@pytest.fixture
async def desk(tmp_path: Path, shop: PoisonedShop) -> AsyncIterator[Ground]:
    async with ground(tmp_path, flows=read_folder(None, {}).flows, actions=shop) as stood_on:
        yield stood_on


@pytest.fixture
async def worker(desk: Ground) -> AsyncIterator[Worker]:
    working = Worker(desk.parts)
    yield working
    await working.stop()


async def hear(worker: Worker, *events: Event) -> None:
    """Take what is said, and do everything it leads to now."""
    for event in events:
        await worker.take(event)
    await worker.finished()


async def wait_for(worker: Worker, desk: Ground, *, seconds: float) -> None:
    """Let the time pass, and do what is due then."""
    desk.clock.advance(seconds)
    await worker.sweep_due()
    await worker.finished()


async def quarantined(desk: Ground) -> dict[str, Kept]:
    """What was set aside, by its key."""
    records = await desk.store.records.scan("quarantine")
    return {record.key: msgspec.json.decode(record.blob, type=Kept) for record in records}


async def test_F27_an_event_whose_turn_raises_is_tried_again_then_set_aside_and_the_talk_goes_on(
    worker: Worker, desk: Ground, shop: PoisonedShop
) -> None:
    await hear(worker, words("e1", "refund for ORD-666"))
    assert len(shop.calls) == 1
    assert desk.dove.said == []
    await wait_for(worker, desk, seconds=0.9)
    assert len(shop.calls) == 1
    await wait_for(worker, desk, seconds=0.1)
    assert len(shop.calls) == 2
    await wait_for(worker, desk, seconds=2.0)
    assert len(shop.calls) == MOST_RAISES
    await worker.sweep_due()
    await worker.finished()
    assert desk.dove.said == [LINES["went_wrong"]]
    assert {id: kept.reason for id, kept in (await quarantined(desk)).items()} == {"e1": "its turn raised"}
    assert desk.counted('turns_total{outcome="raised"}') == MOST_RAISES
    assert desk.counted("quarantined_total") == 1
    await hear(worker, words("e2", "refund for ORD-1234"))
    assert "Desk lamp, $34.50" in desk.dove.said[-1]


async def test_F27_what_waited_with_a_poisonous_message_is_still_answered(
    worker: Worker, desk: Ground, shop: PoisonedShop
) -> None:
    for number, text in enumerate(("I want a refund", "for ORD-666", "sorry, ORD-777"), 1):
        await desk.store.mailbox.accept(words(f"e{number}", text, order=number), want_grant=False)
    shop.answering.set()
    for _ in range(12):
        await wait_for(worker, desk, seconds=30.0)
    assert list(await quarantined(desk)) == ["e2"]
    assert "Which order number" in desk.dove.said[0]
    assert desk.dove.said[1] == LINES["went_wrong"]
    assert "ORD-777: Desk lamp" in desk.dove.said[2]
    assert len(desk.dove.said) == 3


async def test_F27_another_conversation_does_not_notice(worker: Worker, desk: Ground) -> None:
    await hear(worker, words("e1", "refund for ORD-666"), words("b1", "refund for ORD-1234", conversation=BEN))
    assert len(desk.dove.said) == 1
    assert "ORD-1234: Desk lamp" in desk.dove.said[0]


async def test_F27_an_unreadable_event_is_set_aside_and_not_its_neighbour(desk: Ground) -> None:
    mailbox = desk.store.mailbox
    await mailbox.accept(words("e1", "refund for ORD-1234"), want_grant=False)
    grant = (await mailbox.claim(1))[0]
    broken = msgspec.structs.replace(grant, inbox=(*grant.inbox, ("e2", b"{}")), attempts=MOST_RAISES)
    quarantine = Quarantine(mailbox=mailbox, records=desk.store.records, clock=desk.clock, book=desk.parts.book)
    assert Turns(desk.parts, quarantine).head(broken) == "e2"
    assert Turns(desk.parts, quarantine).head(grant) == "e1"


async def test_F27_a_conversation_granted_too_often_without_a_commit_has_its_events_set_aside(
    worker: Worker, desk: Ground
) -> None:
    mailbox = desk.store.mailbox
    await mailbox.accept(words("e1", "refund"), want_grant=False)
    await mailbox.accept(words("e2", "hello?"), want_grant=False)
    for _ in range(
        MOST_GRANTS
    ):  # a process that dies each time gives nothing back: its lease ends, and the count stays
        (grant,) = await mailbox.claim(1)
        await mailbox.release(grant)
    await wait_for(worker, desk, seconds=0.0)
    assert sorted(await quarantined(desk)) == ["e1", "e2"]
    assert desk.dove.said == [LINES["went_wrong"]]
    await hear(worker, words("e3", "refund"))
    assert "Which order number" in desk.dove.said[-1]


async def test_W9_the_result_of_a_call_is_handled_before_what_the_customer_wrote_meanwhile(
    worker: Worker, desk: Ground, shop: PoisonedShop
) -> None:
    await hear(worker, words("e1", "refund for ORD-1234, it is broken"))
    shop.answering.clear()
    shop.reached.clear()
    await worker.take(words("e2", "yes", order=2))
    await shop.reached.wait()
    await worker.take(words("e3", "what time is it?", order=1))
    shop.answering.set()
    await worker.finished()
    assert shop.calls == ["lookup_order_details ORD-1234", "submit_refund ORD-1234"]
    assert "is on its way back" in desk.dove.said[1]
    assert "12:00" in desk.dove.said[2]
    assert len(desk.dove.said) == 3


async def test_R1_the_same_event_again_is_no_turn(worker: Worker, desk: Ground) -> None:
    await hear(worker, words("e1", "refund"), words("e1", "refund"))
    assert len(desk.dove.said) == 1
    assert desk.counted('events_total{kind="message",outcome="duplicate"}') == 1


async def test_F25_stopping_finishes_the_turn_under_way_and_leaves_the_rest_to_the_next(
    worker: Worker, desk: Ground, shop: PoisonedShop
) -> None:
    shop.answering.clear()
    await worker.take(words("e1", "refund for ORD-1234"))
    await shop.reached.wait()
    await worker.take(words("e2", "yes"))
    stopping = asyncio.create_task(worker.stop())
    await asyncio.sleep(0)
    assert not stopping.done()
    await worker.take(words("b1", "refund", conversation=BEN))
    shop.answering.set()
    await stopping
    assert len(desk.dove.said) == 1
    assert "ORD-1234: Desk lamp" in desk.dove.said[0]
    assert await worker.sweep_once() == 0
    other = Worker(desk.parts)
    await other.sweep_due()
    await other.finished()
    assert len(desk.dove.said) == 3
    await other.stop()


async def test_F16_an_unreadable_state_is_kept_aside_and_the_customer_starts_afresh(
    worker: Worker, desk: Ground
) -> None:
    await hear(worker, words("e1", "refund for ORD-1234"))
    grant = (await desk.store.mailbox.accept(words("e2", "yes"), want_grant=True)).grant
    assert grant is not None
    await desk.store.mailbox.commit(grant, Change(state=b'{"id": 7', consumed=("e2",)))
    await desk.store.mailbox.release(grant)
    await hear(worker, words("e3", "I want a refund"))
    assert "Which order number" in desk.dove.said[-1]
    (kept,) = (await quarantined(desk)).items()
    assert (kept[0], kept[1].blob, kept[1].reason) == (f"{ADA}@2", b'{"id": 7', "unreadable state")
    snapshot = await desk.store.mailbox.peek(ADA)
    assert snapshot is not None
    top = read_conversation(ADA, snapshot.state).top
    assert top is not None
    assert top.state == "start"


async def test_C43_an_album_s_first_part_waits_for_the_others(worker: Worker, desk: Ground) -> None:
    part = msgspec.structs.replace(words("e1", "refund"), fields={"media_group": "g"})
    await hear(worker, part)
    assert desk.dove.said == []
    await wait_for(worker, desk, seconds=1.0)
    assert len(desk.dove.said) == 1


async def test_without_serving_events_are_only_accepted(desk: Ground) -> None:
    doorman = Worker(desk.parts, serve=False)
    await hear(doorman, words("e1", "refund"))
    await doorman.sweep_due()
    assert desk.dove.said == []
    worker = Worker(desk.parts)
    await worker.sweep_due()
    await worker.finished()
    assert len(desk.dove.said) == 1
    await worker.stop()
