"""What happened in a life, numbered in its order: commits, tries to send and to show, tickets, what came in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import count

from engine.conversation import Conversation
from engine.message import Event, Receipt, Reply, Sent
from engine.notes import Notes
from engine.ports import ActionRequest
from gateway.rows import Body
from handoff.case import Case
from handoff.posts import DeskPost, TicketCall
from handoff.sitting import case_in


@dataclass(frozen=True, kw_only=True)
class Committed:
    """One commit: the conversation before and after, the events it used up, the rows it added, the timer it set."""

    number: int
    at: datetime
    before: Conversation
    after: Conversation
    events: tuple[Event, ...]
    rows: tuple[Body, ...]
    timer: datetime | None
    notes: Notes | None
    """The turn's; what is set aside has none."""

    @cached_property
    def was(self) -> Case | None:
        """The newest case before."""
        return case_in(self.before)

    @cached_property
    def now(self) -> Case | None:
        """The newest case after."""
        return case_in(self.after)

    @property
    def replies(self) -> list[Reply]:
        """What is to reach the customer."""
        return [row for row in self.rows if isinstance(row, Reply)]


@dataclass(frozen=True, kw_only=True)
class Sending:
    """One try to send a part of a reply. `owner` is the stored one while it was tried; `era` changes whenever somebody
    else may have to guess what became of it. `acted`: the customer has it."""

    number: int
    era: int
    reply: Reply
    receipt: Receipt
    owner: str
    acted: bool

    @property
    def whole(self) -> bool:
        """The provider said that all of it was taken."""
        return isinstance(self.receipt, Sent) and self.receipt.complete


@dataclass(frozen=True, kw_only=True)
class Showing:
    """One try to show a post to agents. `seen`: they see it."""

    number: int
    post: DeskPost
    receipt: Receipt
    seen: bool


@dataclass(frozen=True, kw_only=True)
class Filing:
    """One try to file a ticket."""

    number: int
    ticket: TicketCall
    receipt: Receipt


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """An event at the door. Not `fresh`: it had been there before."""

    number: int
    event: Event
    fresh: bool


@dataclass
class History:
    """All of it. `deeds` tells it in words."""

    commits: list[Committed] = field(default_factory=list)
    sendings: list[Sending] = field(default_factory=list)
    showings: list[Showing] = field(default_factory=list)
    filings: list[Filing] = field(default_factory=list)
    arrivals: list[Arrival] = field(default_factory=list)
    calls: list[ActionRequest] = field(default_factory=list)
    deeds: list[str] = field(default_factory=list)
    era: int = 0
    _numbers: count[int] = field(default_factory=count)

    def number(self) -> int:
        """The next one."""
        return next(self._numbers)
