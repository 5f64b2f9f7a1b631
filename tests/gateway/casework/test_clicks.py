"""Clicks that come twice or too late, and words for a case that is closed."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.message import Attachment, EventKind, Refused, Retry
from gateway.deskdoor import DeskDoor
from handoff import threads
from handoff.case import Thread, Verdict
from handoff.hours import read_hours
from handoff.policy import DeskPolicy
from handoff.threads import Place
from tests.engine.flows_for_tests import SHOP
from tests.engine.talk import Table
from tests.gateway.people_desk import ANNA, CONVERSATION, TOM, PeopleDesk, claimed, desk_of, people_desk

pytestmark = pytest.mark.anyio


async def test_H44_words_in_the_thread_of_an_earlier_case_are_for_nobody(desk: PeopleDesk) -> None:
    await claimed(desk)
    first = (await desk.case()).id
    await desk.presses("return")
    await claimed(desk)
    door = DeskDoor(desk.worker, desk.ground.store.records, desk.ground.metrics)
    place = Place(conversation=CONVERSATION, case=first, thread=Thread(team="page", channel="page", ts="t"))
    await threads.remember(desk.ground.store.records, place)
    before = len(desk.ground.dove.said)
    event = desk.event(EventKind.AGENT_MESSAGE, text="for the file: he was right", address=desk_of(ANNA))
    await door.take(event)
    await desk.settled()
    assert desk.ground.dove.said[before:] == []
    assert "This case is closed" in (await desk.whispers())[-1].text


async def test_H12_a_press_and_a_photo_in_closed_hours_reach_the_thread(tmp_path: Path) -> None:
    policy = DeskPolicy(hours=read_hours("Mon-Fri 13:30-17:00", "UTC"))
    async with people_desk(tmp_path, policy=policy, actions=Table(SHOP)) as desk:
        await desk.says("refund for ORD-12345")
        await desk.says("I want to talk to a human")
        question = (await desk.conversation()).question
        assert question is not None
        await desk.happens(EventKind.MESSAGE, attachments=(Attachment(kind="photo"),))
        await desk.happens(EventKind.OPTION, option=f"fd:{question.run}:{question.mark}:0")
        await desk.happens(EventKind.EDITED, text="or rather no")
        assert await desk.thread("customer") == ["[photo]", "yes", "(edited) or rather no"]


async def test_H57_a_second_click_on_take_over_changes_nothing(desk: PeopleDesk) -> None:
    await claimed(desk)
    await desk.writes("we should refuse this", TOM)
    (whisper,) = await desk.whispers()
    await desk.presses("take_over", TOM, held=whisper.held)
    stood = await desk.case()
    assert await desk.presses("take_over", TOM, held=whisper.held) == ""
    case = await desk.case()
    assert (case.state, case.version, case.timers) == (stood.state, stood.version, stood.timers)


async def test_H57_a_second_click_on_take_over_takes_nothing_back_from_who_came_between(desk: PeopleDesk) -> None:
    await claimed(desk)
    await desk.writes("we should refuse this", TOM)
    (whisper,) = await desk.whispers()
    await desk.presses("take_over", TOM, held=whisper.held)
    await desk.writes("or rather not", ANNA)
    *_, other = await desk.whispers()
    await desk.presses("take_over", ANNA, held=other.held)
    assert await desk.presses("take_over", TOM, held=whisper.held) == ""
    assert (await desk.case()).claimed_by == ANNA


async def test_H57_a_second_click_on_retry_sends_nothing_twice(desk: PeopleDesk) -> None:
    await claimed(desk)
    desk.ground.dove.receipts["ada"] += [Refused(reason="blocked"), Retry(reason="busy", after_s=5.0)]
    await desk.writes("Hello")
    tried = len(desk.ground.dove.tries)
    await desk.presses("retry")
    await desk.presses("retry")
    await desk.wait(seconds=10)
    rows = [id for id, _ in desk.ground.dove.tries[tried:]]
    assert len(set(rows)) == 1, "one row, however often it was tried"


async def test_H33_nothing_is_sent_again_from_a_case_that_was_closed(desk: PeopleDesk) -> None:
    await claimed(desk)
    desk.ground.dove.receipts["ada"].append(Refused(reason="blocked"))
    await desk.writes("Hello")
    await desk.presses("resolve", outcome="not_solved")
    assert await desk.presses("retry") == ""
    assert "This case is closed" in (await desk.whispers())[-1].text


async def test_H57_a_second_click_on_a_verdict_is_no_news(desk: PeopleDesk) -> None:
    await claimed(desk)
    await desk.presses("return")
    await desk.presses("verdict_good_call")
    judged = await desk.case()
    await desk.presses("verdict_good_call")
    assert await desk.case() == judged
    await desk.presses("verdict_too_late", TOM)
    assert (await desk.case()).verdict is Verdict.TOO_LATE, "it may be changed (H130)"
