"""The turn that a model's answer about the rolling summary makes: nothing is said, and only the summary may change."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from engine.book import Book
from engine.conversation import Conversation
from engine.jobs import JobAnswer
from engine.message import Event
from engine.notes import Notes
from engine.summarising import rewritten
from engine.turn import Turn


def summarised(event: Event, answer: JobAnswer, before: Conversation, book: Book, *, now: datetime) -> Turn:
    """What an answer makes of the conversation, with what was asked and what became of it in the notes (S19, S21)."""
    conversation, fate = rewritten(before, answer, [flow.name for flow in book.flows])
    changed = conversation.course.summary is not before.course.summary
    notes = Notes(
        id=f"{event.id}:notes",
        conversation=before.id,
        turn=before.turn + 1,
        at=now,
        events=(event.id,),
        consulted=(answer.consulted,) if answer.consulted is not None else (),
        job=(answer.purpose.value, fate.value),
        summary=conversation.course.summary if changed else None,
    )
    after = replace(conversation, turn=before.turn + 1)
    return Turn(id=event.id, conversation=after, outbox=(), consumed=(event.id,), notes=notes)
