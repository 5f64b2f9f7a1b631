"""Yes, no, leaving and asking for a person, in wordings of many kinds, each with what only sounds like it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.readers.answer import Answer, read_answer, revises
from engine.readers.control import Control, read_control
from engine.readers.person_requests import asks_for_person
from engine.readers.reading import Reading

NOW = Reading(now=datetime(2019, 3, 6, 9, 20, tzinfo=UTC))


def answered(text: str) -> Answer | None:
    """To a confirmation, where asking for something else is a no."""
    return read_answer(text, NOW).answer or (Answer.DENY if revises(text) else None)


@pytest.mark.parametrize(
    "text",
    [
        "let's book it",
        "I'll take it",
        "I have no objections",
        "that's the one I need",
        "please make the reservation",
        "finalize the order please",
        "we're good to go",
        "okey dokey",
        "ok great. what's the address?",
    ],
)
def test_R16_wordy_yes(text: str) -> None:
    assert answered(text) is Answer.AFFIRM


@pytest.mark.parametrize(
    "text",
    [
        "we're all set",
        "there is no need",
        "you misunderstood me",
        "that's the wrong hotel",
        "noooo",
        "it should be Sunday",
        "the number of guests should be 3",
        "I asked for two seats",
        "I'd rather have the window seat",
        "something different",
        "a different hotel please",
        "I've changed my mind",
    ],
)
def test_R44_no_and_what_is_wanted_instead(text: str) -> None:
    assert answered(text) is Answer.DENY


@pytest.mark.parametrize(
    "text", ["hang on", "make the order", "I want it on Friday", "wrong turns happen all the time"]
)
def test_R16_what_only_begins_like_a_no_is_none(text: str) -> None:
    assert answered(text) is not Answer.DENY


@pytest.mark.parametrize(
    "text", ["undo", "ditch it", "close this", "scratch that", "take that back", "no longer interested"]
)
def test_R51_leaving_in_many_wordings(text: str) -> None:
    read = read_control(text, NOW)
    assert read is not None and read.control is Control.CANCEL


@pytest.mark.parametrize(
    "text", ["remove the third item", "close to the station", "leave at 5", "discard the milk", "undo my last payment"]
)
def test_R51_a_verb_with_an_object_of_its_own_leaves_nothing(text: str) -> None:
    assert read_control(text, NOW) is None


@pytest.mark.parametrize(
    "text",
    [
        "how can I reach a human",
        "I want to get in touch with an adviser",
        "could a member of staff help me",
        "is anybody there I could talk to",
        "who can I speak to",
        "let me talk to whoever is in charge",
        "get your supervisor",
        "please call me back",
        "I'd rather deal with a real person",
        "stop the bot",
        "hand me over",
    ],
)
def test_R60_a_person_is_asked_for_in_many_wordings(text: str) -> None:
    assert asks_for_person(text)


@pytest.mark.parametrize(
    "text",
    [
        "are you a live person?",
        "I want to change my contact person",
        "call me Jo",
        "no need to talk to a person",
        "can someone else use it",
        "a table for one person",
        "I need one person",
        "who are you",
    ],
)
def test_R60_what_only_mentions_people_asks_for_nobody(text: str) -> None:
    assert not asks_for_person(text)
