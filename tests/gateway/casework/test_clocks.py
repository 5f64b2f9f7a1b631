"""What clocks, closed hours, opt-outs and restarts do to people's cases (spec/handoff.md sections 2, 3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from engine.message import EventKind
from engine.ports import ActionOutcome
from gateway.worker import Worker
from handoff.case import CaseState, Outcome, Owner
from handoff.hours import read_hours
from handoff.policy import DeskPolicy
from tests.engine.flows_for_tests import SHOP
from tests.engine.talk import Table
from tests.gateway.people_desk import PeopleDesk, asked, claimed, people_desk

pytestmark = pytest.mark.anyio


async def test_H28_nobody_claims_it_and_the_clocks_ring_in_their_order(desk: PeopleDesk) -> None:
    await asked(desk)
    reference = (await desk.case()).reference
    assert await desk.wait(minutes=6) == ""
    assert (await desk.case()).state is CaseState.ESCALATED
    assert any("Nobody has claimed" in line for line in await desk.thread())
    assert reference in await desk.wait(minutes=5)
    assert "nobody could take this" in await desk.wait(hours=24)
    assert (await desk.case()).state is CaseState.EXPIRED
    assert "eadphones" in await desk.says("ORD-12345")


async def test_H28_the_claimer_who_stays_silent_loses_the_case(desk: PeopleDesk) -> None:
    await claimed(desk)
    await desk.wait(minutes=11)
    assert any("the customer is waiting" in line for line in await desk.thread())
    assert await desk.wait(minutes=5) == ""
    assert (await desk.case()).state is CaseState.QUEUED


async def test_H28_a_customer_who_leaves_is_reminded_once_and_then_let_go(desk: PeopleDesk) -> None:
    await claimed(desk)
    await desk.writes("Which colour?")
    assert "Are you still there?" in await desk.wait(hours=25)
    assert await desk.wait(hours=48) == ""
    case = await desk.case()
    assert (case.state, case.outcome) == (CaseState.RESOLVED, Outcome.CUSTOMER_LEFT)


async def test_H12_in_closed_hours_the_bot_goes_on_and_agents_see_it(tmp_path: Path) -> None:
    policy = DeskPolicy(hours=read_hours("Mon-Fri 13:30-17:00", "UTC"))
    async with people_desk(tmp_path, policy=policy, actions=Table(SHOP)) as desk:
        said = await asked(desk)
        assert "back at 13:30" in said
        assert "Which order number" in said, "the bot still helps"
        assert (await desk.conversation()).owner == Owner.BOT
        assert "eadphones" in await desk.says("ORD-12345")
        assert await desk.thread("customer") == ["ORD-12345"]
        assert len(await desk.thread("bot")) == 1
        assert "13:30" in await desk.says("a human please"), "an honest answer again, and no second case"
        assert "now talking with Anna" in await desk.presses("claim")
        assert await desk.says("yes") == ""


async def test_H30_STOP_works_in_every_state_and_an_agents_words_are_refused(desk: PeopleDesk) -> None:
    await claimed(desk)
    await desk.happens(EventKind.OPT_OUT)
    assert await desk.writes("Hello?") == ""
    assert any("opted out" in line for line in await desk.thread())
    await desk.happens(EventKind.OPT_IN)
    assert await desk.writes("Hello again") == "Hello again"


async def test_H72_an_unknown_effect_goes_to_a_person_who_reads_unknown(tmp_path: Path) -> None:
    answers = {**SHOP, "pay": ActionOutcome(outcome="error", certain=False)}
    async with people_desk(tmp_path, actions=Table(answers)) as desk:
        for text in ("refund for ORD-12345", "yes", "broken"):
            await desk.says(text)
        said = await desk.says("it was a gift")
        assert "can't say whether it went through" in said
        assert "connecting you with a person" in said
        summary = (await desk.card()).summary
        assert summary.trigger.primary == "action_failure"
        (paid,) = [attempt for attempt in summary.attempts if attempt.name == "pay"]
        assert (paid.outcome, paid.outcome_certain) == ("unknown", False)
        advice = summary.narrative.suggested_next_action
        assert advice is not None
        assert advice.code == "check_side_effect"
        assert "back with the assistant" in await desk.presses("return")
        assert "connecting" not in await desk.says("hello"), "the run that failed is over"


async def test_a_desk_that_is_switched_off_leaves_nobody_with_a_person_who_cannot_come(tmp_path: Path) -> None:
    async with people_desk(tmp_path) as desk:
        await asked(desk)
    async with people_desk(tmp_path, actions=Table(SHOP)) as again:
        again.worker = Worker(replace(again.ground.parts, people=None))
        assert "eadphones" in await again.says("ORD-12345")


async def test_S38_a_run_that_stood_at_a_person_is_archived_where_people_are_switched_off(tmp_path: Path) -> None:
    answers = {**SHOP, "pay": ActionOutcome(outcome="error", certain=False)}
    async with people_desk(tmp_path, actions=Table(answers)) as desk:
        for text in ("I want a refund", "ORD-12345", "yes", "broken", "none"):
            await desk.says(text)
        assert (await desk.conversation()).stack
    async with people_desk(tmp_path, actions=Table(answers)) as again:
        again.worker = Worker(replace(again.ground.parts, people=None))
        await again.says("hello")
        over = [(run.reason, run.outcome) for notes in await again.journal() for run in notes.archived]
        assert over == [("handed_off", "handed_off")]


async def test_I12_a_case_and_its_clocks_survive_a_restart(tmp_path: Path) -> None:
    async with people_desk(tmp_path) as desk:
        await asked(desk)
        until = desk.ground.clock.now() + timedelta(minutes=6)
    async with people_desk(tmp_path) as again:
        again.ground.clock.advance((until - again.ground.clock.now()).total_seconds())
        await again.settled()
        assert (await again.case()).state is CaseState.ESCALATED
        assert "now talking with Anna" in await again.presses("claim")


async def test_H28_a_clock_that_fell_due_before_a_message_came_rings_before_it_is_read(desk: PeopleDesk) -> None:
    await claimed(desk)
    desk.ground.clock.advance(16 * 60)
    await desk.says("Is anybody there?")
    rung, heard = (await desk.journal())[-2:]
    assert "first_reply_over" in rung.desk
    assert heard.heard == ("Is anybody there?",)
    assert (await desk.case()).state is CaseState.QUEUED


async def test_H13_the_usual_wait_is_told_once_five_were_known(desk: PeopleDesk) -> None:
    for minutes in (2, 4, 4, 4, 9):
        assert "usually takes" not in await asked(desk)
        await desk.wait(minutes=minutes)
        await desk.presses("claim")
        await desk.presses("return")
        await desk.says("never mind")
    assert "It usually takes about 4 min." in await asked(desk)
