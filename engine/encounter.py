"""What of the experiments a customer meets in the reply of a turn (S35)."""

from __future__ import annotations

from msgspec.structs import replace

from engine.draft import Draft
from engine.notes import Notes
from engine.say import Composed


def note_met(draft: Draft, composed: Composed | None) -> None:
    """Note it, and keep it with the run and the conversation. Without a reply there may be words that are held for the
    result of a call: the customer will read those."""
    exposing = draft.exposing
    if exposing is None:
        return
    held = "\n".join(draft.waiting.held) if draft.call is not None and draft.waiting is not None else ""
    said = composed.text() if composed is not None else held
    asks = composed is not None and composed.question and draft.pending is None
    exposing.close(said, draft.question if asks else None, draft.advice.asked)


def with_met(notes: Notes, draft: Draft, composed: Composed | None) -> Notes:
    """The same for a turn of the desk, whose notes are there already."""
    note_met(draft, composed)
    exposing = draft.exposing
    if exposing is None:
        return notes
    return replace(notes, variants=notes.variants | exposing.variants, exposed=(*notes.exposed, *exposing.exposed))
