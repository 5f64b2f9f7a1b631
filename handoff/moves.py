"""What can happen to a case, and what follows for the customer, the agents and the operator: plain data."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from handoff.case import Agent, Case, Firing, Held, Outcome, Spot, Verdict
from handoff.statements import Retold

ONCE = frozenset({"connecting", "parked", "still_waiting", "desk_away"})
"""Keys of lines that a customer hears at most once in the life of a case (H23)."""


class Trigger(StrEnum):
    """Everything that can happen to a case. A name that ends in `_due` or `_over` is a clock's (H28)."""

    CUSTOMER_WRITES = "customer_writes"
    BACK_TO_BOT = "back_to_bot"
    NOT_NEEDED = "not_needed"
    ASKS_AGAIN = "asks_again"
    REOPEN = "reopen"
    CLAIM = "claim"
    TAKE_OVER = "take_over"
    REPLY = "reply"
    RELEASE = "release"
    RETURN = "return"
    RESOLVE = "resolve"
    TRANSFER = "transfer"
    SNOOZE = "snooze"
    FALSE_ALARM = "false_alarm"
    NOTE = "note"
    HOLD = "hold"
    KEEP_INTERNAL = "keep_internal"
    TICKET = "ticket"
    VERDICT = "verdict"
    DELIVERED = "delivered"
    DELIVERY_FAILED = "delivery_failed"
    REPLY_REFUSED = "reply_refused"
    NEW_NARRATIVE = "new_narrative"
    ANSWERED_MEANWHILE = "answered_meanwhile"
    DESK_DOWN = "desk_down"
    DESK_UP = "desk_up"
    CLAIM_DUE = "claim_due"
    STILL_WAITING_DUE = "still_waiting_due"
    EXPIRY_DUE = "expiry_due"
    FIRST_REPLY_DUE = "first_reply_due"
    FIRST_REPLY_OVER = "first_reply_over"
    SILENCE_DUE = "silence_due"
    SILENCE_OVER = "silence_over"
    REMINDER_DUE = "reminder_due"
    CUSTOMER_LEFT_DUE = "customer_left_due"
    WAKE_DUE = "wake_due"
    DOWN_NOTICE_DUE = "down_notice_due"
    DOWN_TICKET_DUE = "down_ticket_due"


class Move(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that happened. `seen` is the version on the pressed button: 0 when it had none, None when it was no
    button (H57). `explicit` marks a reply by the Reply button or `>>` (H44)."""

    trigger: Trigger
    agent: Agent | None = None
    seen: int | None = None
    explicit: bool = False
    queue: str = ""
    until: datetime | None = None
    reason: str = ""
    text: str = ""
    held: str = ""
    spot: Spot = Spot()
    outcome: Outcome | None = None
    verdict: Verdict | None = None
    fired: tuple[Firing, ...] = ()
    retold: Retold | None = None
    """What a model wrote of the case (H74)."""


class Refused(StrEnum):
    """Why nothing happened; said to the one agent who asked, if anybody did."""

    NOT_NOW = "not_now"
    """The case's state has no such step (a transfer of what nobody has claimed)."""
    ALREADY_CLAIMED = "already_claimed"
    DONE_ALREADY = "done_already"
    """A double click: one effect, and nothing to complain about."""
    CHANGED = "changed"
    """The button belongs to an older state: "this has changed" and a fresh card (H57)."""
    NOT_YOURS = "not_yours"
    """Another's case: the words are held (H45)."""
    INTERNAL = "internal"
    """Not said explicitly, so it stays among agents (H44)."""
    TOO_MANY_TRANSFERS = "too_many_transfers"
    WRONG_TIME = "wrong_time"
    TOO_LATE = "too_late"
    NOT_DUE = "not_due"
    AGAIN_TOO_SOON = "again_too_soon"
    """The bot failed again for the same cause right after the return: a ticket, not a case (H32)."""


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A line to say: its key in `engine/lines.py` (or of the desk's own face), and what is filled in."""

    key: str
    values: dict[str, str] = {}


class CardWork(StrEnum):
    """What becomes of the card in the desk's channel."""

    NONE = "none"
    POST = "post"
    """A new parent message: the case was opened, or moved to another team's channel."""
    UPDATE = "update"
    CLOSE = "close"


class TicketWork(StrEnum):
    """What becomes of the ticket (H140)."""

    NONE = "none"
    CREATE = "create"
    UPDATE = "update"


class Effects(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What follows, all of it in the commit that changes the case (H3)."""

    say: tuple[Line, ...] = ()
    """To the customer, as one message of the desk's voice, in this order. A line whose wording is empty is left out."""
    way_back: bool = False
    """Put the "Go on with the assistant" button to it, where the channel has buttons (H10)."""
    nudging: bool = False
    """`say` is a reminder: consent, reply window and quiet hours decide whether it is sent (H61)."""
    card: CardWork = CardWork.NONE
    ping: bool = False
    """The card calls people: a case of closed hours waits without (section 2)."""
    thread: tuple[Line, ...] = ()
    """Lines for the case's thread."""
    nudge: Agent | None = None
    """To this agent alone: an ephemeral line and a mention (H14)."""
    page: bool = False
    """The second ping, to HANDOFF_ESCALATE_TO."""
    alert: str = ""
    """For the operator; empty: none."""
    ticket: TicketWork = TicketWork.NONE
    relay: bool = False
    """The agent's words go to the customer, or the customer's to the thread (H25, H44)."""
    send_held: Held | None = None
    """These held words go to the customer now (H45)."""
    goes_on: bool = False
    """The bot is back: the frozen run's question follows in the same reply, tries and clarifications at 0 (H147)."""
    ask_if_needed: bool = False
    """Ask the customer "Do you still need a person?" (H12)."""
    ask_verdict: bool = False
    ask_csat: bool = False


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A case after something happened, with what follows. Refused: the case is as it was."""

    case: Case
    effects: Effects = Effects()
    refused: Refused | None = None
