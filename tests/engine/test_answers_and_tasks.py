"""An answer that happens to use a word of another task is an answer (R16, R28, R45)."""

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
