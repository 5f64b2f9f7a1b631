"""S17: the window is the last messages, or the last turns where a flow or the desk counts those."""

from __future__ import annotations

from msgspec.structs import replace

from engine.conversation import Spoken
from engine.desk import DeskDef
from engine.flow import Window
from engine.window import kept
from tests.engine.flows_for_tests import REFUND, SHOP, SIGNUP
from tests.engine.talk import Talk

LONG = ("I want to sign up", "Ann Lee", "ann@example.com", "3 seats", "team", "what time is it?", "help", "repeat")


def spoken(letters: str) -> list[Spoken]:
    who = {"c": "customer", "b": "bot", "a": "agent"}
    return [Spoken(who=who[letter], text=letter) for letter in letters]


def test_S17_a_turn_begins_where_the_customer_speaks_after_somebody_else() -> None:
    talk = spoken("cbccbbcab")
    assert len(kept(talk, Window(turns=1))) == len("cab")
    assert len(kept(talk, Window(turns=2))) == len("ccbbcab")
    assert len(kept(talk, Window(turns=9))) == len(talk)
    assert len(kept(talk, Window(messages=3))) == 3
    assert kept([], Window(turns=3)) == ()


def test_S17_the_desk_keeps_five_messages_and_a_flow_its_own_turns() -> None:
    by_turns = replace(SIGNUP, window=Window(turns=3))
    for flow, most in ((SIGNUP, 5), (by_turns, 6)):
        talk = Talk(flow, REFUND, answers=SHOP)
        for text in LONG:
            talk.say(text)
        assert len(talk.conversation.window) == most


def test_S17_an_interruption_brings_its_own_window_and_the_desks_holds_without_a_run() -> None:
    talk = Talk(replace(SIGNUP, window=Window(turns=10)), REFUND, answers=SHOP, desk=DeskDef(window=Window(messages=3)))
    for text in LONG:
        talk.say(text)
    assert len(talk.conversation.window) == 2 * len(LONG)
    talk.say("I want a refund")
    assert len(talk.conversation.window) == 3
