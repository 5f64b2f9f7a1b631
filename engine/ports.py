"""What the engine and the worker need from outside, each as a Protocol. `gateway/wiring.py` names the classes."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any, Protocol

import msgspec

from engine.delegation import Contributions, Work
from engine.message import Address


class Clock(Protocol):
    """Time as timers, expiries and signatures see it. Leases never use it."""

    def now(self) -> datetime:
        """The aware UTC time now."""
        ...


class Failpoints(Protocol):
    """Places where a test may kill the process (spec/reliability.md section 3)."""

    def reach(self, name: str) -> None:
        """Say that the process is at `name`."""
        ...


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """What the knowledge says to a question: its own words, at most two sentences, the heading they stand under, and
    the file and line for the notes."""

    text: str
    source: str
    place: str


class Knowledge(Protocol):
    """What a desk's authors wrote down for its customers."""

    def quote(self, question: str, flow: str | None) -> tuple[Quote, ...]:
        """The answer to a question (S34); the flow's own texts come before the desk's (S5).

        Empty: no text answers it. Two: two texts do, and they disagree.
        """
        ...


class Meaning(Protocol):
    """The same texts, found by what a question means where its words find nothing."""

    async def quote(self, question: str, flow: str | None) -> tuple[Quote, ...]:
        """As `Knowledge.quote`. Empty also when nobody answers in time; never raises."""
        ...


class ActionRequest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="call"):
    """One call of a flow's action, with everything it needs: a committed `call` row, or a look-up in the turn.

    `values` are canonical slot values (unfilled slots left out), `facts` those of the run so far. `key` is the
    Idempotency-Key: `run id : state : visit` for an irreversible action (I11); repeats carry the same key and body.
    """

    id: str
    flow: str
    version: str
    action: str
    key: str
    values: dict[str, Any]
    facts: dict[str, Any] = {}
    person: Address | None = None
    known: dict[str, Any] = {}
    """`person.*` of the desk's profile."""
    run: str = ""
    state: str = ""
    visit: int = 0
    """Which of the state's committed calls it is; 0 for a look-up in the turn."""


ERROR = "error"
"""The outcome word of an action that failed, timed out, or answered a status its flow does not name."""


class ActionOutcome(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What came of a call. `certain` is False when it may have acted though we do not know (H72)."""

    outcome: str
    facts: dict[str, Any] = {}
    certain: bool = True
    detail: str = ""
    tries: int = 1
    given: Contributions = {}
    """What each task of a plan gave (S36)."""
    work: Work | None = None
    """How that plan was carried out."""


class Actions(Protocol):
    """Runs flows' actions: HTTP or Python, with deadline, retry and typed facts."""

    async def run(self, request: ActionRequest) -> ActionOutcome:
        """Run it to an outcome word; never raises for what the backend does."""
        ...


Noted = str | int | float | bool | Sequence[str]
"""What is known of a piece of work: names of authors, counts and outcomes, never a customer's words (X60)."""


class Spans(Protocol):
    """Traces: which piece of work took how long within which other, through rooms, processes and other systems."""

    @property
    def on(self) -> bool:
        """Does anybody look? What costs something to know need not be noted otherwise."""
        ...

    def of(self, name: str, **noted: Noted) -> AbstractContextManager[object]:
        """A piece of the work that is under way here, while the context lasts."""
        ...

    def begun(self, name: str, after: Sequence[str], **noted: Noted) -> AbstractContextManager[object]:
        """A piece that goes on from the first place of `after`, and is known to follow from the others."""
        ...

    def note(self, **noted: Noted) -> None:
        """What is known by now of the innermost piece that is under way here."""
        ...

    def here(self) -> str:
        """This place, for `after` and for other systems: a W3C traceparent; "" where nothing is under way."""
        ...


class NoSpans:
    """Nobody looks, and nothing is kept."""

    on = False

    def of(self, name: str, **noted: Noted) -> AbstractContextManager[object]:
        """Nothing."""
        return _NOTHING

    def begun(self, name: str, after: Sequence[str], **noted: Noted) -> AbstractContextManager[object]:
        """Nothing."""
        return _NOTHING

    def note(self, **noted: Noted) -> None:
        """Nothing."""

    def here(self) -> str:
        """Nowhere."""
        return ""


_NOTHING = nullcontext()
NO_SPANS = NoSpans()
