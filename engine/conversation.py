"""A conversation as it is stored: runs on a stack, their values and facts, the one open question.

Vocabulary of spec/conversation.md section 1. Frozen: a turn makes a new one (`engine/draft.py` is its workbench).
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from engine.message import Address


class Source(StrEnum):
    """Where a value came from."""

    ASKED = "asked"
    VOLUNTEERED = "volunteered"
    MEMORY = "memory"
    HABIT = "habit"
    DEFAULT = "default"
    MODEL = "model"
    AGENT = "agent"


class SlotState(StrEnum):
    """How a slot stands. An absent slot is empty; dormant is derived by the walk (W4)."""

    FILLED = "filled"
    NONE = "none"
    SKIPPED = "skipped"
    REFUSED = "refused"
    OFFERED = "offered"


_SETTLED = frozenset({SlotState.FILLED, SlotState.NONE, SlotState.SKIPPED})


class Slot(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One slot's value with its provenance. `shown` is the digest a confirmation was given to; `fault` says why a
    refused value is wrong; `turn` counts the conversation's turns."""

    value: Any = None
    state: SlotState = SlotState.FILLED
    source: Source = Source.ASKED
    words: str = ""
    turn: int = 0
    shown: str = ""
    fault: str = ""
    reopened: bool = False
    """Said to be wrong: asked again, and kept until it is replaced (R35)."""

    @property
    def known(self) -> bool:
        """Filled, none or skipped."""
        return self.state in _SETTLED

    @property
    def settled(self) -> bool:
        """Known, and not asked again."""
        return self.known and not self.reopened


class Found(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a look-up, an effect or a called flow gave: an outcome word and facts."""

    outcome: str
    facts: dict[str, Any] = {}
    certain: bool = True


class FrameKind(StrEnum):
    """How a run came onto the stack."""

    REGULAR = "regular"
    INTERRUPT = "interrupt"
    CALL = "call"


class Frame(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A run and its place. The walk begins at `start` with the facts carried there (the last checkpoint) and has
    entered `path`; `trail` are states entered before the checkpoint. The position is `path[-1]`, always derived."""

    run: str
    flow: str
    version: str
    start: str
    kind: FrameKind = FrameKind.REGULAR
    slots: dict[str, Slot] = {}
    path: tuple[str, ...] = ()
    trail: tuple[str, ...] = ()
    carried: dict[str, Any] = {}
    facts: dict[str, Any] = {}
    lookups: dict[str, Found] = {}
    results: dict[str, Found] = {}
    """State -> result of its effect or called flow, until the walk has passed it."""
    visits: dict[str, int] = {}
    """State -> committed calls of it in this run (W7)."""
    said: tuple[str, ...] = ()
    """`state:digest` of what the walk since the checkpoint has said."""
    asked: dict[str, int] = {}
    entries: dict[str, int] = {}
    failures: dict[str, int] = {}
    """Action -> look-ups of it in a row that failed and had no edge for that."""
    tries: int = 0
    clarify: int = 0
    offers: int = 0
    turns: int = 0
    """Of the customer, while it was on top."""
    failed_tries: int = 0
    corrections: int = 0
    began_at: datetime | None = None
    acted: bool = False
    """An irreversible action of this run was decided."""
    uncertain: bool = False
    """Its result stayed unknown: neither done nor failed may be said of it (R59)."""

    @property
    def state(self) -> str:
        """Where the run stands."""
        return self.path[-1] if self.path else self.start


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """One offered option: its label and the value it means."""

    label: str
    value: Any


class Question(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The open question as it was put. `mark` binds its buttons (C26); `digest` binds a confirmation (W7)."""

    run: str
    state: str
    slot: str
    mark: str
    digest: str = ""
    choices: tuple[Choice, ...] = ()


class PendingKind(StrEnum):
    """System questions (spec/conversation.md section 1)."""

    RESTART = "restart"
    CLARIFICATION = "clarification"
    STACK_FULL = "stack_full"
    PERSON = "person"
    RESUME_OFFER = "resume_offer"
    DID_YOU_MEAN = "did_you_mean"
    CORRECTION = "correction"
    PERSON_MEANT = "person_meant"
    """A model, and no rule, took a message as a wish for a person."""


class Pending(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A system question that waits. `kept` is the message it is about, `about` what its kind has to remember; `put`
    counts how often it was asked."""

    kind: PendingKind
    mark: str
    question: str = ""
    choices: tuple[Choice, ...] = ()
    kept: str = ""
    about: dict[str, Any] = {}
    put: int = 1


class Waiting(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A committed call whose result is the next event handled (W9), and what will be said with it."""

    key: str
    run: str
    state: str
    action: str
    held: tuple[str, ...] = ()
    got: tuple[tuple[str, str], ...] = ()
    """(label, value) of what was taken unasked."""


class Gone(msgspec.Struct, frozen=True, kw_only=True):
    """A run that time ended, for S9's reason `expired` or `offer_unanswered`."""

    flow: str
    reason: str
    acted: bool


class Ended(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The run that ended last, and why (closed set of S9)."""

    run: str
    flow: str
    state: str
    reason: str
    outcome: str = ""
    slots: dict[str, Slot] = {}
    facts: dict[str, Any] = {}
    visits: dict[str, int] = {}
    asked: dict[str, int] = {}
    path: tuple[str, ...] = ()


def over(frame: Frame, reason: str, outcome: str = "") -> Ended:
    """What is kept of a run that ended."""
    return Ended(
        run=frame.run,
        flow=frame.flow,
        state=frame.state,
        reason=reason,
        outcome=outcome,
        slots=frame.slots,
        facts=frame.facts,
        visits=frame.visits,
        asked=frame.asked,
        path=(*frame.trail, *frame.path),
    )


class Spoken(msgspec.Struct, frozen=True, kw_only=True):
    """One message of the window: `who` is customer, bot, agent or system."""

    who: str
    text: str


class Loose(msgspec.Struct, frozen=True, kw_only=True):
    """A value that fitted no running flow; it waits by slot name for the next flow that has the slot (R12)."""

    slot: Slot
    at: datetime


class Discussed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something the customer was told from our own texts: the heading, the passage's place, the turn, and the
    situation it was told in (S33)."""

    topic: str
    passage: str
    turn: int
    situation: tuple[str, ...] = ()


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

    discussed: tuple[Discussed, ...] = ()
    """Topics that were answered, each once, the latest last (S33)."""

    @property
    def top(self) -> Frame | None:
        """The active frame."""
        return self.stack[-1] if self.stack else None
