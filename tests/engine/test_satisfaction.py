"""S39: when a customer is asked how it went, when not, and what counts as an answer."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from engine.desk import DeskDef
from engine.message import NO_LIMITS
from engine.readers.ratings import read_rating
from engine.satisfaction import Rating
from tests.engine.flows_for_tests import REFUND, SHOP, SIGNUP
from tests.engine.proofs.rating import ASKED, STEPS, asking, resolved, scores
from tests.engine.talk import Talk


def signed_up(talk: Talk) -> str:
    for text in ("I want to sign up", "Ann Lee", "ann@example.com", "3 seats", "basic"):
        talk.say(text)
    return talk.say("yes")


def refunded(talk: Talk) -> str:
    for text in STEPS[:-1]:
        talk.say(text)
    return talk.say(STEPS[-1])


@pytest.mark.parametrize(
    ("desk", "flow", "asked"),
    [("off", "", False), ("ask", "", True), ("off", "ask", True), ("ask", "off", False), ("ask", "ask", True)],
)
def test_S39_a_flow_or_the_desk_asks_for_it_and_the_flow_has_the_last_word(desk: str, flow: str, asked: bool) -> None:
    talk = Talk(replace(REFUND, csat=flow), answers=SHOP, desk=DeskDef(csat=desk))
    assert (ASKED in refunded(talk)) == asked


def test_S39_nobody_is_asked_after_what_was_not_resolved() -> None:
    talk = asking()
    talk.say("I want a refund")
    assert ASKED not in talk.say("never mind")
    failed = Talk(replace(SIGNUP), desk=DeskDef(csat="ask"))
    failed.say("I want to sign up")
    for _ in range(6):
        assert ASKED not in failed.say("12")


def test_S39_while_another_task_waits_its_question_is_the_one() -> None:
    talk = asking()
    talk.say("I want to sign up")
    said = refunded(talk)
    assert "full name" in said
    assert ASKED not in said


def test_S39_a_new_task_in_the_same_message_has_the_one_question() -> None:
    talk = asking()
    for text in ("I want to sign up", "Ann Lee", "ann@example.com", "3 seats", "basic"):
        talk.say(text)
    said = talk.say("yes", "I want a refund")
    assert "Which order number" in said
    assert ASKED not in said


def test_S39_while_a_person_has_the_case_the_bot_does_not_ask() -> None:
    talk = asking()
    talk.say("I want to sign up")
    talk.stored = talk.stored.replace(b'"turn":1', b'"turn":1,"paused_at":"2026-03-02T15:15:00Z"', 1)
    assert talk.conversation.paused_at is not None
    for text in ("Ann Lee", "ann@example.com", "3 seats", "basic"):
        talk.say(text)
    assert ASKED not in talk.say("yes")


def test_S39_without_buttons_the_figure_alone_is_asked_for() -> None:
    talk = asking(carries=replace(NO_LIMITS, options_native=False))
    assert ASKED in refunded(talk)
    assert talk.replies[-1].options == ()
    assert talk.conversation.pending is not None
    assert talk.conversation.pending.kind == "csat"
    talk.say("3")
    assert scores(talk) == [3]


def test_S39_a_button_of_the_question_counts_for_a_day_whatever_is_open() -> None:
    talk = resolved()
    talk.say("I want to sign up")
    said = talk.press("2", reply=-2)
    assert "Thank you for telling me." in said
    assert "full name" in said
    assert scores(talk) == [2]
    late = resolved()
    late.say("thanks")
    late.wait(hours=25)
    assert "earlier question" in late.press("2", reply=-2)
    assert scores(late) == []


def test_S39_a_bare_figure_in_a_task_is_its_own_answer() -> None:
    talk = resolved()
    for text in ("I want to sign up", "Ann Lee", "ann@example.com"):
        talk.say(text)
    talk.say("5")
    assert talk.value("seats") == 5
    assert scores(talk) == []


def test_S39_the_question_and_its_answer_are_noted_for_reports() -> None:
    talk = resolved()
    (asked,) = [turn.notes.survey for turn in talk.turns if turn.notes.survey]
    assert (asked.flow, asked.run) == ("refund", talk.turns[-1].notes.archived[0].run)
    talk.say("five stars!")
    assert talk.turns[-1].notes.rating == Rating(score=5, run=asked.run, flow="refund")
    assert talk.turns[-1].notes.survey is None
    survey = talk.conversation.survey
    assert survey is not None
    assert (survey.at, survey.mark, survey.run) == (asked.at, "", "")


def test_S39_what_nobody_can_read_leaves_the_question_open() -> None:
    talk = resolved()
    assert ASKED in talk.send("sticker")
    talk.press("1")
    assert scores(talk) == [1]


@pytest.mark.parametrize(
    ("text", "score"),
    [
        *(("5", 5), (" 1. ", 1), ("4/5", 4), ("4 out of 5", 4), ("3 of 5!", 3), ("five", 5), ("five stars", 5)),
        *(("2 stars", 2), ("⭐⭐⭐⭐", 4), ("★★★☆☆", 3), ("⭐️⭐️", 2), ("I'd give it a 5", 5), ("a 4", 4)),
        *(("0", None), ("6", None), ("7/10", None), ("55", None), ("5 days", None), ("the first one", None)),
        *(("good", None), ("", None), ("not a 5", None), ("1-2", None), ("4.5", None), ("5 5", None)),
    ],
)
def test_S39_one_to_five_or_stars_and_nothing_else_is_a_rating(text: str, score: int | None) -> None:
    assert read_rating(text) == score
