"""Control words, courtesy and questions."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.readers.control import Control, ReadControl, is_question, read_control, read_greeting
from engine.readers.reading import Reading

READING = Reading(now=datetime(2026, 3, 2, 15, 15, tzinfo=UTC))


def control(text: str, *reserved: str) -> ReadControl | None:
    return read_control(text, READING, reserved=frozenset(reserved))


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("cancel", Control.CANCEL),
        ("Please cancel it, thanks!", Control.CANCEL),
        ("never mind", Control.CANCEL),
        ("forget it", Control.CANCEL),
        ("drop it", Control.CANCEL),
        ("stop this", Control.CANCEL),
        ("skip", Control.SKIP),
        ("can we skip this question please?", Control.SKIP),
        ("back", Control.BACK),
        ("go back", Control.BACK),
        ("start over", Control.RESTART),
        ("let's start from scratch", Control.RESTART),
        ("what did you ask again?", Control.REPEAT),
        ("help", Control.HELP),
        ("?", Control.HELP),
        ("what can you do", Control.HELP),
        ("let me talk to a human", Control.HUMAN),
        ("agent please", Control.HUMAN),
        ("cancel that and transfer me to an agent", Control.HUMAN),
        ("I don't want to talk to a bot", Control.HUMAN),
    ],
)
def test_R51_to_R60_a_control_word_is_the_whole_message_or_an_unmistakable_phrase(text: str, command: Control) -> None:
    read = control(text)
    assert read is not None and read.control is command


@pytest.mark.parametrize(
    "text",
    ["cancel my order", "send money to someone", "are you a human?", "am i speaking with a real person",
     "changed my mind",
     "I don't need to talk to a person", "never mind the fee", "start over the weekend", "later", "return", "",
     "  ", "yes",
     "can you write me a poem about trains?", "I already spoke to an agent", "what is the question mark for"],
)  # fmt: skip
def test_R51_other_words_steer_nothing(text: str) -> None:
    assert control(text) is None


def test_R53_what_follows_a_cancel_is_the_rest() -> None:
    assert control("stop that, show my bill for A-1001") == ReadControl(
        control=Control.CANCEL, rest="show my bill for A-1001"
    )
    assert control("never mind I found it") == ReadControl(control=Control.CANCEL, rest="I found it")


def test_R55_back_may_name_a_place() -> None:
    assert control("go back to the order number") == ReadControl(control=Control.BACK, to="order number")
    assert control("Go back to the first version and finish") == ReadControl(
        control=Control.BACK, to="first version", rest="finish"
    )
    assert control("back to the first version") == ReadControl(control=Control.BACK, to="first version")


def test_R56_repeat_says_what() -> None:
    assert control("summarise so far") == ReadControl(control=Control.REPEAT, what="recap")
    assert control("one more time please") == ReadControl(control=Control.REPEAT, what="question")


def test_R51_a_channels_own_words_are_not_control_words() -> None:
    assert control("Stop!", "STOP", "CANCEL") is None
    assert control("never mind", "STOP", "CANCEL") == ReadControl(control=Control.CANCEL)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("hello", "greeting"),
        ("Good morning, how are you?", "greeting"),
        ("thanks a lot!", "thanks"),
        ("ok thank you so much for your help", "thanks"),
        ("thanks, bye", "goodbye"),
        ("hi, cash please", None),
        ("ok", None),
        ("thanks, that's all", None),
        ("", None),
    ],
)
def test_S6_courtesy_is_a_whole_message(text: str, kind: str | None) -> None:
    assert read_greeting(text) == kind


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("what time is it", True),
        ("and who pays for shipping", True),
        ("how long again?", True),
        ("can you write me a poem", True),
        ("when I ordered it, it was fine", False),
        ("do it", False),
        ("what a day", False),
        ("see http://a.example/?q=1", False),
        ("ORD-12345", False),
    ],
)
def test_R41_a_question_has_a_mark_or_an_opening(text: str, asks: bool) -> None:
    assert is_question(text) is asks
