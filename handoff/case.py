"""A case: one handoff of one conversation, as it is stored inside the conversation's record.

Frozen; `handoff/lifecycle.py` makes the next one. Invariants:
1. `owner` follows from `state` (H20); `escalated` keeps the owner it had (section 2).
2. `version` grows by 1 with every change of state, owner, claimer or queue, and with nothing else (H1).
3. A due time stands in `timers` under the name of what it triggers, or it does not exist (H28).
4. A closed case keeps its timers empty (H33).
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from hashlib import blake2b

import msgspec

from handoff.statements import Retold

MAX_HISTORY = 60
MAX_NOTES = 20
MAX_NOTE_CHARS = 1000
MAX_ON_THEIR_WAY = 50
MAX_TEXTS_ON_THEIR_WAY = 10
"""Kept of a case: the conversation's record stays under its 64 KB (F33). What is older stands in the journal."""

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ULID_CHARS = 26
_REFERENCE_CHARS = 4


class Owner(StrEnum):
    """Who answers the customer (H1)."""

    BOT = "bot"
    QUEUE = "queue"
    AGENT = "agent"


class CaseState(StrEnum):
    """The states of section 2, in its order; the last five are ends."""

    QUEUED = "queued"
    PARKED = "parked"
    ESCALATED = "escalated"
    CLAIMED = "claimed"
    WAITING_AGENT = "waiting_agent"
    WAITING_CUSTOMER = "waiting_customer"
    SNOOZED = "snoozed"
    UNDELIVERED = "undelivered"
    RETURNED = "returned"
    RESOLVED = "resolved"
    CANCELLED = "cancelled"
    FALSE_ALARM = "false_alarm"
    EXPIRED = "expired"


WAITING = (CaseState.QUEUED, CaseState.PARKED, CaseState.ESCALATED)
"""Nobody has taken it yet."""
WITH_AGENT = (
    CaseState.CLAIMED,
    CaseState.WAITING_AGENT,
    CaseState.WAITING_CUSTOMER,
    CaseState.SNOOZED,
    CaseState.UNDELIVERED,
)
OPEN = (*WAITING, *WITH_AGENT)
ENDS = (
    CaseState.RETURNED,
    CaseState.RESOLVED,
    CaseState.CANCELLED,
    CaseState.FALSE_ALARM,
    CaseState.EXPIRED,
)


class Priority(StrEnum):
    """How urgent a case is, most urgent first."""

    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class Verdict(StrEnum):
    """Was calling a person right (H130)?"""

    GOOD_CALL = "good_call"
    FALSE_ALARM = "false_alarm"
    TOO_LATE = "too_late"


class Outcome(StrEnum):
    """What came of a resolved case (H58); `customer_left` is the clock's."""

    SOLVED = "solved"
    NOT_SOLVED = "not_solved"
    DUPLICATE = "duplicate"
    SPAM = "spam"
    CUSTOMER_LEFT = "customer_left"


class Agent(msgspec.Struct, frozen=True, kw_only=True):
    """A support person: `id` as the desk knows them, `alias` as the customer does (H48)."""

    id: str
    alias: str


class Thread(msgspec.Struct, frozen=True, kw_only=True):
    """A Slack thread of a case; looked up by all three, `ts` a string (H40)."""

    team: str
    channel: str
    ts: str


class Spot(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where an agent did something: `message` is what they wrote or pressed on, `thread` what that hangs in."""

    channel: str = ""
    message: str = ""
    thread: str = ""


class OnItsWay(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An agent's words that are going out in the outbox row `row`: nobody knows yet whether they arrived (H50).

    `case` is the one in whose thread they were said; a newer one is told of them too. Of very many the oldest are
    known without their `text`."""

    row: str
    spot: Spot
    text: str = ""
    case: str = ""


class Evidence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a trigger fired: the customer's message of `turn` with words of it, or `ref`: a name of the summary's
    own, such as `flow:active`, `sentiment`, `slot:amount`, `config:keywords`, or
    `action:lookup_order` for its last attempt."""

    turn: int | None = None
    ref: str = ""
    quote: str = ""
    matched: str = ""


class Firing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A trigger that fired, with what was measured (H90). `act` is queue, offer or flag."""

    code: str
    act: str = "queue"
    rule: str = ""
    shadow: bool = False
    value: float | None = None
    comparator: str = ""
    threshold: float | str | None = None
    window: str = ""
    evidence: tuple[Evidence, ...] = ()


class Held(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An agent's message that waits for "Take over and send" or "Keep internal" (H45). `id` is the message's own."""

    id: str
    agent: Agent
    text: str
    spot: Spot = Spot()


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """Words among agents: never the customer's, never a model's (H46)."""

    agent: Agent
    at: datetime
    text: str


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of the history: what happened, and the state that followed. Holds nobody's words."""

    at: datetime
    trigger: str
    state: CaseState
    by: str = ""
    detail: str = ""


class Case(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One case. Times are aware UTC. `queue` is a team's name, `fired` and `primary` say why it exists."""

    id: str
    reference: str
    state: CaseState
    version: int
    primary: str
    opened_at: datetime
    queued_at: datetime
    """When it last came into a queue: what its clocks of claim and expiry count from."""
    fresh_from: int = 1
    """The lowest version whose buttons still mean what they say (H57)."""
    retold: Retold | None = None
    """What a model wrote of it, once (H74)."""
    unwritten: str = ""
    """Why no model's words stand in its summary, where one was asked: a `fallback_reason` of the summary."""
    revision: int = 1
    """Of the summary: + 1 when its narrative is replaced, a trigger is added, it is transferred or re-opened."""
    reason: str = ""
    queue: str = "default"
    priority: Priority = Priority.NORMAL
    priority_reasons: tuple[str, ...] = ()
    fired: tuple[Firing, ...] = ()
    bot_serves: bool = False
    """It came in closed hours: the bot goes on until a person claims it (H12)."""
    claimed_by: Agent | None = None
    claimed_at: datetime | None = None
    announced: str = ""
    """The agent whose name the customer was told last."""
    threads: tuple[Thread, ...] = ()
    timers: dict[str, datetime] = {}
    transfers: int = 0
    unanswered_since: datetime | None = None
    """The customer's oldest message that no agent has answered."""
    told: tuple[str, ...] = ()
    """Keys of lines that are said once in the life of a case (H23)."""
    trouble: str = ""
    """Why the agent's words did not arrive: opted out, blocked, unreachable (H51)."""
    on_their_way: tuple[OnItsWay, ...] = ()
    undelivered: OnItsWay | None = None
    """The agent's words that did not arrive last: what Retry sends again."""
    held: tuple[Held, ...] = ()
    notes: tuple[Note, ...] = ()
    ticketed: bool = False
    """A ticket was asked for; its row carries one key for ever (H140)."""
    ticket: str = ""
    """The ticket system's id or address of it, once one is known (H142)."""
    verdict: Verdict | None = None
    outcome: Outcome | None = None
    closed_at: datetime | None = None
    previous_id: str = ""
    history: tuple[Entry, ...] = ()

    @property
    def owner(self) -> Owner:
        """Who answers the customer now (H20)."""
        if self.state in WITH_AGENT:
            return Owner.AGENT
        if self.state in ENDS or self.bot_serves:
            return Owner.BOT
        return Owner.QUEUE

    @property
    def open(self) -> bool:
        """Not at an end."""
        return self.state in OPEN

    @property
    def first_claimed_at(self) -> datetime | None:
        """When a person took it first: the time to claim counts to here (H13)."""
        return next((entry.at for entry in self.history if entry.state in WITH_AGENT), self.claimed_at)


def case_id(seed: str, at: datetime) -> str:
    """`ho_` and a ULID: the time of the request, then 80 bits of `seed` (the event's id and its conversation).

    The same request gives the same id, so a repeated turn opens no second case (P6, H23).
    """
    number = (int(at.timestamp() * 1000) << 80) | int.from_bytes(blake2b(seed.encode(), digest_size=10).digest(), "big")
    return "ho_" + _in_crockford(number, _ULID_CHARS)


def reference_of(case: str) -> str:
    """The short reference a customer can quote, such as A1B2: four characters that cannot be mistaken."""
    return _in_crockford(int.from_bytes(blake2b(case.encode(), digest_size=4).digest(), "big"), _REFERENCE_CHARS)


def _in_crockford(number: int, chars: int) -> str:
    return "".join(_CROCKFORD[(number >> (5 * place)) & 31] for place in reversed(range(chars)))
