"""Ways out: a reply through its channel, a post to the desk, a ticket to its system; what each needs to leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from channels.base import Channel
from engine.message import Receipt, Refused, Reply, Sent, Voice
from engine.store import Records
from gateway.people import People
from gateway.rows import Letter, Row
from handoff import threads
from handoff.posts import (
    CardPost,
    CardUpdate,
    DeskPost,
    Mark,
    Marking,
    ThreadPost,
    TicketCall,
    Whisper,
    Window,
    case_of,
)

DAY_S = 86_400.0
FOR_EVER_S = 365 * DAY_S
MOMENT_S = 60.0
"""What is for one agent at one moment is of no use later."""
DESK, TICKETS = "desk", "tickets"
"""Names of these ways beside those of channels: for waits of a whole account, and for the operator."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Patience:
    """Seconds: before a row of unknown fate is tried again, and until it is given up."""

    unknown_wait_s: float = 0.0
    deadline_s: float = DAY_S


class Way(Protocol):
    """How one row leaves."""

    @property
    def account(self) -> str:
        """Whose account it takes: what a provider's refusal of us stops."""
        ...

    @property
    def lane(self) -> str:
        """Whom it must not overtake."""
        ...

    @property
    def patience(self) -> Patience | None:
        """How long it is tried; None where there is no such way (any more)."""
        ...

    @property
    def shows_cases(self) -> bool:
        """Does a try that comes to nothing say that agents cannot see their cases (H65)?"""
        ...

    async def carry(self, row: Row, *, again: bool) -> Receipt:
        """Send the row's next part. `again`: an earlier try may have been acted on."""
        ...

    async def news(self, reason: str | None) -> dict[str, str]:
        """What the conversation must learn once it has left, or was given up for `reason`; {} is nothing."""
        ...


class Ways:
    """Finds the way of each row."""

    def __init__(self, channels: Mapping[str, Channel], people: People | None, records: Records) -> None:
        self._channels = channels
        self._people = people
        self._records = records

    def of(self, body: Letter) -> Way:
        """The way that this row takes."""
        match body:
            case Reply():
                return _ToCustomer(body, self._channels.get(body.address.channel))
            case TicketCall():
                return _ToTickets(body, self._people)
            case post:
                return _ToDesk(post, self._people, self._records)


@dataclass(frozen=True, slots=True)
class _ToCustomer:
    """A reply, through the channel of its address."""

    reply: Reply
    channel: Channel | None
    shows_cases: bool = False

    @property
    def account(self) -> str:
        return self.reply.address.channel

    @property
    def lane(self) -> str:
        address = self.reply.address
        return f"{address.channel}:{address.chat}:{address.thread}"

    @property
    def patience(self) -> Patience | None:
        if self.channel is None:
            return None
        limits = self.channel.kind.limits
        return Patience(unknown_wait_s=limits.unknown_wait_s, deadline_s=limits.send_deadline_s)

    async def carry(self, row: Row, *, again: bool) -> Receipt:
        return await self.channel.send(self.reply, row.parts) if self.channel else _NOT_ON

    async def news(self, reason: str | None) -> dict[str, str]:
        """An agent must know what became of their words (H50)."""
        return _told("agent", reason) if self.reply.voice is Voice.AGENT else {}


@dataclass(frozen=True, slots=True)
class _ToDesk:
    """A post to the face of the desk. A case's card comes before everything in its thread; what is for one agent alone
    waits for nobody, but receipts on one message keep their order."""

    post: DeskPost
    people: People | None
    records: Records
    account: str = DESK

    @property
    def lane(self) -> str:
        post = self.post
        if isinstance(post, Mark):
            return f"{DESK}:{post.spot.channel}:{post.spot.message}"
        return f"{DESK}:{post.id if self._for_one else case_of(post)}"

    @property
    def patience(self) -> Patience | None:
        if self.people is None:
            return None
        deadline_s = FOR_EVER_S if self._failure else MOMENT_S if self._for_one else DAY_S
        return Patience(unknown_wait_s=1.0, deadline_s=deadline_s)

    @property
    def shows_cases(self) -> bool:
        return isinstance(self.post, CardPost | CardUpdate | ThreadPost)

    @property
    def _for_one(self) -> bool:
        return isinstance(self.post, Whisper | Window | Mark)

    @property
    def _failure(self) -> bool:
        """A receipt of success may be left out, one of failure never (H50)."""
        return isinstance(self.post, Mark) and self.post.marking is Marking.FAILED

    async def carry(self, row: Row, *, again: bool) -> Receipt:
        if self.people is None:
            return _NOT_ON
        return await self.people.face.show(self.post, row.parts, since=row.since, again=again)

    async def news(self, reason: str | None) -> dict[str, str]:
        """The case learns of the thread its card began, and of the customer's words that are missing there (H25)."""
        if isinstance(self.post, ThreadPost) and self.post.who == "customer" and reason is not None:
            return _told("thread", reason) | {"case": self.post.case}
        place = await threads.of_case(self.records, case_of(self.post)) if isinstance(self.post, CardPost) else None
        if place is None or reason is not None:
            return {}
        at = place.thread
        return _told("card", None) | {"case": place.case, "team": at.team, "channel": at.channel, "ts": at.ts}


@dataclass(frozen=True, slots=True)
class _ToTickets:
    """A ticket. An update comes behind its creation, and nothing else waits for either (H140)."""

    ticket: TicketCall
    people: People | None
    account: str = TICKETS
    shows_cases: bool = False

    @property
    def lane(self) -> str:
        return f"{TICKETS}:{self.ticket.case}"

    @property
    def patience(self) -> Patience | None:
        """The schedule of H142 ends by itself, with a refusal."""
        return Patience(deadline_s=FOR_EVER_S) if self.people and self.people.tickets else None

    async def carry(self, row: Row, *, again: bool) -> Receipt:
        if self.people is None or self.people.tickets is None:
            return _NOT_ON
        return await self.people.tickets.send(self.ticket, row.tries)

    async def news(self, reason: str | None) -> dict[str, str]:
        """The case learns that it has a ticket, or why it has none (H142)."""
        return _told("ticket", reason) | {"case": self.ticket.case}


_NOT_ON = Refused(reason="it is not on")


def refs_of(receipt: Receipt) -> dict[str, str]:
    """What a provider called what it took."""
    return {"part": receipt.provider_ids[-1]} if isinstance(receipt, Sent) and receipt.provider_ids else {}


def _told(of: str, reason: str | None) -> dict[str, str]:
    return {"of": of, "outcome": "sent"} if reason is None else {"of": of, "outcome": "failed", "reason": reason}
