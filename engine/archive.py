"""What is kept of a run that is over: a line of the journal for reports and memory (S9, S38)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec
from msgspec.structs import replace

from engine.book import Book
from engine.conversation import Conversation
from engine.course import Course
from engine.frame import Ended, Frame, FrameKind, over
from engine.views import settled_values


class Reason(StrEnum):
    """Why a run is over: the closed set of S9."""

    DONE = "done"
    """A terminal was reached, whatever its outcome."""
    CANCELLED = "cancelled"
    DECLINED = "declined"
    OFFER_UNANSWERED = "offer_unanswered"
    EXPIRED = "expired"
    HANDED_OFF = "handed_off"
    GAVE_UP = "gave_up"
    SUPERSEDED = "superseded"
    FAILED = "failed"


class Archived(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A run that is over. `outcome` is the author's word or one of S38's; `seconds` from its beginning to its end;
    `called`: it was a part of another run. `values` leaves out what is sensitive and what only its own question may
    fill."""

    run: str
    flow: str
    version: str
    state: str
    reason: Reason
    outcome: str
    called: bool = False
    turns: int = 0
    tries: int = 0
    corrections: int = 0
    seconds: float = 0.0
    values: dict[str, Any] = {}


def archived(frame: Frame, book: Book, ended: Ended, *, now: datetime) -> Archived:
    """The run as it ended; one that was called by another was done for that one."""
    return Archived(
        run=frame.run,
        flow=frame.flow,
        version=frame.version,
        state=frame.state,
        reason=Reason.DONE if ended.reason == "called" else Reason(ended.reason),
        outcome=ended.outcome,
        called=frame.kind is FrameKind.CALL,
        turns=frame.turns,
        tries=frame.failed_tries,
        corrections=frame.corrections,
        seconds=(now - frame.began_at).total_seconds() if frame.began_at else 0.0,
        values=_values(frame, book),
    )


def missing(before: Conversation, after: Conversation, book: Book, *, reason: str, now: datetime) -> list[Archived]:
    """The runs of `before` that `after` no longer has, for a reason that is their outcome too."""
    left = {frame.run for frame in after.stack}
    gone = [frame for frame in reversed(before.stack) if frame.run not in left]
    return [
        one
        for frame in gone
        for one in (*others(frame, book, now=now), archived(frame, book, over(frame, reason, reason), now=now))
    ]


def others(frame: Frame, book: Book, *, now: datetime) -> list[Archived]:
    """The other versions of a run that is over, or that acts: none of them can any more (S31)."""
    return [archived(way, book, over(way, Reason.SUPERSEDED, Reason.CANCELLED), now=now) for way in frame.ways]


def counting(course: Course, runs: Sequence[Archived]) -> Course:
    """The conversation's counts with what these runs leave to it."""
    own = tuple([f"{run.flow}: {run.outcome}" for run in runs if not run.called])
    return replace(
        course,
        tries=course.tries + sum([run.tries for run in runs]),
        corrections=course.corrections + sum([run.corrections for run in runs]),
        ended=(*course.ended, *own),
        anew=False,
    )


def tallied(frame: Frame, before: Conversation, *, heard: bool, corrections: int) -> Frame:
    """The run with this turn counted: the customer's turn, its failed tries, its corrections."""
    failed = frame.tries + frame.offers
    if failed:
        failed -= sum([one.tries + one.offers for one in before.stack if one.run == frame.run])
    if not (heard or failed > 0 or corrections):
        return frame
    return replace(
        frame,
        turns=frame.turns + heard,
        failed_tries=frame.failed_tries + max(failed, 0),
        corrections=frame.corrections + corrections,
    )


def _values(frame: Frame, book: Book) -> dict[str, Any]:
    flow = book.version(frame.version)
    if flow is None:
        return {}
    values = settled_values(flow.definition, frame.slots)
    hidden = {name for name, slot in flow.definition.slots.items() if slot.sensitive or slot.ask_only}
    return {name: value for name, value in values.items() if name not in hidden}
