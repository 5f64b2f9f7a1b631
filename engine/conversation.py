"""A conversation as it is stored: runs on a stack, their values and facts, the one open question.

Vocabulary of spec/conversation.md section 1. Frozen: a turn makes a new one (`engine/draft.py` is its workbench).
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from engine.course import Course
from engine.frame import Ended, Frame, Slot
from engine.message import Address
from engine.question import Pending, Question
from engine.satisfaction import Survey
from engine.topic import Discussed


class Waiting(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A committed call whose result is the next event handled (W9), and what will be said with it."""

    key: str
    run: str
    state: str
    action: str
    lookup: str = ""
    """What its result is remembered by, where it is a look-up made by others (S36)."""
    held: tuple[str, ...] = ()
    got: tuple[tuple[str, str], ...] = ()
    """(label, value) of what was taken unasked."""


class Gone(msgspec.Struct, frozen=True, kw_only=True):
    """A run that time ended, for S9's reason `expired` or `offer_unanswered`."""

    flow: str
    reason: str
    acted: bool


class Spoken(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One message of the window: `who` is customer, bot, agent or system."""

    who: str
    text: str
    aside: str = ""
    """The run that interrupted another one when it was said (S28); empty: none."""


class Loose(msgspec.Struct, frozen=True, kw_only=True):
    """A value that fitted no running flow; it waits by slot name for the next flow that has the slot (R12)."""

    slot: Slot
    at: datetime


class Conversation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything a turn needs to know of the past. `stack` is bottom first; the last frame is active."""

    id: str
    address: Address | None = None
    turn: int = 0
    stack: tuple[Frame, ...] = ()
    question: Question | None = None
    pending: Pending | None = None
    waiting: Waiting | None = None
    ended: Ended | None = None
    scopes: dict[str, dict[str, Slot]] = {}
    loose: dict[str, Loose] = {}
    window: tuple[Spoken, ...] = ()
    course: Course = Course()
    """What is counted of it (S27, S40)."""
    survey: Survey | None = None
    """When the customer was last asked how it went (S39)."""
    owner: str = "bot"
    """Who answers: bot, queue or agent. With `version` the open case's own (H1)."""
    case: msgspec.Raw = msgspec.Raw(b"")
    """The newest case, as `handoff/case.py` stores it; the engine carries it and never looks in."""
    opted_out: bool = False
    """Nothing may be sent to this address until it opts in again (X65)."""
    version: int = 0
    lost: int = 0
    """Turns in a row without a run in which nothing was understood (R29)."""
    astray: int = 0
    """Turns in a row that asked something beside the point (S5)."""
    unread: int = 0
    """Unreadable messages in a row at the open question (C20)."""
    heard_at: datetime | None = None
    """The customer's last message, to the bot or to a person."""
    idle_since: datetime | None = None
    """What the runs' time counts from: the last message the bot heard, and later by every pause (H31)."""
    paused_at: datetime | None = None
    """Since when the runs' time stands still: a case is open, or the customer has opted out."""
    gone: tuple[Gone, ...] = ()
    """Runs that time ended since the customer last wrote: they may ask about them once."""
    acquainted: bool = False
    """A run was done here: something may be remembered of the person (S11)."""
    discussed: tuple[Discussed, ...] = ()
    """Topics that were answered, each once, the latest last (S33)."""
    variants: dict[str, str] = {}
    """Experiment -> the variant of it that the customer has met (S35)."""

    @property
    def top(self) -> Frame | None:
        """The active frame."""
        return self.stack[-1] if self.stack else None
