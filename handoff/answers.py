"""What an agent filled into a window (H58): read from the desk's event, whatever Slack lets through."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

import msgspec

from handoff.buttons import PREFIX
from handoff.case import MAX_NOTE_CHARS, Outcome, Verdict
from handoff.snoozing import read_until

DEFAULT_QUEUE = "default"
OUTCOMES = (Outcome.SOLVED, Outcome.NOT_SOLVED, Outcome.DUPLICATE, Outcome.SPAM)
"""What an agent may say came of a case; the other is the clock's."""

SNOOZES: Mapping[str, str] = {"15m": "15 minutes", "1h": "1 hour", "3h": "3 hours", "tomorrow": "Tomorrow 09:00"}
"""Times to choose, as `read_until` reads them, and in words."""

_WINDOWS = ("resolve", "transfer", "snooze", "reply")
_MINUTES = re.compile(r"[1-9]\d{0,4}", re.ASCII)
_Choice = TypeVar("_Choice", Outcome, Verdict)


class Field(StrEnum):
    """The inputs of the windows, by their block's id."""

    OUTCOME = "outcome"
    VERDICT = "verdict"
    NOTE = "note"
    QUEUE = "queue"
    WAKE = "wake"
    MINUTES = "minutes"
    TEXT = "text"


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked of an agent before something is done; what a window does not ask is empty."""

    button: str
    outcome: Outcome | None = None
    verdict: Verdict | None = None
    note: str = ""
    queue: str = ""
    until: datetime | None = None
    text: str = ""


def answer_of(action: str, inputs: str, *, now: datetime, zone: str = "UTC") -> Answer | None:
    """Read a submitted window: its callback id, and its inputs as JSON `{block id: text, texts or null}`.

    None when it is none of ours or cannot be read. `zone` is the desk's, for "tomorrow".
    """
    button = action.removeprefix(PREFIX)
    if not action.startswith(PREFIX) or button not in _WINDOWS:
        return None
    try:
        filled = msgspec.json.decode(inputs, type=dict[str, str | list[str] | None])
    except (msgspec.MsgspecError, UnicodeEncodeError):
        return None
    given = {name: value for name, told in filled.items() if (value := _one(told))}
    return Answer(
        button=button,
        outcome=_choice(OUTCOMES, given.get(Field.OUTCOME, "")),
        verdict=_choice(tuple(Verdict), given.get(Field.VERDICT, "")),
        note=given.get(Field.NOTE, "")[:MAX_NOTE_CHARS],
        queue=given.get(Field.QUEUE, ""),
        until=_until(given, now, zone),
        text=given.get(Field.TEXT, ""),
    )


def _one(told: str | list[str] | None) -> str:
    value = (told[0] if told else "") if isinstance(told, list) else told or ""
    return value.strip()


def _choice(offered: Sequence[_Choice], name: str) -> _Choice | None:
    return next((one for one in offered if one == name), None)


def _until(given: Mapping[str, str], now: datetime, zone: str) -> datetime | None:
    """A number of minutes wins over a choice; what is no number counts as left empty."""
    typed = given.get(Field.MINUTES, "")
    if _MINUTES.fullmatch(typed):
        return now + timedelta(minutes=int(typed))
    return read_until(given.get(Field.WAKE, ""), now, zone)
