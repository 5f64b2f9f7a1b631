"""What random lives at the desk have broken once (tests/chaos/lives), each in the few steps that it takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from engine.message import EventKind, Receipt, Refused, Retry
from engine.ports import ERROR, ActionOutcome
from gateway.failpoints import Armed, Fate
from gateway.turns import MOST_RAISES
from handoff import page
from handoff.case import CaseState
from handoff.ports import DeskFace
from handoff.posts import CardPost, DeskPost, Mark, Marking, ThreadPost
from tests.engine.talk import Table
from tests.gateway.people_desk import PeopleDesk, Stumbles, claimed, people_desk

pytestmark = pytest.mark.anyio


@dataclass
class Line:
    """A line to the desk's face, which gives another answer to what `breaks` it, as long as that says one."""

    face: DeskFace
    breaks: Callable[[DeskPost], Receipt | None]

    async def show(self, post: DeskPost, done: Sequence[str], *, since: datetime, again: bool = False) -> Receipt:
        return self.breaks(post) or await self.face.show(post, done, since=since, again=again)


async def test_H26_words_that_fail_after_their_case_was_closed_are_shown_as_failed_where_they_stand(
    desk: PeopleDesk,
) -> None:
    await claimed(desk)
    first = (await desk.case()).id
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
        await desk.wait(hours=30)
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


async def test_F0_what_a_worker_may_have_sent_before_it_stumbled_is_counted_when_it_is_repeated(tmp_path: Path) -> None:
    async with people_desk(tmp_path, failpoints=Armed("after_send", fate=Fate.RAISE)) as desk:
        assert await desk.says("hello")
        await desk.wait(seconds=5)
        assert len(desk.ground.dove.sent) == 1, "nobody touches it before the lease is over"
    async with people_desk(tmp_path) as again:
        await again.wait(seconds=5)
        assert len(again.ground.dove.sent) == 1
        assert again.ground.counted("sends_repeated_total") == 1


async def test_H72_words_that_may_have_arrived_are_not_said_to_have_failed(tmp_path: Path) -> None:
    stumbles = Stumbles()
    async with people_desk(tmp_path, failpoints=stumbles) as desk:
        await claimed(desk)
        stumbles.at = "before_settle"
        assert await desk.writes("Hello") == "Hello"
        await desk.happens(EventKind.OPT_OUT)
    async with people_desk(tmp_path) as again:
        await again.wait(seconds=5)
        assert "Not delivered: the person opted out; an earlier try may have arrived." in await again.thread()


async def test_H28_a_poisonous_message_stops_no_clock_and_is_told_to_the_people_who_have_the_conversation(
    tmp_path: Path,
) -> None:
    stumbles = Stumbles()
    async with people_desk(tmp_path, failpoints=stumbles) as desk:
        await claimed(desk)
        stumbles.at, stumbles.times = "before_commit", MOST_RAISES
        said = [await desk.says("poison"), *[await desk.wait(seconds=3) for _ in range(3)]]
        assert "Something went wrong on my side" in "".join(said)
        assert any("could not be handled here" in line for line in await desk.thread())
        await desk.wait(minutes=11)
        assert any("the customer is waiting" in line for line in await desk.thread()), "the clock still rings"
        assert await desk.writes("Sorry, what was that?") == "Sorry, what was that?"


async def test_I5_a_return_that_calls_a_person_again_writes_rows_of_both_cases(tmp_path: Path) -> None:
    slow: list[Receipt] = []

    def breaks(post: DeskPost) -> Receipt | None:
        return slow.pop() if slow and isinstance(post, CardPost) else None

    out_of_order = Table({"lookup": ActionOutcome(outcome=ERROR)})
    async with people_desk(tmp_path, actions=out_of_order, line=partial(Line, breaks=breaks)) as desk:
        for text in ("refund for ORD-12345", "ORD-12345"):
            said = await desk.says(text)
        assert "connecting you with a person" in said
        first = (await desk.case()).id
        await desk.presses("claim")
        slow.append(Retry(reason="the line is busy", after_s=1.0))
        said = await desk.presses("return")
        assert "connecting you with a person" in said, "what failed has failed again"
        await desk.wait(seconds=10)
        assert (await desk.case()).id != first
        assert (await desk.card()).case.state is CaseState.QUEUED
        closed = await page.card(desk.ground.store.records, first)
        assert closed is not None
        assert closed.case.state is CaseState.RETURNED


async def test_H65_a_desk_that_answers_again_with_a_refusal_is_not_said_to_be_away(tmp_path: Path) -> None:
    answers: list[Receipt] = [Refused(reason="too odd"), Retry(reason="nobody there", after_s=1.0)]

    def breaks(post: DeskPost) -> Receipt | None:
        return answers.pop() if answers and isinstance(post, ThreadPost) else None

    async with people_desk(tmp_path, line=partial(Line, breaks=breaks)) as desk:
        await desk.says("I want to talk to a human")
        await desk.says("hello?")
        assert "can't reach the team" not in await desk.wait(minutes=4)
