"""What random lives at the desk have broken once (tests/chaos/lives), each in the few steps that it takes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace

from engine.message import Attachment, EventKind, Receipt, Refused, Retry
from engine.ports import ERROR, ActionOutcome
from gateway.deskdoor import DeskDoor
from gateway.failpoints import Armed, FailpointRaised, Fate
from gateway.outbox import LOOK_AGAIN_S
from gateway.turns import MOST_RAISES
from handoff import page, threads
from handoff.case import CaseState, Thread, Verdict
from handoff.hours import read_hours
from handoff.policy import DeskPolicy
from handoff.ports import DeskFace
from handoff.posts import CardPost, DeskPost, Mark, Marking, ThreadPost
from handoff.threads import Place
from tests.engine.flows_for_tests import SHOP
from tests.engine.talk import Table
from tests.gateway.people_desk import ANNA, CONVERSATION, TOM, PeopleDesk, desk_of, people_desk

pytestmark = pytest.mark.anyio


@dataclass
class Line:
    """A line to the desk's face, which gives another answer to what `breaks` it, as long as that says one."""

    face: DeskFace
    breaks: Callable[[DeskPost], Receipt | None]

    async def show(self, post: DeskPost, done: Sequence[str], *, since: datetime, again: bool = False) -> Receipt:
        return self.breaks(post) or await self.face.show(post, done, since=since, again=again)


@dataclass
class Stumbles:
    """A process that stumbles where `at` says, so many times."""

    at: str = ""
    times: int = 1

    def reach(self, name: str) -> None:
        if name == self.at and self.times > 0:
            self.times -= 1
            raise FailpointRaised(name)


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


async def test_H24_words_that_wait_behind_an_opt_in_are_for_the_person_who_has_the_conversation(tmp_path: Path) -> None:
    async with people_desk(tmp_path, actions=Table(SHOP)) as desk:
        desk.ground.dove.limits = replace(desk.ground.dove.limits, opt_in_words=("start",))
        await claimed(desk)
        await desk.happens(EventKind.OPT_OUT)
        stood = (await desk.conversation()).stack
        for text in ("start", "ORD-12345"):
            event = replace(desk.event(EventKind.MESSAGE, text=text), fields={})
            await desk.ground.store.mailbox.accept(event, want_grant=False)
        await desk.settled()
        assert (await desk.conversation()).stack == stood
        assert await desk.thread("customer") == ["start", "ORD-12345"]


async def test_H57_a_second_click_on_take_over_changes_nothing(desk: PeopleDesk) -> None:
    await claimed(desk)
    await desk.writes("we should refuse this", TOM)
    (whisper,) = await desk.whispers()
    await desk.presses("take_over", TOM, held=whisper.held)
    stood = await desk.case()
    assert await desk.presses("take_over", TOM, held=whisper.held) == ""
    case = await desk.case()
    assert (case.state, case.version, case.timers) == (stood.state, stood.version, stood.timers)


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


async def test_H30_nothing_more_is_sent_once_STOP_came_in_while_the_row_before_was_sent(desk: PeopleDesk) -> None:
    dove = desk.ground.dove
    await claimed(desk)
    await desk.writes("may I?", TOM)
    (whisper,) = await desk.whispers()
    dove.flying.clear()
    taking_over = asyncio.create_task(desk.presses("take_over", TOM, held=whisper.held))
    await asyncio.sleep(2 * LOOK_AGAIN_S)
    await desk.worker.take(desk.event(EventKind.OPT_OUT))
    dove.flying.set()
    assert await taking_over == "You're now talking with Tom.", "that was under way; Tom's own words are not sent"
    assert "Not delivered: the person opted out." in await desk.thread()


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


async def test_H57_a_second_click_on_a_verdict_is_no_news(desk: PeopleDesk) -> None:
    await claimed(desk)
    await desk.presses("return")
    await desk.presses("verdict_good_call")
    judged = await desk.case()
    await desk.presses("verdict_good_call")
    assert await desk.case() == judged
    await desk.presses("verdict_too_late", TOM)
    assert (await desk.case()).verdict is Verdict.TOO_LATE, "it may be changed (H130)"


async def test_H30_an_opt_out_that_is_set_aside_is_an_opt_out(tmp_path: Path) -> None:
    stumbles = Stumbles()
    async with people_desk(tmp_path, failpoints=stumbles) as desk:
        await desk.says("hello")
        stumbles.at, stumbles.times = "before_commit", MOST_RAISES
        said = [await desk.happens(EventKind.OPT_OUT), *[await desk.wait(seconds=3) for _ in range(3)]]
        assert said == [""] * 4
        assert (await desk.conversation()).opted_out
        assert await desk.says("are you there?") == ""
