"""Proofs of S39: how it went is asked once, and only one to five answers."""

from __future__ import annotations

from engine.desk import DeskDef
from engine.message import NO_LIMITS, Limits
from tests.engine.flows_for_tests import REFUND, SHOP, SIGNUP
from tests.engine.proofs.register import proof
from tests.engine.talk import Talk

ASKED = "How did I do, 1 to 5?"
STEPS = ("I want a refund", "ORD-12345", "yes", "broken", "none")


def asking(without: tuple[str, ...] = (), carries: Limits = NO_LIMITS) -> Talk:
    """A desk that asks how it went."""
    return Talk(REFUND, SIGNUP, answers=SHOP, desk=DeskDef(csat="ask"), without=without, carries=carries)


def resolved(without: tuple[str, ...] = ()) -> Talk:
    """A refund that went well, up to the question how it went."""
    talk = asking(without)
    for text in STEPS:
        talk.say(text)
    return talk


def scores(talk: Talk) -> list[int]:
    """What was answered, in order."""
    return [turn.notes.rating.score for turn in talk.turns if turn.notes.rating]


@proof("S39")
def the_last_reply_of_a_resolved_run_asks_how_it_went(without: tuple[str, ...]) -> None:
    talk = resolved(without)
    assert talk.replies[-1].text.endswith(ASKED)
    assert "Your money is on its way." in talk.replies[-1].text
    assert talk.options == ["1", "2", "3", "4", "5"]
    for text in STEPS:
        talk.say(text)
    assert ASKED not in talk.replies[-1].text, "once in seven days"
    talk.wait(days=7)
    for text in STEPS:
        talk.say(text)
    assert talk.replies[-1].text.endswith(ASKED)


@proof("S39.score")
def one_to_five_answers(without: tuple[str, ...]) -> None:
    talk = resolved(without)
    assert talk.press("4") == "Thank you for telling me."
    assert talk.conversation.pending is None
    assert "S39.score" in talk.rules
    assert scores(talk) == [4]


@proof("S39.cancel")
def cancel_withdraws_the_question_alone(without: tuple[str, ...]) -> None:
    talk = resolved(without)
    assert talk.say("never mind") == "All right."
    assert talk.conversation.pending is None


@proof("S39.other")
def anything_else_is_an_ordinary_message(without: tuple[str, ...]) -> None:
    talk = resolved(without)
    assert ASKED not in talk.say("thanks")
    assert talk.conversation.pending is None
    talk = resolved(without)
    assert "full name" in talk.say("I want to sign up")
    assert talk.conversation.pending is None


@proof("S39.late")
def a_bare_figure_still_answers_within_a_day(without: tuple[str, ...]) -> None:
    talk = resolved(without)
    talk.say("thanks")
    talk.wait(hours=23)
    assert talk.say("5") == "Thank you for telling me."
    assert talk.say("5") != "Thank you for telling me.", "once"
    assert scores(talk) == [5]
