"""A conversation's own due time: the earliest clock of its runs and its case, and the tick of it (I12)."""

from __future__ import annotations

from datetime import datetime

from engine.book import Book
from engine.conversation import Conversation
from engine.message import Event, EventKind
from engine.timers import next_due
from handoff.sitting import case_in
from handoff.timers import next_due as next_due_of

_DESK = "desk"


def due_at(conversation: Conversation, book: Book) -> datetime | None:
    """When the conversation wants a tick; None while nothing of it waits for a time."""
    return min((at for at in (next_due(conversation, book), _case_due(conversation, book)) if at), default=None)


def tick(conversation: Conversation, book: Book, *, by: datetime) -> Event | None:
    """The tick of the earliest clock that is due at `by`, for the runs or for the desk (H28). The same conversation
    gives the same tick."""
    at = due_at(conversation, book)
    if at is None or at > by:
        return None
    id = f"tick:{conversation.turn}:{at.isoformat()}"
    of = {"of": _DESK} if at == _case_due(conversation, book) else {}
    return Event(id=id, conversation=conversation.id, kind=EventKind.TICK, at=at, fields=of)


def is_desks(event: Event) -> bool:
    """Did a clock of the case ring?"""
    return event.kind is EventKind.TICK and event.fields.get("of") == _DESK


def _case_due(conversation: Conversation, book: Book) -> datetime | None:
    """Where no desk of people stands, no case has clocks."""
    case = case_in(conversation) if book.people else None
    return next_due_of(case) if case is not None else None
