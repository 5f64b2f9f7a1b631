"""A case's thread as our own page shows it: who said what, what became of an agent's words, what waits for a choice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from handoff.asking import is_note
from handoff.case import Case
from handoff.evidence import MessagePart
from handoff.markup import visible
from handoff.page import PageLine
from handoff.pageforms import Button, held_buttons

SETTLES = timedelta(seconds=3)
"""Words of which nothing was heard for so long have not gone out, for whatever reason."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line. `who` is customer, bot, agent, or "" for the desk's own; a `note` stays among agents (H46), a `whisper`
    is for the one agent who sits here. `sent` is what became of an agent's words: accepted, delivered, failed, kept
    (they did not go out), or "" while that is not known (H50). `choices` are about held words (H45)."""

    id: str
    at: datetime
    who: str
    text: str
    note: bool = False
    whisper: bool = False
    sent: str = ""
    choices: tuple[Button, ...] = ()


def before_of(messages: Sequence[MessagePart]) -> tuple[Line, ...]:
    """What was said before there was a thread."""
    return tuple(
        Line(id=message.message_id, at=message.at, who=message.who, text=visible(message.text)) for message in messages
    )


def thread_of(lines: Sequence[PageLine], case: Case, *, now: datetime) -> tuple[Line, ...]:
    """The thread, oldest first, with each receipt on the line it is about."""
    marks = {line.of: line.mark for line in lines if line.mark}
    waiting = {held.id for held in case.held} if case.open else set()
    return tuple(_line(line, marks, waiting, case, now) for line in lines if not line.mark)


def _line(line: PageLine, marks: dict[str, str], waiting: set[str], case: Case, now: datetime) -> Line:
    note = line.who == "agent" and is_note(line.text)
    settled = now - line.at > SETTLES
    sent = marks.get(line.id, "kept" if settled and not note else "") if line.who == "agent" else ""
    return Line(
        id=line.id,
        at=line.at,
        who=line.who,
        text=visible(line.text),
        note=note,
        whisper=line.whisper,
        sent=sent,
        choices=held_buttons(case, line.held) if line.held in waiting else (),
    )
