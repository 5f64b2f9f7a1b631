"""Yes, no, and neither."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.readers.answer import Answer, read_answer
from engine.readers.reading import Reading

READING = Reading(now=datetime(2026, 3, 2, 15, 15, tzinfo=UTC))


def answer(text: str, locale: str = "en") -> Answer | None:
    return read_answer(text, Reading(now=READING.now, locale=locale)).answer


@pytest.mark.parametrize(
    "text",
    ["yes", "Yep!", "yes please", "sure", "ok", "that's right", "thats correct", "sounds good to me", "go ahead",
     "👍🏽", "y", "that is confirmed, proceed.",
     "no problem", "I don't mind", "a shared ride is fine with me", "no wait, yes", "yes yes yes", "right."],
)  # fmt: skip
def test_R25_a_plain_yes_affirms(text: str) -> None:
    assert answer(text) is Answer.AFFIRM


@pytest.mark.parametrize(
    "text",
    ["no", "Nope.", "no thanks", "no thanks, that's all", "ok, no thanks", "not now", "I don't think so",
     "that's wrong", "👎",
     "no it isn't", "never", "definitely not", "I do not want that", "yes, wait, no", "n"],
)  # fmt: skip
def test_R25_a_plain_no_denies(text: str) -> None:
    assert answer(text) is Answer.DENY


@pytest.mark.parametrize(
    "text",
    ["maybe", "hmm maybe", "I think so", "not sure", "dunno", "I don't know", "whatever suits you", "yes and no", "🤷",
     "yes, maybe", "yes no", "I don't have that information"],
)  # fmt: skip
def test_R25_neither_is_unsure(text: str) -> None:
    assert answer(text) is Answer.UNSURE


@pytest.mark.parametrize(
    "text",
    ["no signal", "my phone has no signal", "sure?", "right now I am at work", "the weather is lovely",
     "is that right?", "",
     "ORD-12345", "I'd like to go to a concert", "correct my address", "Nora", "yesterday", "noon", "okra"],
)  # fmt: skip
def test_R16_false_friends_answer_nothing(text: str) -> None:
    assert answer(text) is None


@pytest.mark.parametrize(
    ("text", "said", "rest"),
    [
        ("no, it's ORD-67890", Answer.DENY, "it's ORD-67890"),
        ("no ORD-67890", Answer.DENY, "ORD-67890"),
        ("yes, and is there a fee?", Answer.AFFIRM, "and is there a fee?"),
        ("Yes please, that's right.", Answer.AFFIRM, ""),
        ("ok, what does it cost?", Answer.AFFIRM, "what does it cost?"),
        ("no, ORD-12345 after all", Answer.DENY, "ORD-12345 after all"),
        ("the blue one", None, "the blue one"),
    ],
)
def test_R44_what_is_said_beside_the_answer_is_kept(text: str, said: Answer | None, rest: str) -> None:
    read = read_answer(text, READING)
    assert (read.answer, read.rest) == (said, rest)


def test_R25_the_persons_language_is_read_besides_english() -> None:
    assert answer("ja, genau", "de") is Answer.AFFIRM
    assert answer("nein danke", "de-AT") is Answer.DENY
    assert answer("ja") is None
