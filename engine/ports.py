"""What the engine and the worker need from outside, each as a Protocol. `gateway/wiring.py` names the classes."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

import msgspec

from engine.delegation import Contributions
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


class Actions(Protocol):
    """Runs flows' actions: HTTP or Python, with deadline, retry and typed facts."""

    async def run(self, request: ActionRequest) -> ActionOutcome:
        """Run it to an outcome word; never raises for what the backend does."""
        ...
