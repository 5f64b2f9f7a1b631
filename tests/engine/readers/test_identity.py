"""A customer who asks who is speaking is understood (X68)."""

from __future__ import annotations

import pytest

from engine.readers.identity import asks_who_speaks


@pytest.mark.parametrize(
    "text",
    [
        "are you a bot?",
        "Are you a robot",
        "are you human?",
        "are you a real person?",
        "R u a bot",
        "is this a bot?",
        "wait, are you an AI?",
        "am I talking to a machine?",
        "am i speaking with a real person",
        "Is this a human or a bot?",
        "who are you?",
        "what are you",
        "Who am I talking to?",
        "you're a bot, right?",
        "are you a person or a bot?",
        "Hey, is this automated?",
        "are you just a program?",
    ],
)
def test_X68_who_speaks_is_asked(text: str) -> None:
    assert asks_who_speaks(text)


@pytest.mark.parametrize(
    "text",
    [
        "I want to talk to a real person",
        "can I speak to a human?",
        "are you open?",
        "is this refundable?",
        "who is my agent?",
        "are you able to refund me?",
        "is this a real diamond?",
        "are you sure?",
        "what are you able to do?",
        "my robot vacuum is broken",
        "are you a bot seller?",
        "is this the person who called me yesterday?",
        "bot",
        "who are you selling to?",
    ],
)
def test_X68_anything_else_is_something_else(text: str) -> None:
    assert not asks_who_speaks(text)
