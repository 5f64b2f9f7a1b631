"""Coming back to a whole desk: a real store and worker, a clock that obeys, restarts in between (S8-S10, H31, F24)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from engine.message import EventKind
from engine.notes import Notes
from gateway.quarantine import Quarantine
from gateway.rows import read_conversation
from gateway.worker import Worker
from handoff.case import CaseState
from tests.engine.flows_for_tests import REFUND, SHOP
from tests.engine.talk import Table
from tests.gateway.people_desk import CONVERSATION, claimed, people_desk
from tests.gateway.work_parts import Ground, ground, words

pytestmark = pytest.mark.anyio

OFFER = "Shall we carry on from there?"


async def says(worker: Worker, desk: Ground, id: str, text: str) -> str:
    """The customer writes; gives what is sent for it."""
    before = len(desk.dove.said)
    await worker.take(words(id, text))
    await worker.finished()
    return "\n".join(desk.dove.said[before:])


async def passes(worker: Worker, desk: Ground, **time: float) -> None:
    """Time passes, and what is due then is done."""
    desk.clock.advance(timedelta(**time).total_seconds())
    await worker.sweep_due()
    await worker.finished()
    await worker.sweep_due()
    await worker.finished()


async def reasons(desk: Ground) -> list[str]:
    """Why runs ended, in order."""
    entries = await desk.store.records.read("journal", CONVERSATION, limit=1000)
    return [run.reason for entry in entries for run in msgspec.json.decode(entry.blob, type=Notes).archived]


async def stack(desk: Ground) -> int:
    snapshot = await desk.store.mailbox.peek(CONVERSATION)
    return len(read_conversation(CONVERSATION, snapshot.state if snapshot else b"").stack)


async def test_S10_a_run_is_offered_and_gone_on_with_by_processes_that_never_saw_it(tmp_path: Path) -> None:
    async with ground(tmp_path, flows=[REFUND], actions=Table(SHOP)) as desk:
        worker = Worker(desk.parts)
        await says(worker, desk, "a", "I want a refund")
        assert "Wireless headphones" in await says(worker, desk, "b", "ORD-12345")
    async with ground(tmp_path, flows=[REFUND], actions=Table(SHOP)) as desk:
        worker = Worker(desk.parts)
        await passes(worker, desk, hours=25)
        assert OFFER in await says(worker, desk, "c", "hello")
    async with ground(tmp_path, flows=[REFUND], actions=Table(SHOP)) as desk:
        worker = Worker(desk.parts)
        desk.clock.advance(25 * 3600 + 60)
        assert "Wireless headphones" in await says(worker, desk, "d", "yes")


async def test_S9_the_stores_own_timer_ends_a_run_and_the_next_message_hears_of_it_once(tmp_path: Path) -> None:
    async with ground(tmp_path, flows=[REFUND], actions=Table(SHOP)) as desk:
        await says(Worker(desk.parts), desk, "a", "I want a refund")
        before = await desk.store.mailbox.peek(CONVERSATION)
        assert before is not None
        assert before.timer == desk.clock.now() + timedelta(hours=48)
    async with ground(tmp_path, flows=[REFUND], actions=Table(SHOP)) as desk:
        worker = Worker(desk.parts)
        await passes(worker, desk, hours=48)
        assert desk.dove.said == []
        assert (await stack(desk), await reasons(desk)) == (0, ["expired"])
        after = await desk.store.mailbox.peek(CONVERSATION)
        assert after is not None
        assert (after.timer, after.due) == (None, None)
        assert "Your earlier refund an order has expired." in await says(worker, desk, "b", "hello")
        assert "expired" not in await says(worker, desk, "c", "hello")


async def test_S8_an_offer_nobody_answers_lapses_after_its_time(tmp_path: Path) -> None:
    async with ground(tmp_path, flows=[REFUND], actions=Table(SHOP)) as desk:
        worker = Worker(desk.parts)
        await says(worker, desk, "a", "I want a refund")
        await passes(worker, desk, hours=3)
        assert OFFER in await says(worker, desk, "b", "hello")
        await passes(worker, desk, minutes=59)
        assert await reasons(desk) == []
        await passes(worker, desk, minutes=1)
        assert await reasons(desk) == ["offer_unanswered"]
        assert "I closed refund an order" in await says(worker, desk, "c", "yes")


@pytest.mark.parametrize(("minutes", "expired"), [(47 * 60 + 59, False), (48 * 60, True), (49 * 60, True)])
async def test_a_message_counts_from_when_it_came_in_though_no_worker_was_there(
    tmp_path: Path, minutes: int, expired: bool
) -> None:
    async with ground(tmp_path, flows=[REFUND], actions=Table(SHOP)) as desk:
        worker, door = Worker(desk.parts), Worker(desk.parts, serve=False)
        await says(worker, desk, "a", "I want a refund")
        desk.clock.advance(minutes * 60)
        await door.take(words("b", "ORD-12345"))
        desk.clock.advance(5 * 3600)
        await passes(worker, desk, seconds=0)
        said = "\n".join(desk.dove.said[1:])
        assert ("has expired" in said) == expired
        assert ("Wireless headphones" in said) != expired


async def test_F24_message_and_tick_at_the_same_instant_are_never_both(tmp_path: Path) -> None:
    async with ground(tmp_path, flows=[REFUND], actions=Table(SHOP)) as desk:
        worker = Worker(desk.parts)
        for number in range(100):
            await says(worker, desk, f"a{number}", "I want a refund")
            before, told = len(await reasons(desk)), len(desk.dove.said)
            desk.clock.advance(48 * 3600 - (0.001 if number % 2 else 0))
            await asyncio.gather(worker.sweep_due(), worker.take(words(f"b{number}", "ORD-12345")))
            if number % 2:
                desk.clock.advance(0.002)
            await passes(worker, desk, seconds=0)
            said = "\n".join(desk.dove.said[told:])
            gone = (await reasons(desk))[before:]
            assert (gone == ["expired"]) == ("has expired" in said) != ("Wireless headphones" in said)
            await says(worker, desk, f"c{number}", "cancel")
            desk.clock.advance(3600)  # the order number that found no run waits half an hour for the next (R12)


async def test_H31_the_time_that_was_left_runs_on_behind_a_case(tmp_path: Path) -> None:
    async with people_desk(tmp_path, actions=Table(SHOP)) as desk:
        await desk.says("I want a refund")
        await desk.wait(hours=20)
        await desk.says("I want to talk to a human")
        await desk.presses("claim")
        await desk.writes("One moment")
        await desk.wait(hours=60)
        assert (await desk.case()).state is CaseState.WAITING_CUSTOMER
        assert len((await desk.conversation()).stack) == 1, "no run expires while a case is open"
        assert "Which order number" in await desk.presses("return")
        assert await desk.wait(hours=47) == ""
        assert len((await desk.conversation()).stack) == 1
        assert await desk.wait(hours=2) == ""
        assert (await desk.conversation()).stack == ()
        assert "has expired" in await desk.says("hello")


async def test_H31_across_a_restart_the_pause_is_still_one(tmp_path: Path) -> None:
    async with people_desk(tmp_path, actions=Table(SHOP)) as desk:
        await claimed(desk)
        paused_at = (await desk.conversation()).paused_at
        assert paused_at is not None
    async with people_desk(tmp_path, actions=Table(SHOP)) as desk:
        desk.ground.clock.advance(300)
        assert "Which order number" in await desk.presses("return")
        conversation = await desk.conversation()
        assert conversation.paused_at is None
        assert conversation.idle_since == paused_at + timedelta(minutes=5)


async def test_S9_a_person_who_solves_it_ends_the_runs_and_the_journal_keeps_why(tmp_path: Path) -> None:
    async with people_desk(tmp_path, actions=Table(SHOP)) as desk:
        await claimed(desk)
        await desk.presses("resolve", outcome="solved")
        assert (await desk.case()).state is CaseState.RESOLVED
        assert [run.reason for notes in await desk.journal() for run in notes.archived] == ["handed_off"]


async def test_X65_whoever_opts_in_again_is_asked_whether_to_carry_on(tmp_path: Path) -> None:
    async with people_desk(tmp_path, actions=Table(SHOP)) as desk:
        await desk.says("I want a refund")
        await desk.happens(EventKind.OPT_OUT)
        assert await desk.wait(hours=100) == ""
        assert OFFER in await desk.happens(EventKind.OPT_IN)


async def test_F27_a_run_still_expires_after_an_event_was_set_aside(tmp_path: Path) -> None:
    async with ground(tmp_path, flows=[REFUND], actions=Table(SHOP)) as desk:
        worker = Worker(desk.parts)
        await says(worker, desk, "a", "I want a refund")
        await desk.store.mailbox.accept(words("b", "poison"), want_grant=False)
        (grant,) = await desk.store.mailbox.claim(1)
        quarantine = Quarantine(
            mailbox=desk.store.mailbox, records=desk.store.records, clock=desk.clock, book=desk.parts.book
        )
        aside = await quarantine.set_aside(grant, "its turn raised")
        assert aside is not None
        await desk.store.mailbox.release(aside)
        await passes(worker, desk, hours=48)
        assert await reasons(desk) == ["expired"]
