"""What an agent's words, buttons and forms ask for (spec/handoff.md H44-H46, H57, H58)."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from engine.conversation import Conversation
from engine.message import Address, Event, EventKind
from handoff.agentlines import whisper, why_not
from handoff.asking import ask_of
from handoff.hearing import agent_acts
from handoff.moves import Refused, Trigger
from handoff.policy import DeskPolicy
from handoff.posts import Whisper
from handoff.sitting import Sitting
from tests.handoff.desk import ANNA, MONDAY, Desk

_POLICY = DeskPolicy()


def pressed(desk: Desk, button: str, **inputs: str) -> Event:
    """A button of the case's card, with what was filled in."""
    filled = msgspec.json.encode(inputs).decode()
    fields = {"action": f"handoff_{button}", "value": f"{desk.case.id}:{desk.case.version}", "inputs": filled}
    return Event(
        id="press",
        conversation="c",
        kind=EventKind.AGENT_ACTION,
        at=MONDAY,
        address=Address(channel="page", account="page", chat="page", person=ANNA.id),
        fields=fields,
    )


@pytest.fixture
def desk() -> Desk:
    """A case that Anna has claimed."""
    opened = Desk()
    opened.ask()
    opened.do(Trigger.CLAIM, ANNA)
    return opened


@pytest.mark.parametrize(
    ("wake", "after"),
    [
        ("15m", timedelta(minutes=15)),
        ("1h", timedelta(hours=1)),
        ("3h", timedelta(hours=3)),
        ("2d", timedelta(days=2)),
        ("15:30", timedelta(hours=1, minutes=30)),
        ("soon", None),
        ("", None),
    ],
)
def test_H58_a_snooze_form_says_for_how_long(desk: Desk, wake: str, after: timedelta | None) -> None:
    move = ask_of(pressed(desk, "snooze", wake=wake), ANNA, desk.case, now=MONDAY, policy=_POLICY).move
    assert move is not None
    assert move.until == (MONDAY + after if after else None)


def test_H46_a_note_in_the_reply_form_is_a_note(desk: Desk) -> None:
    move = ask_of(pressed(desk, "reply", text="Note : hush"), ANNA, desk.case, now=MONDAY, policy=_POLICY).move
    assert move is not None
    assert (move.trigger, move.text) == (Trigger.NOTE, "Note : hush")


@pytest.mark.parametrize(("of", "told"), [("", "closed"), ("earlier", "closed"), ("this", "")])
def test_H44_what_was_done_in_the_thread_of_an_earlier_case_is_for_nobody(desk: Desk, of: str, told: str) -> None:
    event = pressed(desk, "reply", text="Hello")
    case = {"this": desk.case.id, "earlier": "ho_01M7ZB6VM4XQ8RTFFFDVTR40B4"}.get(of)
    if case:
        event = msgspec.structs.replace(event, fields={**event.fields, "case": case})
    sitting = Sitting(id="turn", now=MONDAY, policy=_POLICY, case=desk.case if case else None)
    agent_acts(event, ANNA, Conversation(id="c"), sitting)
    assert [words for _, words in sitting.words] == ([] if told else ["Hello"])
    assert [post.text for post in sitting.posts if isinstance(post, Whisper)] == ([whisper(told)] if told else [])


def test_H45_words_about_a_case_of_nobody_name_nobody() -> None:
    assert why_not(Refused.NOT_YOURS).startswith("Nobody has claimed this case.")
    assert "Tom" in why_not(Refused.NOT_YOURS, claimer="Tom")
