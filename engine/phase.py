"""How far a conversation is: greeting, gathering, confirming, closing. Derived from what is open, never stored."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from engine.draft import Draft


class Phase(StrEnum):
    """Of a conversation."""

    GREETING = "greeting"
    """No task was begun yet, or none since the customer came back."""
    GATHERING = "gathering"
    """A task is under way."""
    CONFIRMING = "confirming"
    """It waits for the yes that only the customer can give, or for what comes of it."""
    CLOSING = "closing"
    """Every task is over, and the customer was here a moment ago."""


def phase_of(draft: Draft) -> Phase:
    """Where the conversation stands after a turn; `resume_after` behind the last word it begins anew."""
    if draft.stack:
        asked = draft.asked
        binds = draft.waiting is not None or (asked is not None and asked.ask_only)
        return Phase.CONFIRMING if binds else Phase.GATHERING
    left = away(draft) and (draft.time.heard is None or not draft.archived)
    return Phase.GREETING if draft.ended is None or draft.course.anew or left else Phase.CLOSING


def away(draft: Draft) -> bool:
    """Was the customer silent for longer than `resume_after` before this turn?"""
    before = draft.before.heard_at
    return before is not None and draft.now - before > timedelta(seconds=draft.book.desk.resume_after_s)
