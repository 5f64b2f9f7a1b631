"""What answers a question, and what only looks as if it did (R16, R28, R39, R45)."""

from __future__ import annotations

import pytest

from tests.engine.flows_for_tests import REFUND, SHOP
from tests.engine.talk import Talk, flow

SIGNAL = flow("""
frontdesk: 1
flow: signal
title: Solve a technical problem
description: The customer's phone has no signal.
triggers: [no signal, technical problem, wrong network]
slots:
  phone: {type: text, label: phone}
states:
  which: {prompt: "Which phone is it?", slot: phone, next: done}
  done: {prompt: "We will look at your {{ phone }}.", terminal: true}
""")


TWICE = flow("""
frontdesk: 1
flow: stay
title: Book a stay
description: The customer books a room, and then a table.
triggers: [stay]
slots:
  nights: {type: integer, label: nights, cues: [nights]}
  room: {type: boolean, ask_only: true}
  table: {type: boolean, ask_only: true}
actions:
  take_room: {http: {method: POST, url: "https://inn.example/rooms", json: {nights: "{{ nights }}"}},
              irreversible: true, outcomes: {201: done}}
states:
  nights: {prompt: "How many nights?", slot: nights, next: room}
  room: {prompt: "A room for {{ nights }} nights?", slot: room, branches: {yes: take_room, no: over}}
  take_room: {action: take_room, branches: {done: table}, on_error: over}
  table: {prompt: "A table as well?", slot: table, branches: {yes: over, no: over}}
  over: {prompt: "Welcome.", terminal: true}
""")


def at_the_confirmation() -> Talk:
    """A refund that shows what it found, at a desk that also mends phones."""
    talk = Talk(REFUND, SIGNAL, answers=SHOP)
    talk.say("refund for ORD-12345")
    return talk


def test_a_no_is_no_phone_without_a_signal() -> None:
    talk = at_the_confirmation()
    assert "Which order number" in talk.say("no")
    assert [frame.flow for frame in talk.conversation.stack] == ["refund"]


@pytest.mark.parametrize("text", ["wrong item", "the wrong item"])
def test_a_choice_is_a_choice_though_a_task_shares_its_word(text: str) -> None:
    talk = at_the_confirmation()
    talk.say("yes")
    assert "Anything to add" in talk.say(text)


def test_another_task_is_still_begun_by_words_that_are_no_answer() -> None:
    talk = at_the_confirmation()
    assert "Which phone" in talk.say("I have no signal")
    assert [frame.flow for frame in talk.conversation.stack] == ["refund", "signal"]


def test_R39_a_no_with_a_change_that_comes_too_late_answers_nothing() -> None:
    talk = Talk(TWICE, answers={"take_room": SHOP["pay"]})
    for text in ("stay", "3", "yes"):
        talk.say(text)
    said = talk.say("no, 4 nights")
    assert "already done" in said
    assert "A table as well?" in said
    assert talk.value("nights") == 3
