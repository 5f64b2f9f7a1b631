"""A run of a flow: its values, its place, what it looked up and did, and what is left of it when it is over."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from engine.delegation import Contribution


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
    at: datetime | None = None
    """When an offered value was given; None for one that the desk's `profile` knows."""

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
    context: dict[str, Contribution] = {}
    """Task -> what it gave: what the agents of this run share (S36)."""
    adrift: int = 0
    """Turns in a row that settled nothing; counted where the flow has a goal (S29)."""
    bounds: int = 0
    """How often it was asked whether to end here (S32)."""
    recap_offered: bool = False
    way: int = 0
    """Which of its versions this is; 0 is the first (S31)."""
    ways: tuple[Frame, ...] = ()
    """Its other versions as they were left, with nothing that counts for the whole run."""
    usual: dict[str, int] = {}
    """Slots that a habit settled -> the turn in which that was announced; 0: not yet (S14)."""
    person: dict[str, Any] = {}
    """What the desk's `profile` knows of the customer, as it was when the run began."""
    variants: dict[str, str] = {}
    """Experiment -> the variant that this run has of it (S35)."""
    exposed: tuple[str, ...] = ()
    """Those experiments that the customer has met in this run."""

    @property
    def state(self) -> str:
        """Where the run stands."""
        return self.path[-1] if self.path else self.start


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
