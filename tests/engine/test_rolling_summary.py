"""S19: the rolling summary, after every few turns of the customer; and how far the conversation is."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from engine.course import Summary, newer
from engine.desk import DeskDef
from tests.engine.flows_for_tests import REFUND, SHOP, SIGNUP
from tests.engine.talk import Talk


def summary(talk: Talk) -> Summary:
    found = talk.conversation.course.summary
    assert found is not None
    return found


def test_S19_every_third_turn_of_the_customer_by_default() -> None:
    talk = Talk(REFUND, SIGNUP, answers=SHOP)
    made = []
    for text in ("hello", "I want a refund", "ORD-12345", "yes", "broken", "none", "thanks"):
        talk.say(text)
        made.append(talk.conversation.course.summary.turn if talk.conversation.course.summary else 0)
    assert made == [0, 0, 3, 3, 3, 6, 6]
    assert [turn.notes.summary.turn for turn in talk.turns if turn.notes.summary] == [3, 6]


def test_S19_a_flow_and_a_desk_choose_how_often() -> None:
    often = Talk(replace(REFUND, summary_every=1), answers=SHOP, desk=DeskDef(summary_every=10))
    often.say("hello")
    assert often.conversation.course.summary is None
    often.say("I want a refund")
    assert summary(often).turn == 2
    often.say("ORD-12345")
    assert summary(often).turn == 3


def test_S19_it_holds_decisions_open_points_topics_and_mood() -> None:
    talk = Talk(REFUND, SIGNUP, answers=SHOP, desk=DeskDef(summary_every=1))
    for text in ("I want a refund", "ORD-12345", "I want to sign up", "Ann Lee"):
        talk.say(text)
    assert summary(talk) == Summary(
        turn=4, open=("signup: email", "refund: confirmed"), topics=("refund", "signup"), mood="even"
    )
    talk.say("never mind, this is terrible, terrible")
    talk.say("yes")
    found = summary(talk)
    assert found.decisions == ("signup: cancelled",)
    assert found.open == ("refund: reason",)
    assert found.mood == "unhappy"


def test_S19_what_was_decided_stays_in_the_next_summary_and_is_bounded() -> None:
    talk = Talk(REFUND, SIGNUP, answers=SHOP, desk=DeskDef(summary_every=2))
    for _ in range(6):
        talk.say("I want a refund")
        talk.say("never mind")
        talk.say("I want to sign up")
        talk.say("never mind")
    assert len(summary(talk).decisions) == 8
    assert summary(talk).decisions[-2:] == ("refund: cancelled", "signup: cancelled")
    assert talk.conversation.course.ended == ()


def test_S19_no_slot_value_stands_in_it() -> None:
    talk = Talk(REFUND, SIGNUP, answers=SHOP, desk=DeskDef(summary_every=1))
    for text in ("I want to sign up", "Mara Quist", "mara@example.com", "I want a refund", "ORD-12345"):
        talk.say(text)
    written = msgspec.json.encode(talk.conversation.course).decode()
    assert not [value for value in ("Mara", "Quist", "example", "12345") if value in written]


def test_S19_a_summary_never_takes_the_place_of_a_later_one() -> None:
    third, sixth = Summary(turn=3), Summary(turn=6)
    assert newer(sixth, third) is sixth
    assert newer(third, sixth) is sixth
    assert newer(None, third) is third
    rewritten = Summary(turn=3, mood="pleased")
    assert newer(third, rewritten) is rewritten


def phases(talk: Talk, *texts: str) -> list[str]:
    before = len(talk.turns)
    for text in texts:
        talk.say(text)
    return [turn.notes.phase for turn in talk.turns[before:]]


def test_a_conversation_greets_gathers_confirms_and_closes() -> None:
    talk = Talk(REFUND, SIGNUP, answers=SHOP)
    said = ("hello", "I want a refund", "ORD-12345", "yes", "broken")
    assert phases(talk, *said) == ["greeting", "gathering", "confirming", "gathering", "gathering"]
    assert phases(talk, "none") == ["confirming", "closing"], "the call is under way, then its result is there"
    assert phases(talk, "thanks") == ["closing"]
    assert phases(talk, "I want to sign up", "never mind") == ["gathering", "closing"]


def test_who_comes_back_much_later_is_greeted_anew() -> None:
    talk = Talk(REFUND, SIGNUP, answers=SHOP)
    phases(talk, "I want a refund", "never mind")
    talk.wait(hours=1)
    assert phases(talk, "hello", "hello again") == ["greeting", "greeting"]
    assert phases(talk, "I want to sign up", "never mind", "thanks") == ["gathering", "closing", "closing"]


def test_a_run_that_expired_leaves_nobody_to_say_goodbye_to() -> None:
    talk = Talk(REFUND, SIGNUP, answers=SHOP)
    phases(talk, "I want a refund")
    talk.wait(hours=48)
    assert talk.turns[-1].notes.phase == "greeting"
    assert phases(talk, "hello") == ["greeting"]


def test_cancelling_what_was_left_open_closes() -> None:
    talk = Talk(REFUND, SIGNUP, answers=SHOP)
    phases(talk, "I want a refund")
    talk.wait(hours=1)
    assert phases(talk, "never mind") == ["closing"]
