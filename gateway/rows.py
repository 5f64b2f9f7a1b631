"""Outbox rows as they are stored: what is to leave, and how far it has come."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from engine.conversation import Conversation
from engine.jobs import SummaryJob
from engine.memory import Learned
from engine.message import Event, Reply
from engine.ports import ActionRequest
from engine.turn import Effect
from gateway.sharedcontext import Spent
from handoff.posts import DeskPost, NarrativeJob, TicketCall, Waited

Letter = Reply | DeskPost | TicketCall
"""What is carried somewhere by a carrier (gateway/carriers.py)."""
Job = SummaryJob | NarrativeJob
"""What a model is asked, behind everything else (gateway/modeljobs.py)."""
Body = Letter | ActionRequest | Waited | Learned | Spent | Job


class Row(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One row. `parts` are provider ids of what was sent of it; `due` is when to try again; `since` its first try."""

    body: Body
    since: datetime
    due: datetime | None = None
    tries: int = 0
    parts: tuple[str, ...] = ()
    doubt: bool = False
    """An earlier holder's lease ended without settling it: it may have been sent already (F0)."""
    unknown: int = 0
    """How often the outcome of the part that is next was unknown (C34)."""

    def with_sent(self, parts: Iterable[str]) -> Row:
        """With more of its parts sent: nothing that came before is unknown any more."""
        return msgspec.structs.replace(self, parts=(*self.parts, *parts), unknown=0, due=None)


class Fresh(msgspec.Struct, frozen=True, kw_only=True):
    """A row as it is first written; `Row` reads it."""

    body: Effect
    since: datetime


_RESULT = "result:"

_ENCODER = msgspec.json.Encoder()
_ROW = msgspec.json.Decoder(Row)
_EVENT = msgspec.json.Decoder(Event)
_CONVERSATION = msgspec.json.Decoder(Conversation)


def encode(thing: Any) -> bytes:
    """JSON of any of our structs."""
    return _ENCODER.encode(thing)


def new_row(effect: Effect, *, now: datetime) -> tuple[str, bytes]:
    """An effect of a turn as (row id, row JSON)."""
    return effect.id, _ENCODER.encode(Fresh(body=effect, since=now))


def result_id(key: str) -> str:
    """The id of the event that brings what came of a committed call."""
    return _RESULT + key


def is_result(event_id: str) -> bool:
    """Does this event bring what came of a committed call?"""
    return event_id.startswith(_RESULT)


def read_row(blob: bytes) -> Row:
    """Raises msgspec.ValidationError when the bytes are no row."""
    return _ROW.decode(blob)


def read_event(blob: bytes) -> Event:
    """Raises msgspec.ValidationError when the bytes are no event."""
    return _EVENT.decode(blob)


def read_conversation(id: str, blob: bytes) -> Conversation:
    """The stored conversation, or a new one for b"". Raises msgspec.ValidationError when the bytes are none (F16)."""
    return _CONVERSATION.decode(blob) if blob else Conversation(id=id)
