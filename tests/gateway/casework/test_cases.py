"""People take over and hand back, through a real store and worker (spec/handoff.md sections 1, 2, 4, 9)."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from engine.message import EventKind, Refused, Reply, Voice
from gateway.fates import Dead
from handoff.case import Agent, CaseState, Outcome, Owner, Verdict
from handoff.policy import DeskPolicy, ReplyPolicy
from tests.gateway.people_desk import ANNA, TOM, PeopleDesk, asked, claimed, people_desk

pytestmark = pytest.mark.anyio


async def test_H3_a_request_opens_a_case_and_tells_the_customer_once(desk: PeopleDesk) -> None:
    said = await asked(desk)
    assert "connecting you with a person" in said
    assert "Which order number" not in said
    case = await desk.case()
    assert (case.state, case.primary, case.queue) == (CaseState.QUEUED, "explicit_request", "default")
    assert (await desk.conversation()).owner == Owner.QUEUE
    card = await desk.card()
    assert card.summary.trigger.explicit_request
    assert "I want to talk to a human" in [message.text for message in card.summary.messages]


async def test_H21_asking_again_while_waiting_repeats_nothing_and_opens_nothing(desk: PeopleDesk) -> None:
    await asked(desk)
    first = (await desk.case()).id
    assert await desk.says("hello? a human please") == ""
    assert (await desk.case()).id == first
    assert await desk.thread("customer") == ["hello? a human please"]


async def test_H25_the_customers_words_reach_the_thread_once_and_in_order(desk: PeopleDesk) -> None:
    await claimed(desk)
    words = [f"word {n}" for n in range(5)]
    for text in words:
        assert await desk.says(text) == ""
    assert await desk.thread("customer") == words


async def test_H24_the_bot_is_silent_while_a_person_has_it(desk: PeopleDesk) -> None:
    await claimed(desk)
    assert await desk.says("ORD-12345") == ""
    assert await desk.says("what time is it?") == ""
    assert desk.ground.parts.actions.asked == []  # type: ignore[attr-defined] # the table's


async def test_H11_a_claim_is_announced_once_and_an_agents_words_arrive(desk: PeopleDesk) -> None:
    assert "now talking with Anna" in await claimed(desk)
    assert await desk.writes("Hello, I am looking.") == "Hello, I am looking."
    assert await desk.writes("Found it.") == "Found it."
    assert (await desk.case()).state is CaseState.WAITING_CUSTOMER
    assert [mark for _, mark in await desk.marks()] == ["accepted", "delivered", "accepted", "delivered"]
    assert [notes.answered for notes in await desk.journal() if notes.answered] == ["Hello, I am looking.", "Found it."]


async def test_H26_words_that_did_not_arrive_are_shown_as_failed_and_can_be_sent_again(desk: PeopleDesk) -> None:
    await claimed(desk)
    desk.ground.dove.receipts["ada"].append(Refused(reason="blocked"))
    await desk.writes("Hello")
    assert [mark for _, mark in await desk.marks()] == ["accepted", "failed"]
    assert (await desk.case()).state is CaseState.UNDELIVERED
    assert any("Not delivered: blocked" in line for line in await desk.thread())
    assert await desk.presses("retry") == "Hello"
    assert (await desk.case()).state is CaseState.WAITING_CUSTOMER


async def test_H29_of_two_agents_one_gets_the_case(desk: PeopleDesk) -> None:
    await asked(desk)
    seen = (await desk.case()).version
    await desk.presses("claim", ANNA, seen=seen)
    assert await desk.presses("claim", TOM, seen=seen) == ""
    assert (await desk.case()).claimed_by == ANNA
    assert [line.text for line in await desk.whispers()] == ["Already claimed by Anna."]


async def test_H45_another_agents_words_are_held_until_they_choose(desk: PeopleDesk) -> None:
    await claimed(desk)
    assert await desk.writes("we should refuse this", TOM) == ""
    (whisper,) = await desk.whispers()
    assert "Take over and send" in whisper.text
    assert whisper.held
    said = await desk.presses("take_over", TOM, held=whisper.held)
    assert said == "You're now talking with Tom.\nwe should refuse this"
    assert (await desk.case()).claimed_by == TOM


async def test_H45_words_kept_internal_never_leave(desk: PeopleDesk) -> None:
    await claimed(desk)
    await desk.writes("we should refuse this", TOM)
    (whisper,) = await desk.whispers()
    assert await desk.presses("keep_internal", TOM, held=whisper.held) == ""
    assert await desk.presses("take_over", TOM, held=whisper.held) == "", "there is nothing left to send"
    case = await desk.case()
    assert case.claimed_by == ANNA
    assert case.held == ()
    assert [note.text for note in case.notes] == ["we should refuse this"]


@pytest.mark.parametrize(
    "note",
    ["note: sounds angry", "  PRIVATE: check", "*internal:* ask Tom", "// code 7781", "note : x", "Note： x", "🔒 x"],
)
async def test_H46_a_note_never_leaves(desk: PeopleDesk, note: str) -> None:
    await claimed(desk)
    assert await desk.writes(note) == ""
    assert len((await desk.case()).notes) == 1


async def test_H44_who_may_not_act_is_told_and_nothing_leaves(desk: PeopleDesk) -> None:
    await claimed(desk)
    stranger = Agent(id="mallory", alias="M")
    assert await desk.writes("outsider speaking", stranger) == ""
    assert await desk.presses("resolve", stranger) == ""
    assert (await desk.case()).state is CaseState.CLAIMED
    assert all("not among this desk's agents" in line.text for line in await desk.whispers())


async def test_H44_explicit_words_alone_leave_where_the_policy_says_so(tmp_path: Path) -> None:
    async with people_desk(tmp_path, policy=DeskPolicy(reply_policy=ReplyPolicy.EXPLICIT)) as desk:
        await claimed(desk)
        assert await desk.writes("thinking aloud") == ""
        assert await desk.writes(">> Hello there") == "Hello there"
        assert await desk.presses("reply", text="And hello again") == "And hello again"


async def test_H147_return_brings_the_bot_and_the_frozen_question_back(desk: PeopleDesk) -> None:
    await claimed(desk)
    await desk.writes("I hand you back now.")
    before = (await desk.conversation()).stack
    said = await desk.presses("return")
    assert "back with the assistant" in said
    assert "Which order number" in said
    assert (await desk.conversation()).stack == before
    assert (await desk.conversation()).owner == Owner.BOT
    assert "Desk lamp" in await desk.says("ORD-24680")


async def test_H145_the_end_of_the_human_part_stands_in_the_conversation(desk: PeopleDesk) -> None:
    await claimed(desk)
    desk.ground.clock.advance(60)
    await desk.writes("Done for now.")
    await desk.presses("return")
    window = (await desk.conversation()).window
    assert [spoken.who for spoken in window][-3:] == ["agent", "system", "bot"]
    assert "assistant is answering again" in window[-2].text


async def test_H10_BOT_is_the_way_back_from_the_queue_and_from_an_agent(desk: PeopleDesk) -> None:
    await asked(desk)
    said = await desk.says("bot")
    assert "let's go on" in said
    assert "Which order number" in said
    assert (await desk.case()).state is CaseState.CANCELLED
    await desk.says("a human please")
    await desk.presses("claim")
    assert "back with the assistant" in await desk.says("BOT")
    assert (await desk.case()).state is CaseState.RETURNED


async def test_H10_the_button_does_the_same_where_there_are_buttons(desk: PeopleDesk) -> None:
    await desk.says("I want a refund")
    desk.ground.dove.receipts["ada"].append(Refused(reason="keep it"))
    await desk.says("I want to talk to a human")
    (dead,) = await desk.ground.store.records.scan("dead")
    body = msgspec.json.decode(dead.blob, type=Dead).body
    assert isinstance(body, Reply)
    assert body.voice is Voice.DESK
    assert [option.label for option in body.options] == ["Go on with the assistant"]
    said = await desk.happens(EventKind.OPTION, option=body.options[0].token)
    assert "Which order number" in said


async def test_H58_resolving_ends_the_run_and_says_so_to_nobody_who_was_not_asked(desk: PeopleDesk) -> None:
    await claimed(desk)
    await desk.presses("resolve", outcome="not_solved", verdict="too_late", note="see shop")
    case = await desk.case()
    assert (case.state, case.outcome, case.verdict) == (CaseState.RESOLVED, Outcome.NOT_SOLVED, Verdict.TOO_LATE)
    conversation = await desk.conversation()
    assert conversation.stack == ()
    assert conversation.ended is not None
    assert conversation.ended.reason == "handed_off"
    assert conversation.course.ended == ("refund: handed_off",)
    assert "Which order number" in await desk.says("I want a refund")


async def test_S40_the_summary_tells_how_the_customer_sounds(desk: PeopleDesk) -> None:
    for text in ("I want a refund", "this is absolutely terrible", "I hate this awful service"):
        await desk.says(text)
    await desk.says("I want to talk to a human")
    mood = (await desk.card()).summary.sentiment
    assert mood.available
    assert (mood.method.kind, mood.current, mood.minimum) == ("lexicon", -0.38, -1.0)
    assert isinstance(mood.points, tuple)
    assert [point.score for point in mood.points] == [0.0, -1.0, -1.0, 0.0]


async def test_H15_asking_again_soon_after_it_was_resolved_opens_the_same_case(desk: PeopleDesk) -> None:
    await claimed(desk)
    first = (await desk.case()).id
    await desk.presses("resolve", outcome="solved")
    assert "Anna" in await desk.says("I want to talk to a human")
    assert (await desk.case()).id == first
    assert (await desk.case()).state is CaseState.WAITING_AGENT


async def test_H130_a_false_alarm_is_never_called_that_to_the_customer(desk: PeopleDesk) -> None:
    await claimed(desk)
    said = await desk.presses("false_alarm")
    assert "false alarm" not in said.lower()
    assert "Which order number" in said
    assert (await desk.case()).verdict is Verdict.FALSE_ALARM
