"""What could not be handled is set aside with its bytes and its reason; the conversation goes on (F16, F27, C15)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import msgspec
import structlog
from msgspec.structs import replace

from engine.book import Book
from engine.consent import consent_of
from engine.conversation import Conversation
from engine.lines import LINES
from engine.message import NO_LIMITS, Address, Event, EventKind, Limits, Reply, Voice
from engine.ports import Clock
from engine.store import Change, Grant, Mailbox, Records
from gateway.rows import encode, new_row, read_conversation, read_event
from gateway.ticks import due_at
from handoff.agentlines import for_thread
from handoff.asking import by_agent
from handoff.case import Case, Owner
from handoff.moves import Line
from handoff.posts import ThreadPost
from handoff.sitting import case_in

QUARANTINE = "quarantine"
"""The kind of record."""
Rows = list[tuple[str, bytes]]
_CUSTOMERS = frozenset({EventKind.MESSAGE, EventKind.OPTION, EventKind.EDITED, EventKind.OPT_IN, EventKind.OPT_OUT})

_log = structlog.get_logger("quarantine")


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was set aside."""

    reason: str
    at: datetime
    blob: bytes


class Quarantine:
    """Sets events aside. Records of kind `quarantine`, for an operator to look at."""

    def __init__(
        self,
        *,
        mailbox: Mailbox,
        records: Records,
        clock: Clock,
        book: Book,
        limits: Callable[[Address | None], Limits] = lambda address: NO_LIMITS,
    ) -> None:
        """`limits` says what an address can carry."""
        self._book, self._limits = book, limits
        self._mailbox = mailbox
        self._records = records
        self._clock = clock

    async def keep(self, key: str, blob: bytes, reason: str) -> None:
        """Keep bytes that cannot be used."""
        await self._records.put(QUARANTINE, key, encode(Kept(reason=reason, at=self._clock.now(), blob=blob)))

    async def set_aside(self, grant: Grant, reason: str, *, only: str | None = None) -> Grant | None:
        """Take the waiting events, or the one of this id, out of the inbox, and tell the customer something true; where
        a case is open, its agents too. Its clocks run on (H25, H28), and who opted out has opted out (H30).

        With none waiting it is the conversation itself that fails: it is parked, and the answer is None.
        """
        taken = [(id, blob) for id, blob in grant.inbox if only in (None, id)]
        if not taken:
            await self._mailbox.park(grant)
            return None
        for id, blob in taken:
            await self.keep(id, blob, reason)
        _log.error("set aside", conversation=grant.conversation, events=[id for id, _ in taken], reason=reason)
        conversation = _conversation(grant)
        heard = self._consenting(conversation, taken) if conversation is not None else None
        case = _case(conversation) if self._book.people else None
        rows = [new_row(told, now=self._clock.now()) for told in _told(grant, taken, conversation, case)]
        change = Change(
            state=grant.state if heard is conversation else encode(heard),
            consumed=tuple(id for id, _ in taken),
            outbox=tuple(rows),
            timer=self._due(conversation),
        )
        return await self._mailbox.commit(grant, change)

    def _due(self, conversation: Conversation | None) -> datetime | None:
        try:
            return due_at(conversation, self._book) if conversation is not None else None
        except msgspec.DecodeError:
            return None

    def _consenting(self, conversation: Conversation, taken: Rows) -> Conversation:
        """The conversation after what the events say of being written to, whatever else was wrong with them."""
        events = [event for _, blob in taken if (event := _event(blob)) is not None]
        for event in sorted(events, key=lambda event: event.order):
            limits = self._limits(event.address or conversation.address)
            consent = consent_of(event, limits, opted_out=conversation.opted_out)
            if consent is not None and consent is conversation.opted_out:
                conversation = replace(conversation, opted_out=not consent)
        return conversation


def _told(
    grant: Grant, taken: Rows, conversation: Conversation | None, case: Case | None
) -> Iterator[Reply | ThreadPost]:
    """The customer, unless people have the conversation and nothing of the customer's is among it; and those people."""
    id, events = taken[0][0], [event for _, blob in taken if (event := _event(blob)) is not None]
    owned = case is not None and case.owner is not Owner.BOT
    address = _address(grant, conversation)
    theirs = len(events) < len(taken) or any(event.kind in _CUSTOMERS for event in events)
    if address is not None and (theirs or not owned):
        voice = Voice.DESK if owned else Voice.BOT
        yield Reply(id=f"{id}:aside", address=address, text=LINES["went_wrong"], voice=voice)
    if case is not None and (case.open or any(map(by_agent, events))):
        yield ThreadPost(id=f"{id}:aside:line", case=case.id, text=for_thread(Line(key="desk_set_aside")))


def _conversation(grant: Grant) -> Conversation | None:
    try:
        return read_conversation(grant.conversation, grant.state)
    except msgspec.DecodeError:
        return None


def _case(conversation: Conversation | None) -> Case | None:
    try:
        return case_in(conversation) if conversation is not None else None
    except msgspec.DecodeError:
        return None


def _event(blob: bytes) -> Event | None:
    try:
        return read_event(blob)
    except msgspec.DecodeError:
        return None


def _address(grant: Grant, conversation: Conversation | None) -> Address | None:
    """The customer's: an agent's event carries the agent's own."""
    waiting = [event for _, blob in grant.inbox if (event := _event(blob)) is not None and not by_agent(event)]
    known = conversation.address if conversation is not None else None
    return next((event.address for event in waiting if event.address is not None), known)
