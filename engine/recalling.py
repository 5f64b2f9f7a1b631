"""Looking up what is known of the customer where a run begins: what is remembered, and what the desk's profile says."""

from __future__ import annotations

from engine.draft import Draft
from engine.frame import FrameKind
from engine.memory import NOTHING, Memories
from engine.outside import came_to
from engine.ports import ERROR, ActionRequest, Actions

DESK = ""
"""Whose action the profile is: no flow's."""


async def recall(draft: Draft, memories: Memories | None) -> None:
    """Have what is remembered of the customer in the draft, once a turn, for the rules that propose it."""
    if draft.memory is not None:
        return
    person = draft.address
    if memories is None or person is None:
        draft.memory = NOTHING
        return
    draft.memory = await memories.recall(person, acquainted=draft.before.acquainted)


async def introduce(draft: Draft, actions: Actions) -> None:
    """Have `person.*` in the run that begins: asked once a run, and one that was called knows what its caller does.

    Where it fails or is late, nothing of it is known in this run: a condition on it is false, and noted (S2).
    """
    profile, frame = draft.book.desk.profile, draft.stack[-1]
    if profile is None or draft.address is None:
        return
    if frame.kind is FrameKind.CALL and len(draft.stack) > 1:
        draft.change(person=draft.stack[-2].person)
        return
    request = ActionRequest(
        id=f"{frame.run}:{profile.name}",
        flow=DESK,
        version=DESK,
        action=profile.name,
        key=f"{frame.run}:{profile.name}",
        values={},
        person=draft.address,
        run=frame.run,
    )
    outcome = await actions.run(request)
    came_to(draft, profile.name, outcome)
    draft.change(person={} if outcome.outcome == ERROR else outcome.facts)
