"""Looking up what is known of the customer: once a turn at most, and only where a run begins or asks for it."""

from __future__ import annotations

from engine.draft import Draft
from engine.memory import NOTHING, Memories


async def recall(draft: Draft, memories: Memories | None) -> None:
    """Have what is remembered of the customer in the draft, for the rules that propose it."""
    if draft.memory is not None:
        return
    person = draft.address
    if memories is None or person is None:
        draft.memory = NOTHING
        return
    draft.memory = await memories.recall(person, acquainted=draft.before.acquainted)
