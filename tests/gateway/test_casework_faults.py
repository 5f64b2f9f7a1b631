"""What random lives at the desk have broken once (tests/chaos/lives), each in the few steps that it takes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from engine.message import Attachment, EventKind, Receipt, Refused, Retry
from gateway.deskdoor import DeskDoor
from handoff import page, threads
from handoff.case import CaseState, Thread
from handoff.hours import read_hours
from handoff.policy import DeskPolicy
from handoff.ports import DeskFace
from handoff.posts import DeskPost, Mark, Marking, ThreadPost
from handoff.threads import Place
from tests.engine.flows_for_tests import SHOP
from tests.engine.talk import Table
from tests.gateway.people_desk import ANNA, CONVERSATION, PeopleDesk, desk_of, people_desk

pytestmark = pytest.mark.anyio


@dataclass
class Line:
    """A line to the desk's face, which gives another answer to what `breaks` it, as long as that says one."""

    face: DeskFace
    breaks: Callable[[DeskPost], Receipt | None]

    async def show(self, post: DeskPost, done: Sequence[str], *, since: datetime, again: bool = False) -> Receipt:
        return self.breaks(post) or await self.face.show(post, done, since=since, again=again)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[PeopleDesk]:
    async with people_desk(tmp_path, actions=Table(SHOP)) as found:
        yield found


async def claimed(desk: PeopleDesk) -> str:
    """A customer in a refund asked for a person, and Anna came; gives the case."""
    await desk.says("I want a refund")
    await desk.says("I want to talk to a human")
    await desk.presses("claim")
    return (await desk.case()).id


async def test_H44_words_in_the_thread_of_an_earlier_case_are_for_nobody(desk: PeopleDesk) -> None:
    first = await claimed(desk)
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


async def test_H24_who_opts_in_again_while_a_person_has_the_conversation_is_not_greeted_by_the_bot(
    desk: PeopleDesk,
) -> None:
    await claimed(desk)
    stood = (await desk.conversation()).stack
    await desk.happens(EventKind.OPT_OUT, text="STOP")
    assert await desk.happens(EventKind.OPT_IN, text="START") == ""
    assert await desk.thread("bot") == [], "and the thread does not say that it spoke"
    assert (await desk.conversation()).stack == stood
    assert await desk.writes("Good to have you back.") == "Good to have you back."


async def test_H25_what_a_customer_sends_after_opting_out_still_reaches_the_thread(desk: PeopleDesk) -> None:
    await claimed(desk)
    await desk.happens(EventKind.OPT_OUT)
    photo = Attachment(kind="photo", name="lamp.jpg", size=1000)
    await desk.happens(EventKind.MESSAGE, attachments=(photo,))
    await desk.happens(EventKind.OPTION, option="fd:old:mark:0")
    assert await desk.thread("customer") == [
        "[photo, lamp.jpg, 1000 bytes]",
        "(pressed a button of an earlier question)",
    ]
    assert any("has opted out" in line for line in await desk.thread())


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


async def test_H26_words_that_fail_after_their_case_was_closed_are_shown_as_failed_where_they_stand(
    desk: PeopleDesk,
) -> None:
    first = await claimed(desk)
    desk.ground.dove.receipts["ada"] += [Retry(reason="busy", after_s=60.0), Refused(reason="blocked")]
    await desk.writes("I hand you back now.")
    await desk.presses("return")
    await desk.says("I want to talk to a human")
    await desk.presses("claim")
    assert (await desk.case()).state is CaseState.CLAIMED
    await desk.wait(minutes=2)
    lines = await page.lines(desk.ground.store.records, first)
    assert [line.mark for line in lines if line.mark] == ["accepted", "failed"]
    assert any("Not delivered: blocked" in line.text for line in lines)
    assert (await desk.case()).state is CaseState.CLAIMED, "it says nothing of the newer case"


async def test_H26_many_words_at_once_are_all_told_what_became_of_them(desk: PeopleDesk) -> None:
    await claimed(desk)
    desk.ground.dove.receipts["ada"].append(Retry(reason="busy", after_s=60.0))
    for number in range(15):
        await desk.writes(f"word {number}")
    await desk.wait(minutes=2)
    marks = [mark for _, mark in await desk.marks()]
    assert (marks.count("accepted"), marks.count("delivered")) == (15, 15)


async def test_H50_receipts_on_one_message_are_shown_in_their_order(tmp_path: Path) -> None:
    slow = [Retry(reason="the line is busy", after_s=1.0)]

    def breaks(post: DeskPost) -> Receipt | None:
        return slow.pop() if slow and isinstance(post, Mark) else None

    async with people_desk(tmp_path, line=partial(Line, breaks=breaks)) as desk:
        await claimed(desk)
        await desk.writes("Hello")
        await desk.wait(seconds=5)
        assert [mark for _, mark in await desk.marks()] == ["accepted", "delivered"]


async def test_H50_a_failure_is_shown_however_long_the_face_was_away(tmp_path: Path) -> None:
    away = [True]

    def breaks(post: DeskPost) -> Receipt | None:
        failed = isinstance(post, Mark) and post.marking is Marking.FAILED
        return Retry(reason="nobody there") if failed and away else None

    async with people_desk(tmp_path, line=partial(Line, breaks=breaks)) as desk:
        await claimed(desk)
        desk.ground.dove.receipts["ada"].append(Refused(reason="blocked"))
        await desk.writes("Hello")
        await desk.wait(hours=2)
        away.clear()
        await desk.wait(minutes=10)
        assert [mark for _, mark in await desk.marks()] == ["accepted", "failed"]


async def test_H25_words_that_the_desks_face_does_not_take_are_shown_there_as_failed(tmp_path: Path) -> None:
    def breaks(post: DeskPost) -> Receipt | None:
        return Refused(reason="too odd") if isinstance(post, ThreadPost) and post.text == "odd words" else None

    async with people_desk(tmp_path, line=partial(Line, breaks=breaks)) as desk:
        await claimed(desk)
        await desk.says("odd words")
        await desk.says("plain words")
        assert await desk.thread("customer") == ["plain words"]
        assert "Something that the customer wrote could not be shown here: too odd." in await desk.thread()
