"""A turn hands the conversation out to a person, and a run comes back from one (R60, R46, H27, H96)."""

from __future__ import annotations

import asyncio

import pytest

from engine.conversation import Conversation
from engine.handback import ended_by_people, hand_back, left_to_people, speaking
from engine.message import Notice, Reply, Voice
from engine.ports import ERROR, ActionOutcome
from engine.say import Composed
from engine.turn import Turn
from engine.wanted import Wanted
from tests.engine.flows_for_tests import REFUND, SHOP, SIGNUP
from tests.engine.talk import Talk, flow

LIMITED = flow(
    """
frontdesk: 1
flow: returns
title: Return something big
description: The customer returns something big.
triggers: [return something big]
slots:
  size: {type: integer, label: size}
states:
  ask: {prompt: "How big is it?", slot: size, next: told}
  told: {prompt: "That is {{ size }} metres.", next: person}
  person: {handoff: {reason: too_big, queue: billing}}
"""
)
CALLER = flow(
    """
frontdesk: 1
flow: moving
title: Move house
description: The customer moves.
triggers: [move house]
slots:
  town: {type: text, label: town}
states:
  ask: {prompt: "Which town?", slot: town, next: big}
  big: {call: returns, next: end}
  end: {prompt: "Moved.", terminal: true}
"""
)


def people(*flows: object, **more: object) -> Talk:
    """A talk with a desk of persons behind it."""
    return Talk(*(flows or (REFUND, SIGNUP, LIMITED, CALLER)), answers=SHOP, people=True, **more)  # type: ignore[arg-type] # passed on


def wanted(talk: Talk) -> Wanted:
    found = talk.turns[-1].wanted
    assert found is not None, "nobody is wanted"
    return found


def given_back(talk: Talk, lead: str = "Back with the assistant.") -> tuple[Turn, Composed]:
    turn, composed = asyncio.run(hand_back(talk.turns[-1], talk.world, lead))
    assert composed is not None
    return turn, composed


def test_R60_a_request_for_a_person_leaves_the_run_as_it_stood_and_says_nothing() -> None:
    talk = people()
    talk.say("I want a refund")
    stack = talk.conversation.stack
    assert talk.say("I want to talk to a human") == ""
    assert wanted(talk).trigger == "explicit_request"
    assert wanted(talk).quote == "I want to talk to a human"
    assert talk.conversation.stack == stack


def test_H96_what_else_the_message_holds_fills_its_slot_first() -> None:
    talk = people()
    talk.say("I want a refund")
    talk.say("get me a human, my order is ORD-12345")
    assert wanted(talk).trigger == "explicit_request"
    assert talk.value("order_number") == "ORD-12345"
    assert not talk.world.actions.asked, "nothing is looked up for somebody who wants a person"


def test_R60_words_for_a_person_are_no_value_of_an_open_text_question() -> None:
    talk = people()
    talk.say("sign up")
    talk.say("talk to a person please")
    assert wanted(talk).trigger == "explicit_request"
    assert talk.value("full_name") is None


def test_H91_a_handoff_state_says_what_the_flow_said_on_the_way() -> None:
    talk = people()
    talk.say("I want to return something big")
    talk.say("7")
    assert wanted(talk) == Wanted(trigger="flow_step", reason="too_big", queue="billing", about="flow:active")
    composed = talk.turns[-1].composed
    assert composed is not None
    assert composed.text("A person comes.") == "That is 7 metres.\nA person comes."


def test_R22_the_fifth_failure_wants_a_person() -> None:
    talk = people()
    talk.say("refund")
    for text in ("1", "2", "dunno 3", "nope 4", "nope 5"):
        talk.say(text)
    assert wanted(talk).trigger == "repeated_failure"
    assert wanted(talk).about == "slot:order_number"
    assert talk.top.flow == "refund"


def test_R22_the_flows_own_edges_to_one_question_want_a_person_in_the_end() -> None:
    talk = people()
    talk.say("refund")
    said = [talk.say(f"ORD-9999{number}") for number in range(4)]
    assert "talk to a person" in said[2]
    assert "talk to a person" in said[3]
    assert said[3] != said[2].replace("99992", "99993")
    talk.say("ORD-99994")
    assert wanted(talk).trigger == "repeated_failure"
    assert wanted(talk).about == "slot:order_number"


@pytest.mark.parametrize("certain", [True, False])
def test_H72_an_action_that_failed_wants_a_person_and_an_unknown_effect_is_called_unknown(certain: bool) -> None:
    answers = SHOP | {"pay": ActionOutcome(outcome=ERROR, certain=certain)}
    talk = Talk(REFUND, answers=answers, people=True)
    for text in ("refund for ORD-12345", "yes", "broken", "it was a gift"):
        talk.say(text)
    assert wanted(talk).trigger == "action_failure"
    assert wanted(talk).about == "action:pay"
    composed = talk.turns[-1].composed
    assert composed is not None
    assert ("can't say whether it went through" in composed.text()) is not certain


def test_R59_a_look_up_that_fails_twice_in_a_row_wants_a_person() -> None:
    talk = Talk(REFUND, answers={"lookup": ActionOutcome(outcome=ERROR)}, people=True)
    talk.say("refund")
    assert "can't reach" in talk.say("ORD-12345")
    assert talk.turns[-1].wanted is None
    talk.say("ORD-12345")
    assert wanted(talk).trigger == "action_failure"
    assert (wanted(talk).value, wanted(talk).threshold) == (2.0, 2.0)


def test_R46_a_run_comes_back_with_its_question_and_fresh_tries() -> None:
    talk = people()
    talk.say("I want a refund")
    talk.say("12345")
    talk.say("a human please")
    turn, composed = given_back(talk)
    assert composed.text().startswith("Back with the assistant.")
    assert "Which order number" in composed.text()
    top = turn.conversation.top
    assert top is not None
    assert (top.tries, top.clarify, top.offers) == (0, 0, 0)


def test_H96_a_value_given_with_the_request_is_used_when_the_run_comes_back() -> None:
    talk = people()
    talk.say("I want a refund")
    talk.say("get me a human, my order is ORD-12345")
    _, composed = given_back(talk)
    assert "eadphones" in composed.text()


def test_R60_a_run_at_its_handoff_is_over_once_a_person_is_done() -> None:
    talk = people()
    talk.say("I want to return something big")
    talk.say("7")
    turn, composed = given_back(talk)
    assert turn.conversation.stack == ()
    assert turn.conversation.ended is not None
    assert turn.conversation.ended.reason == "handed_off"
    assert "I can help with" in composed.text()


def test_R60_a_called_run_at_its_handoff_takes_its_caller_with_it() -> None:
    talk = people()
    talk.say("I want to move house")
    talk.say("Ghent")
    talk.say("7")
    assert len(talk.conversation.stack) == 2
    after = left_to_people(talk.conversation, talk.world.book)
    assert after.stack == ()
    assert after.ended is not None
    assert after.ended.flow == "moving"


def test_R46_the_run_below_returns_when_the_one_above_was_handed_off() -> None:
    talk = people()
    talk.say("I want a refund")
    talk.say("first return something big")
    talk.say("7")
    turn, composed = given_back(talk)
    assert [frame.flow for frame in turn.conversation.stack] == ["refund"]
    assert "Which order number" in composed.text()


def test_H145_a_person_who_solved_it_ends_every_run() -> None:
    talk = people()
    talk.say("I want a refund")
    after = ended_by_people(talk.conversation)
    assert after.stack == ()
    assert after.question is None
    assert after.ended is not None
    assert after.ended.reason == "handed_off"


def test_H3_what_the_desk_says_is_a_row_of_the_same_turn() -> None:
    talk = people()
    talk.say("I want a refund")
    talk.say("a human please")
    turn = speaking(talk.turns[-1], "A person comes.")
    (reply,) = [effect for effect in turn.outbox if isinstance(effect, Reply)]
    assert (reply.text, reply.voice, reply.notice) == ("A person comes.", Voice.DESK, Notice.REQUIRED)
    assert turn.notes.said == "A person comes."
    assert turn.outbox[0] is reply
    assert turn.conversation.window[-1].text == "A person comes."


def test_H30_nothing_is_said_to_somebody_who_opted_out() -> None:
    talk = people()
    talk.say("I want a refund")
    turn = talk.turns[-1]
    away = Conversation(id="talk", address=turn.conversation.address, opted_out=True)
    silent = Turn(id="x", conversation=away, outbox=(), consumed=(), notes=turn.notes)
    assert speaking(silent, "Hello") is silent
